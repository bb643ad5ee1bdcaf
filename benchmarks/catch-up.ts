/**
 * How soon has a Cosmos node monitor made up for 89 blocks that it missed? The whole round of a validator's
 * monitor on a source that answers each request after 50 ms, in a process of its own. Floor: the same requests,
 * one after another; once, for that is a sum of waits.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type MeasuredRow } from './lib/rows.js';
import type { CatchUpArgs, CatchUpResult } from './measured/catch-up.js';

export const catchUp: Bench = {
  name: 'catch-up',
  question: 'time for 89 missed blocks of a Cosmos validator, source answering in 50 ms',
  budgetS: 35,
  async run(lab) {
    const { cosmosSlow, cosmosInFlight } = await lab.sources();
    const args: CatchUpArgs = {
      url: cosmosSlow,
      inFlightUrl: cosmosInFlight,
      rounds: lab.isQuick ? 1 : 10,
      floors: 1,
    };
    return rowsOf(await lab.measure<CatchUpResult>('catch-up', args));
  },
};

function rowsOf({ heights, rounds, floors, mostInFlight }: CatchUpResult): MeasuredRow[] {
  const label = { bench: 'catch-up', case: 'cosmos-node', host: 'none', n: heights } as const;
  return [
    measuredRow({ ...label, metric: 'caught_up', unit: 'ms' }, rounds, floors),
    measuredRow({ ...label, metric: 'in_flight_max', unit: 'count' }, [mostInFlight]),
  ];
}
