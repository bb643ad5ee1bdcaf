/**
 * How soon does a monitor run again on each host, and do its neighbours notice? Real workers with a monitor that
 * calls process.exit, throws outside its round, or loops for ever, each time a new id, so each is a first restart.
 *
 * `running`: fault to state `running`; its floor is an empty worker spawned by the exit event of the old one.
 * `connected`: fault to a live confirmed channel; its floor is the same with amqplib and a connection.
 */
import type { Bench } from './lib/bench.js';
import { byHost, hostsOf } from './lib/by-host.js';
import { measuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import type { RecoverArgs, RecoverResult } from './measured/recover.js';

const NEIGHBOURS = 20;
const WORDS = { exit: 'process.exit', throw: 'uncaught throw', loop: 'endless loop' } as const;
type Fault = keyof typeof WORDS;

const SAMPLES: RecoverArgs['samples'] = { exit: 25, throw: 25, loop: 9 };
/** In a run of all benches. */
const WHOLE: RecoverArgs['samples'] = { exit: 7, throw: 7, loop: 3 };
const QUICK: RecoverArgs['samples'] = { exit: 2, throw: 2, loop: 1 };

export const recover: Bench = {
  name: 'recover',
  question: 'exit, throw and endless loop → running, beside 20 neighbours, by host',
  budgetS: 110,
  async run(lab) {
    const label = (host: string, fault: Fault, metric: string): RowLabel => {
      return { bench: 'recover', case: WORDS[fault], host, n: NEIGHBOURS + 1, metric, unit: 'ms' };
    };
    return byHost(
      lab,
      NEIGHBOURS + 1,
      ({ name }) => [label(name, 'exit', 'running')],
      async ({ host }) => {
        const args: RecoverArgs = {
          ...(await lab.surroundings()),
          host: host.name,
          neighbours: NEIGHBOURS,
          samples: lab.isQuick ? QUICK : lab.isWhole ? WHOLE : SAMPLES,
        };
        const { running, connected, floors, gaps } = await lab.measure<RecoverResult>('recover', args);
        return (['exit', 'throw', 'loop'] as const).flatMap((fault): MeasuredRow[] => {
          // Nothing bare ever notices a loop.
          const floor =
            fault === 'loop'
              ? { empty: [], amqp: [] }
              : { empty: floors.empty[fault], amqp: floors.amqp[fault] };
          return [
            measuredRow(label(host.name, fault, 'running'), running[fault], floor.empty),
            measuredRow(label(host.name, fault, 'connected'), connected[fault], floor.amqp),
            measuredRow(label(host.name, fault, 'neighbour_gap_max'), [gaps[fault]]),
          ];
        });
      },
      hostsOf(lab),
    );
  },
};
