/** A plan as text for people and as JSON for programs. Pure. */
import {
  remedyOf,
  resourceName,
  shortageText,
  type Plan,
  type PlannedMonitor,
  type PlannedResource,
  type Sizes,
} from '@vedette/supervisor';
import { layOut } from './table/columns.js';

/** More monitors than this are shown by kind. */
const LISTED = 40;

export function planText(title: string, plan: Plan, sizes: Sizes, width: number): string {
  return [
    title,
    '',
    ...monitorLines(plan.monitors, width),
    '',
    ...hostLines(plan, width),
    '',
    ...resourceLines(plan, width),
    ...cellLine(plan, sizes),
    '',
    ...verdictLines(plan),
  ].join('\n');
}

export function planJson({ monitors, hosts, resources, fullest, refused }: Plan): string {
  const report = {
    fits: refused === 0,
    refused,
    monitors: monitors.map(({ refused: shortage, memoryMb, ...one }) => ({
      ...one,
      memoryMb: tenth(memoryMb),
      refused:
        shortage === null ? null : { code: 'ADMISSION_REFUSED', ...shortage, remedy: remedyOf(shortage) },
    })),
    hosts: hosts.map((one) => ({ ...one, memoryMb: tenth(one.memoryMb) })),
    resources: resources.map(({ resource, used, added, limit, mark }) => ({
      resource,
      used: tenth(used),
      added: tenth(added),
      limit: limit === null ? null : tenth(limit),
      mark: mark === null ? null : tenth(mark),
    })),
    fullestChild: fullest,
  };
  return JSON.stringify(report, null, 2);
}

function monitorLines(monitors: readonly PlannedMonitor[], width: number): string[] {
  const where = ({ host, container }: PlannedMonitor): string =>
    container === null ? host : `${host} ${String(container)}`;
  if (monitors.length <= LISTED) {
    const rows = monitors.map((one) => [
      one.name,
      one.kind,
      one.refused === null ? where(one) : 'refused',
      one.reason,
      one.refused === null ? mib(one.memoryMb) : '-',
    ]);
    return layOut(
      [
        { title: 'NAME', maxWidth: 30 },
        { title: 'KIND', maxWidth: 20 },
        { title: 'WHERE', maxWidth: 16 },
        { title: 'WHY', maxWidth: 12 },
        { title: 'MEMORY', maxWidth: 12, isRight: true },
      ],
      rows,
      width,
    );
  }
  const groups = new Map<string, { row: readonly string[]; count: number; memoryMb: number }>();
  for (const { kind, host, reason, refused, memoryMb } of monitors) {
    const row = [kind, refused === null ? host : 'refused', reason];
    const known = groups.get(row.join(' ')) ?? { row, count: 0, memoryMb: 0 };
    groups.set(row.join(' '), { row, count: known.count + 1, memoryMb: known.memoryMb + memoryMb });
  }
  return layOut(
    [
      { title: 'MONITORS', maxWidth: 8, isRight: true },
      { title: 'KIND', maxWidth: 20 },
      { title: 'WHERE', maxWidth: 16 },
      { title: 'WHY', maxWidth: 12 },
      { title: 'MEMORY', maxWidth: 12, isRight: true },
    ],
    [...groups.values()].map(({ row, count, memoryMb }) => [String(count), ...row, mib(memoryMb)]),
    width,
  );
}

function hostLines({ hosts }: Plan, width: number): string[] {
  const rows = hosts.map(({ host, monitors, threads, processes, connections, memoryMb }) => [
    host,
    ...[monitors, threads, processes, connections].map(String),
    mib(memoryMb),
  ]);
  return layOut(
    [
      { title: 'HOST', maxWidth: 10 },
      ...['MONITORS', 'THREADS', 'CHILD PROCESSES', 'CONNECTIONS', 'MEMORY'].map((title) => ({
        title,
        maxWidth: 15,
        isRight: true,
      })),
    ],
    rows,
    width,
  );
}

function resourceLines({ resources }: Plan, width: number): string[] {
  const rows = resources.map((one) => [
    one.resource === 'memoryMb'
      ? 'memory, MiB'
      : resourceName(one.resource).replace('a process', 'the manager'),
    count(one.used),
    count(one.added),
    one.mark === null ? 'no limit known' : count(one.mark),
    one.limit === null ? '-' : count(one.limit),
    one.limit === null ? '-' : `${String(Math.round((100 * total(one)) / one.limit))} %`,
  ]);
  return layOut(
    [
      { title: 'RESOURCE', maxWidth: 40 },
      ...['NOW', 'ADDED', 'AT MOST', 'LIMIT', 'USED THEN'].map((title) => ({
        title,
        maxWidth: 16,
        isRight: true,
      })),
    ],
    rows,
    width,
  );
}

function cellLine({ fullest }: Plan, sizes: Sizes): string[] {
  if (fullest === null) return [];
  const { mappings, handles } = fullest;
  return [
    `The fullest cell (of ${String(sizes.cell)} at most): ${count(mappings)} memory mappings, ${count(handles)} open files.`,
  ];
}

function verdictLines({ monitors, refused }: Plan): string[] {
  if (refused === 0) return ['All of it fits.'];
  const reasons = new Map<string, { count: number; first: PlannedMonitor; remedy: string }>();
  for (const one of monitors) {
    if (one.refused === null) continue;
    const key = `${one.host} ${one.refused.resource}`;
    const known = reasons.get(key) ?? { count: 0, first: one, remedy: remedyOf(one.refused) };
    reasons.set(key, { ...known, count: known.count + 1 });
  }
  return [
    `${String(refused)} of ${String(monitors.length)} would be refused (ADMISSION_REFUSED):`,
    ...[...reasons.values()].map(({ count: many, first, remedy }) => {
      const text = first.refused === null ? '' : shortageText(first.host, first.refused);
      return `  ${String(many)}, from ${first.name} on: ${text}.\n    What to do: ${remedy}.`;
    }),
  ];
}

function total({ used, added }: PlannedResource): number {
  return used + added;
}

function mib(value: number): string {
  return `${value < 100 ? tenth(value).toFixed(1) : count(value)} MiB`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
