/**
 * What do very many real monitors take? 1,000 with a period of 10 s, and 10,000 with one of 60 s (not in a run of
 * all benches: they take minutes), of kinds `system`, `chainlink-node` and `evm-node` in turn: memory and processor time
 * of all our processes, and lateness of round starts, over a window of more than a period, a while after the start.
 *
 * Broker and sources run on the same cores and are in neither figure. No floor: the question is an absolute one.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, unmeasuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import type { CapacityArgs, CapacityResult } from './measured/capacity.js';

interface Case {
  readonly n: number;
  readonly periodMs: number;
  readonly hosts: readonly string[];
}

const CASES: readonly Case[] = [
  { n: 1_000, periodMs: 10_000, hosts: ['dense-100', 'pool'] },
  { n: 10_000, periodMs: 60_000, hosts: ['dense-100', 'pool'] },
];
/** V8 compiles what is used most and collects what the start has left: that is over soon, and the monitors run for years. */
const SETTLE_MS = 50_000;
const QUICK: readonly Case[] = [{ n: 6, periodMs: 1_000, hosts: ['dense-100', 'pool'] }];
/** Infinity would not survive the way into another process. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;
/** In a run of all benches. */
const MOST_WHOLE = 1_000;

export const scale: Bench = {
  name: 'scale',
  question: 'memory, lateness and processor time of 1,000 and 10,000 real monitors',
  budgetS: 175,
  async run(lab) {
    const surroundings = await lab.surroundings();
    const cases = lab.isQuick ? QUICK : CASES.filter(({ n }) => lab.numbers?.includes(n) ?? true);
    const rows: MeasuredRow[] = [];
    for (const { n, periodMs, hosts } of cases) {
      for (const host of hosts) {
        if (lab.isWhole && lab.numbers === null && n > MOST_WHOLE) {
          rows.push(unmeasuredRow(label(host, n, 'rss', 'MB'), 'takes minutes: npm run bench -- scale'));
          continue;
        }
        const args: CapacityArgs = {
          ...surroundings,
          host,
          n,
          periodMs,
          settleMs: lab.isQuick ? 0 : SETTLE_MS,
          windowMs: periodMs * 1.2,
          maxRssMb: UNLIMITED,
          maxLatenessMs: UNLIMITED,
        };
        rows.push(...rowsOf(host, n, await lab.measure<CapacityResult>('capacity', args)));
      }
    }
    return rows;
  },
};

function rowsOf(host: string, n: number, result: CapacityResult): MeasuredRow[] {
  const note = result.broken ?? undefined;
  return [
    measuredRow(label(host, n, 'rss', 'MB'), [result.rss], [], note),
    measuredRow(label(host, n, 'lateness_p99', 'ms'), [result.lateness]),
    measuredRow(label(host, n, 'cpu', '%'), [result.cpu]),
  ];
}

function label(host: string, n: number, metric: string, unit: RowLabel['unit']): RowLabel {
  return { bench: 'scale', case: 'system, chainlink-node, evm-node', host, n, metric, unit };
}
