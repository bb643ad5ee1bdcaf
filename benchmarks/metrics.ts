/**
 * What does a scrape of `/metrics` cost? 1,000 monitors with 20 facts each, asked for over loopback: how long the
 * main loop works for it in all, and how long at once, which is how long everything else has to wait. Both by the wall,
 * where whoever else uses the machine counts too, and by the processor time of the main thread.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type RowLabel } from './lib/rows.js';
import type { MetricsArgs, MetricsResult } from './measured/metrics.js';

const MONITORS = 1_000;
const FACTS = 20;

export const metrics: Bench = {
  name: 'metrics',
  question: 'main-loop cost of one scrape with 1,000 monitors and 20 facts each',
  budgetS: 15,
  async run(lab) {
    const args: MetricsArgs = { monitors: MONITORS, facts: FACTS, samples: lab.isQuick ? 5 : 50 };
    const { loop, cpu, turn, turnCpu, scrape, bytes, series } = await lab.measure<MetricsResult>(
      'metrics',
      args,
    );
    const label = (metric: string, unit: RowLabel['unit'] = 'ms'): RowLabel => {
      return { bench: 'metrics', case: `${FACTS} facts each`, host: 'none', n: MONITORS, metric, unit };
    };
    return [
      measuredRow(label('main_loop'), loop),
      measuredRow(label('main_thread_cpu'), cpu),
      measuredRow(label('longest_turn'), turn),
      measuredRow(label('longest_turn_cpu'), turnCpu, [], 'in steps of a tick of the kernel'),
      measuredRow(label('scrape'), scrape),
      measuredRow(label('page', 'MB'), [bytes / 1e6]),
      measuredRow(label('series', 'count'), [series]),
    ];
  },
};
