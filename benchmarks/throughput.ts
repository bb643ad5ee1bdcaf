/**
 * How many rounds can the pool do? Two threads, 1,000 monitors whose trivial round is always due and publishes
 * its heartbeat with a confirm. Floor: piscina alone, `atomics: 'disabled'`, one task per round with the same
 * work over one kept connection per thread; and, for what the heartbeat costs, without it. They take turns, so that
 * a noisy minute of the machine meets both.
 */
import { pathToFileURL } from 'node:url';
import type { Bench } from './lib/bench.js';
import { measuredRow, type MeasuredRow } from './lib/rows.js';
import type { ThroughputArgs, ThroughputResult } from './measured/throughput.js';

const MONITORS = 1_000;
const THREADS = 2;
/** A connection per round costs the broker more than anything else here. */
const FEW = 50;
const TURNS = { quick: 1, whole: 2, alone: 4 } as const;

export const throughput: Bench = {
  name: 'throughput',
  question: 'rounds per second of the pool beside piscina alone',
  budgetS: 60,
  async run(lab) {
    const { trivialMonitor, rawRound } = await lab.files();
    const common = {
      threads: THREADS,
      windowMs: lab.isQuick ? 500 : 2_000,
      windows: lab.isWhole ? 2 : 3,
      amqpUrl: await lab.amqpUrl(),
      trivialMonitor: pathToFileURL(trivialMonitor).href,
      rawRound,
    };
    const measure = (what: ThroughputArgs['what'], monitors: number): Promise<ThroughputResult> =>
      lab.measure<ThroughputResult>('throughput', { ...common, what, monitors });
    const rows: MeasuredRow[] = [];
    const turns = TURNS[lab.isQuick ? 'quick' : lab.isWhole ? 'whole' : 'alone'];
    for (const monitors of lab.numbers ?? [MONITORS]) {
      const publishing: ThroughputResult[] = [];
      const kept: ThroughputResult[] = [];
      for (let turn = 0; turn < turns; turn += 1) {
        publishing.push(await measure('raw-publishing', monitors));
        kept.push(await measure('kept', monitors));
      }
      const bare = await measure('raw', monitors);
      rows.push(
        ...rowsOf('connection kept', monitors, all(kept), all(publishing)),
        ...rowsOf('connection kept, beside tasks that publish nothing', monitors, all(kept), bare),
      );
    }
    const publishing = await measure('raw-publishing', FEW);
    rows.push(...rowsOf('connection per round', FEW, await measure('per-round', FEW), publishing));
    return rows;
  },
};

function all(results: readonly ThroughputResult[]): ThroughputResult {
  return {
    perSecond: results.flatMap(({ perSecond }) => perSecond),
    cpuMs: results.flatMap(({ cpuMs }) => cpuMs),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function rowsOf(name: string, n: number, pool: ThroughputResult, raw: ThroughputResult): MeasuredRow[] {
  const label = { bench: 'throughput', case: name, host: 'pool', n } as const;
  return [
    measuredRow({ ...label, metric: 'rounds_per_second', unit: 'count' }, pool.perSecond, raw.perSecond),
    measuredRow({ ...label, metric: 'cpu_per_1000_rounds', unit: 'ms' }, pool.cpuMs, raw.cpuMs),
    measuredRow({ ...label, metric: 'failed_rounds', unit: 'count' }, [pool.failed]),
  ];
}
