/**
 * Is the dashboard quick with 5,000 monitors of which 200 rounds a second end? A real Chromium loads it over loopback
 * and scrolls through all rows.
 */
import { ensureChromium } from '../.ci/chromium.mjs';
import type { Bench } from './lib/bench.js';
import { measuredRow, type RowLabel } from './lib/rows.js';
import type { DashboardArgs, DashboardResult } from './measured/dashboard.js';

const MONITORS = 5_000;
const PER_SECOND = 200;

export const dashboard: Bench = {
  name: 'dashboard',
  question: 'first paint and frames a second of the dashboard with 5,000 monitors in Chromium',
  budgetS: 20,
  async run(lab) {
    if (!(await ensureChromium(() => undefined)))
      throw new Error('no Chromium here: run `node .ci/chromium.mjs`');
    const args: DashboardArgs = {
      monitors: MONITORS,
      perSecond: PER_SECOND,
      samples: lab.isQuick || lab.isWhole ? 2 : 8,
      scrollMs: lab.isWhole ? 2_000 : 3_000,
    };
    const { paint, firstRow, all, fps, still, frameCpu, slowFrames, scriptBytes } =
      await lab.measure<DashboardResult>('dashboard', args);
    const label = (metric: string, unit: RowLabel['unit'] = 'ms'): RowLabel => {
      return { bench: 'dashboard', case: `${PER_SECOND} events/s`, host: 'none', n: MONITORS, metric, unit };
    };
    return [
      measuredRow(label('first_paint'), paint),
      measuredRow(label('first_row'), firstRow),
      measuredRow(label('all_rows'), all),
      measuredRow(label('scroll', '1/s'), fps),
      measuredRow(label('still', '1/s'), still),
      measuredRow(label('frame_cpu'), frameCpu),
      measuredRow(label('slow_frames', '%'), slowFrames),
      measuredRow(label('script', 'kB'), [scriptBytes / 1e3]),
    ];
  },
};
