/**
 * How long does a round over 50 price feeds take when every request takes 50 ms? Once on a node that takes
 * batches, once on one that refuses them. Floor: the very same calls, one after another.
 */
import type { Bench } from './lib/bench.js';
import { measuredRow, type RowLabel } from './lib/rows.js';
import type { ContractsArgs, ContractsResult } from './measured/contracts.js';

const FEEDS = 50;
const ANSWER_MS = 50;
const CASES = { batched: 'batches taken', single: 'batches refused' } as const;

export const contracts: Bench = {
  name: 'contracts',
  question: '50 price feeds, a source answering in 50 ms: one round',
  budgetS: 40,
  async run(lab) {
    const args: ContractsArgs = {
      feeds: FEEDS,
      answerMs: ANSWER_MS,
      rounds: lab.isQuick ? 2 : lab.isWhole ? 5 : 10,
      sequential: lab.isQuick || lab.isWhole ? 1 : 3,
    };
    const result = await lab.measure<ContractsResult>('contracts', args);
    return (['batched', 'single'] as const).flatMap((one) => {
      const label = (metric: string, unit: RowLabel['unit']): RowLabel => {
        return { bench: 'contracts', case: CASES[one], host: 'none', n: FEEDS, metric, unit };
      };
      const { rounds, requests, inFlight } = result[one];
      return [
        measuredRow(label('round', 'ms'), rounds, result.sequential),
        measuredRow(label('requests', 'count'), [requests], [result.calls]),
        measuredRow(label('in_flight_max', 'count'), [inFlight]),
      ];
    });
  },
};
