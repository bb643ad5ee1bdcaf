/**
 * What do neighbours suffer while one monitor burns the processor, leaks, floods or hangs? Fifty monitors with a
 * period of half a second, and one that misbehaves from its second round on: it computes nine tenths of each
 * period, keeps 4 MB more each round, logs 1,000 lines and publishes 500 messages a round, or loops for ever.
 *
 * Floor: the same neighbours on the same host beside one more of their kind. `neighbour_gap_max` has none: beside
 * nothing it is nearly nothing.
 */
import type { Bench } from './lib/bench.js';
import { byHost, hostsOf } from './lib/by-host.js';
import { measuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import { OFFENCES, type IsolationArgs, type IsolationResult, type Offence } from './measured/isolation.js';

const NEIGHBOURS = 50;
const PERIOD_MS = 500;
const WINDOW_MS = 6_000;
/** In a run of all benches. */
const WHOLE_MS = 4_000;

const METRICS = [
  ['neighbour_lateness_p99', 'ms', 'latenessP99'],
  ['neighbour_gap_max', 'ms', 'gapMax'],
  ['neighbour_restarts', 'count', 'restarts'],
  ['offender_restarts', 'count', 'offenderRestarts'],
] as const;

export const isolation: Bench = {
  name: 'isolation',
  question: 'lateness of 50 neighbours while one burns, leaks, floods or hangs, by host',
  budgetS: 140,
  async run(lab) {
    const neighbours = lab.numbers?.at(-1) ?? (lab.isQuick ? 3 : NEIGHBOURS);
    const n = neighbours + 1;
    const label = (offence: Offence, host: string, metric: string, unit: RowLabel['unit']): RowLabel => {
      return { bench: 'isolation', case: offence, host, n, metric, unit };
    };
    return byHost(
      lab,
      n,
      ({ name }) => [label('none', name, 'neighbour_lateness_p99', 'ms')],
      async ({ host }) => {
        const args: IsolationArgs = {
          ...(await lab.surroundings()),
          host: host.name,
          neighbours,
          periodMs: PERIOD_MS,
          windowMs: lab.isQuick ? 1_500 : lab.isWhole ? WHOLE_MS : WINDOW_MS,
          offences: OFFENCES,
        };
        const result = await lab.measure<IsolationResult>('isolation', args);
        const calm = result.none;
        return OFFENCES.flatMap((offence): MeasuredRow[] => {
          const suffered = result[offence];
          if (suffered === undefined) return [];
          return METRICS.map(([metric, unit, from]) =>
            measuredRow(
              label(offence, host.name, metric, unit),
              [suffered[from]],
              metric === 'neighbour_lateness_p99' && offence !== 'none' && calm !== undefined
                ? [calm[from]]
                : [],
            ),
          );
        });
      },
      hostsOf(lab),
    );
  },
};
