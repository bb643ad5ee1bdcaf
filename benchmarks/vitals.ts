/**
 * What does watching cost? The share of the main thread's time that goes into 200 monitors at 10 beats a
 * second, less what an idle process uses. Floor: one timer that reads 200 shared counters ten times a second.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type MeasuredRow } from './lib/rows.js';
import { median } from './lib/statistics.js';
import type { Share, VitalsArgs, VitalsResult } from './measured/vitals.js';

const MONITORS = 200;

export const vitals: Bench = {
  name: 'vitals',
  question: 'main-loop cost of watching 200 monitors at 10 beats/s',
  async run(lab) {
    const args: VitalsArgs = {
      n: MONITORS,
      beatMs: 100,
      windowMs: lab.isQuick ? 500 : 1_000,
      windows: lab.isQuick ? 3 : 10,
      beatWriter: (await lab.files()).beatWriter,
    };
    const { idle, counters, watched, hung } = await lab.measure<VitalsResult>('vitals', args);
    const row = (metric: string, key: keyof Share): MeasuredRow => {
      const above = (share: Share): number[] => share[key].map((value) => value - median(idle[key]));
      const label = {
        bench: 'vitals',
        case: '10 beats/s',
        host: 'none',
        n: MONITORS,
        metric,
        unit: '%',
      } as const;
      return measuredRow(label, above(watched), above(counters));
    };
    return [
      row('main_loop', 'loop'),
      row('main_thread_cpu', 'cpu'),
      measuredRow(
        {
          bench: 'vitals',
          case: '10 beats/s',
          host: 'none',
          n: MONITORS,
          metric: 'false_hangs',
          unit: 'count',
        },
        [hung],
      ),
    ];
  },
};
