/**
 * How many real monitors does a machine of 2 cores and 2 GB hold? Monitors of kinds `system`, `chainlink-node` and
 * `evm-node` in turn, each with a period of 10 s. A number is good if the 99th percentile of the lateness of round
 * starts stays below 1 s, the sum of the RSS of all our processes below 2 GB, and rounds do not fail. The largest
 * good number is sought by doubling and halving, from a first guess by the memory of few.
 *
 * Broker and sources run on the same cores and are not in the memory. No floor: the question is where each host
 * ends. `note` says what did, or that time did.
 */
import type { Bench } from './lib/bench.js';
import { byHost, type HostTurn } from './lib/by-host.js';
import type { Lab } from './lib/lab.js';
import { measuredRow, unmeasuredRow, type MeasuredRow, type RowLabel } from './lib/rows.js';
import { boundsOf, guessOf, nextTry, type Tried } from './lib/search.js';
import type { CapacityArgs, CapacityResult } from './measured/capacity.js';

const LIMIT = { maxRssMb: 2_000, maxLatenessMs: 1_000 };
const PERIOD_MS = 10_000;
/** A slot of each, and a little. */
const WINDOW_MS = 12_000;
const FEW = 20;
/** In a run of all benches, where a search on each host would find lower bounds only: the default, and the one for thousands. */
const WHOLE_HOSTS: readonly string[] = ['cell', 'dense-100'];
const PRECISION = 0.1;
/** The supervisor starts so many that open a connection each, more of others; first rounds come within a period after. */
const STARTS_PER_SECOND = 80;

interface Attempt extends Tried {
  readonly result: CapacityResult | null;
  readonly why: string | null;
}

export const capacity: Bench = {
  name: 'capacity',
  question: 'how many real monitors with a period of 10 s fit into 2 cores and 2 GB, by host',
  budgetS: 150,
  async run(lab) {
    return byHost(
      lab,
      1,
      ({ name }) => [label(name, 0, 'monitors', 'count')],
      (turn) => searched(lab, turn),
      lab.hosts.filter(({ name }) => !lab.isWhole || WHOLE_HOSTS.includes(name)),
    );
  },
};

async function searched(lab: Lab, { host, budgetMs }: HostTurn): Promise<MeasuredRow[]> {
  const began = performance.now();
  const leftMs = (): number => budgetMs - (performance.now() - began);
  const most = Math.min(host.most, ...(lab.numbers ?? []));
  const surroundings = await lab.surroundings();
  // Null where time ran out under it: that says nothing of `n`.
  const attempt = async (n: number): Promise<Attempt | null> => {
    const args: CapacityArgs = {
      ...surroundings,
      ...LIMIT,
      host: host.name,
      n,
      periodMs: lab.isQuick ? 1_000 : PERIOD_MS,
      settleMs: 0,
      windowMs: lab.isQuick ? 1_500 : WINDOW_MS,
    };
    try {
      const result = await lab.measure<CapacityResult>('capacity', args);
      return { n, isGood: result.broken === null, result, why: result.broken };
    } catch (error) {
      if (lab.isClosed) throw error;
      if (lab.leftMs() < 1_000) return null;
      return { n, isGood: false, result: null, why: error instanceof Error ? error.message : String(error) };
    }
  };
  const few = await attempt(lab.isQuick ? 3 : Math.min(FEW, most));
  if (few === null || few.result === null) {
    const why = few?.why ?? 'the time budget is used up';
    return [unmeasuredRow(label(host.name, 0, 'monitors', 'count'), why)];
  }
  const { emptyMb, rss } = few.result;
  const first = guessOf(LIMIT.maxRssMb, emptyMb, (rss - emptyMb) / few.n);
  const attempts: Attempt[] = [few];
  let stopped: string | null = null;
  let next = lab.isQuick ? null : nextTry([], { first, most, precision: PRECISION });
  while (next !== null && !attempts.some(({ n }) => n === next)) {
    const needMs = (next / STARTS_PER_SECOND) * 1_000 + PERIOD_MS + WINDOW_MS;
    if (needMs > leftMs()) {
      stopped = `no time to try ${next}`;
      break;
    }
    const done = await attempt(next);
    if (done === null) {
      stopped = `no time to try ${next}`;
      break;
    }
    attempts.push(done);
    next = nextTry(attempts.slice(1), { first, most, precision: PRECISION });
  }
  return rowsOf(host.name, most, attempts, stopped ?? (lab.isQuick ? 'a quick run tries no more' : null));
}

function rowsOf(
  host: string,
  most: number,
  attempts: readonly Attempt[],
  stopped: string | null,
): MeasuredRow[] {
  const { good, bad } = boundsOf(attempts);
  const best = attempts.find(({ n }) => n === good)?.result ?? null;
  if (good === null || best === null) {
    const why = attempts.at(-1)?.why ?? 'nothing was tried';
    return [unmeasuredRow(label(host, 0, 'monitors', 'count'), why)];
  }
  const broken = attempts.find(({ n }) => n === bad)?.why ?? null;
  const parts = [
    broken === null ? null : `${bad ?? ''} broke the limit of ${broken}`,
    good === most ? `not tried with more than ${most}` : null,
    stopped,
  ];
  const note = parts.filter((part) => part !== null).join('; ');
  return [
    measuredRow(label(host, good, 'monitors', 'count'), [good], [], note === '' ? undefined : note),
    measuredRow(label(host, good, 'rss', 'MB'), [best.rss]),
    measuredRow(label(host, good, 'pss', 'MB'), [best.pss]),
    measuredRow(label(host, good, 'lateness_p99', 'ms'), [best.lateness]),
    measuredRow(label(host, good, 'cpu', '%'), [best.cpu]),
  ];
}

function label(host: string, n: number, metric: string, unit: RowLabel['unit']): RowLabel {
  return { bench: 'capacity', case: 'system, chainlink-node, evm-node', host, n, metric, unit };
}
