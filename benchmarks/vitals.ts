/**
 * What does watching cost? The share of the main thread's time that goes into 200 monitors that beat ten times
 * a second, less what an idle process uses; once as shipped (a beat is due each second) and once with a beat
 * due each 100 ms, the most a supervisor could be asked for. Floor: one timer that reads 200 shared counters
 * ten times a second.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type MeasuredRow } from './lib/rows.js';
import { median } from './lib/statistics.js';
import type { Share, VitalsArgs, VitalsResult } from './measured/vitals.js';

const MONITORS = 200;
/** By how often the supervisor expects a beat. */
const CASES = [
  ['10 beats/s, due each 1 s', 1_000],
  ['10 beats/s, due each 100 ms', 100],
] as const;

export const vitals: Bench = {
  name: 'vitals',
  question: 'main-loop cost of watching 200 monitors at 10 beats/s',
  budgetS: 40,
  async run(lab) {
    const { beatWriter } = await lab.files();
    const rows: MeasuredRow[] = [];
    for (const [name, beatMs] of CASES) {
      const args: VitalsArgs = {
        n: MONITORS,
        beatMs,
        windowMs: lab.isQuick ? 500 : 1_000,
        windows: lab.isQuick ? 3 : lab.isWhole ? 5 : 10,
        beatWriter,
      };
      rows.push(...rowsOf(name, await lab.measure<VitalsResult>('vitals', args)));
    }
    return rows;
  },
};

function rowsOf(name: string, { idle, counters, watched, hung }: VitalsResult): MeasuredRow[] {
  const label = { bench: 'vitals', case: name, host: 'none', n: MONITORS } as const;
  const row = (metric: string, key: keyof Share): MeasuredRow => {
    const above = (share: Share): number[] => share[key].map((value) => value - median(idle[key]));
    return measuredRow({ ...label, metric, unit: '%' }, above(watched), above(counters));
  };
  return [
    row('main_loop', 'loop'),
    row('main_thread_cpu', 'cpu'),
    measuredRow({ ...label, metric: 'false_hangs', unit: 'count' }, [hung]),
  ];
}
