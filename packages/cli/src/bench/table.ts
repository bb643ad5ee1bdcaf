/** The figures of `vedette bench` as a table for people. Pure. */
import type { Capacity, HostFigures, HostProblem } from './figures.js';

type Row = HostFigures & { readonly capacity: Capacity };

export function renderFigures(hosts: readonly Row[], problems: readonly HostProblem[]): string[] {
  const head = [
    'host',
    'memory each',
    'RSS each',
    'all running',
    'running again',
    'CPU a round',
    'holds about',
  ];
  const rows = hosts.map((one) => [
    one.host,
    `${one.memoryMb.toFixed(1)} MB`,
    `${one.rssMb.toFixed(1)} MB`,
    ms(one.startMs),
    ms(one.recoverMs),
    one.roundCpuMs === null ? '–' : `${one.roundCpuMs.toFixed(1)} ms`,
    `${one.capacity.monitors} (${one.capacity.bound})`,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [head, ...rows].map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...(hosts.length === 0 ? [] : lines),
    ...problems.map(({ host, problem }) => `${host}: not measured: ${problem}`),
  ];
}

function ms(value: number | null): string {
  if (value === null) return '–';
  return value >= 1_000 ? `${(value / 1_000).toFixed(1)} s` : `${Math.round(value)} ms`;
}
