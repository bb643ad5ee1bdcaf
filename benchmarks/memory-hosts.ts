/**
 * How much memory does one more monitor take on each host? One process per host is filled step by step with
 * `system` monitors: read, start, wait until each has ended a round, let V8 collect, read, divide. Read is the
 * sum over the process and all it forks; `rss` counts a shared page in each, `pss` once.
 *
 * Floor: bare threads or bare processes, each with amqplib and one live connection, through the same steps. Hosts that
 * share a thread and a connection have none here.
 */
import type { Bench } from './lib/bench.js';
import { byHost } from './lib/by-host.js';
import { refusalOf, type FloorName, type HostCase } from './lib/hosts.js';
import type { Lab } from './lib/lab.js';
import { measuredRow, unmeasuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import type { MemoryHostsArgs, MemoryHostsResult, MemoryStage } from './measured/memory-hosts.js';

const COUNTS = [10, 100, 300, 1_000];
/** In a run of all benches: what the targets are about, and the most. */
const WHOLE = [100, 1_000];
/** A thread collects what its start left 3 to 9 s after its first round. */
const SETTLE_MS = 13_000;
const METRICS = ['rss', 'pss', 'private', 'broker'] as const;
/** Floors grow in proportion: beyond this they would only take time. */
const MOST_FLOOR = 100;

export const memoryHosts: Bench = {
  name: 'memory-hosts',
  question: 'memory per monitor by host, of ours and of the broker, at 10, 100, 300 and 1,000',
  budgetS: 210,
  async run(lab) {
    const counts = lab.numbers ?? (lab.isQuick ? [3] : lab.isWhole ? WHOLE : COUNTS);
    const measure = measurer(lab);
    const floors = new Map<FloorName, readonly MemoryStage[]>();
    const rows: MeasuredRow[] = [];
    for (const floor of new Set(lab.hosts.map(({ floor }) => floor))) {
      if (floor === 'one bare process') continue;
      const budgetMs = lab.leftMs() / (lab.hosts.length + 2);
      const { stages } = await measure(
        lab.hosts[0]!,
        floor,
        counts.filter((n) => n <= MOST_FLOOR),
        budgetMs,
      );
      floors.set(floor, stages);
      rows.push(...stages.flatMap((stage) => METRICS.map((metric) => row(floor, 'none', stage, metric))));
    }
    const [least = 1] = counts;
    const labels = (host: HostCase): readonly RowLabel[] => [label('system', host.name, least, 'rss')];
    rows.push(
      ...(await byHost(lab, least, labels, async ({ host, budgetMs }) => {
        const possible = counts.filter((n) => refusalOf(host, n) === null);
        const { stages, stopped } = await measure(host, null, possible, budgetMs);
        const floor = floors.get(host.floor) ?? [];
        return counts.flatMap((n) => {
          const stage = stages.find((one) => one.n === n);
          if (stage !== undefined) {
            const beside = floor.find((one) => one.n === n);
            return METRICS.map((metric) => row('system', host.name, stage, metric, beside));
          }
          const why = refusalOf(host, n) ?? stopped ?? 'it was not reached';
          return [unmeasuredRow(label('system', host.name, n, 'rss'), why)];
        });
      })),
    );
    return rows;
  },
};

function measurer(lab: Lab) {
  return async (
    host: HostCase,
    floor: MemoryHostsArgs['floor'],
    counts: readonly number[],
    budgetMs: number,
  ): Promise<MemoryHostsResult> => {
    const args: MemoryHostsArgs = {
      ...(await lab.surroundings()),
      host: host.name,
      floor,
      counts,
      settleMs: lab.isQuick ? 500 : SETTLE_MS,
      budgetMs,
    };
    return lab.measure<MemoryHostsResult>('memory-hosts', args);
  };
}

function label(name: string, host: string, n: number, metric: (typeof METRICS)[number]): RowLabel {
  return { bench: 'memory-hosts', case: name, host, n, metric, unit: metric === 'broker' ? 'kB' : 'MB' };
}

function row(
  name: string,
  host: string,
  stage: MemoryStage,
  metric: (typeof METRICS)[number],
  floor?: MemoryStage,
): MeasuredRow {
  const floors = floor === undefined ? [] : [floor[metric]];
  return measuredRow(label(name, host, stage.n, metric), [stage[metric]], floors);
}
