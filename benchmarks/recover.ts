/**
 * How soon does a monitor run again, and do its neighbours notice? Real workers with a monitor that calls
 * process.exit, throws outside its round, or loops for ever, each time a new id, so each is a first restart.
 *
 * `running`: fault to state `running`; its floor is an empty thread spawned by the exit event of the old one.
 * `connected`: fault to a live confirmed channel; its floor is the same with amqplib and a connection.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import type { RecoverArgs, RecoverResult } from './measured/recover.js';

const NEIGHBOURS = 20;
const WORDS = { exit: 'process.exit', throw: 'uncaught throw', loop: 'endless loop' } as const;

export const recover: Bench = {
  name: 'recover',
  question: 'exit, throw and endless loop → running, beside 20 neighbours',
  async run(lab) {
    const args: RecoverArgs = {
      neighbours: NEIGHBOURS,
      samples: lab.isQuick ? { exit: 3, throw: 3, loop: 1 } : { exit: 25, throw: 25, loop: 9 },
      amqpUrl: await lab.amqpUrl(),
      sources: await lab.sources(),
      files: await lab.files(),
    };
    const { running, connected, floors, gaps } = await lab.measure<RecoverResult>('recover', args);
    const rows: MeasuredRow[] = [];
    for (const fault of ['exit', 'throw', 'loop'] as const) {
      const label = (metric: string): RowLabel => {
        return {
          bench: 'recover',
          case: WORDS[fault],
          host: 'thread',
          n: NEIGHBOURS + 1,
          metric,
          unit: 'ms',
        };
      };
      // Nothing bare ever notices a loop.
      const floor =
        fault === 'loop' ? { empty: [], amqp: [] } : { empty: floors.empty[fault], amqp: floors.amqp[fault] };
      rows.push(measuredRow(label('running'), running[fault], floor.empty));
      rows.push(measuredRow(label('connected'), connected[fault], floor.amqp));
      rows.push(measuredRow(label('neighbour_gap_max'), [gaps[fault]]));
    }
    return rows;
  },
};
