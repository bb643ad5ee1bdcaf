/**
 * What must be reached: the first table of `benchmarks/README.md`, and README's, which has the headlines. Pure data;
 * those by host are in `host-targets.ts`.
 */
import { HOST_LINES } from './host-targets.js';
import type { MeasuredRow } from './rows.js';

export interface Line {
  readonly what: string;
  readonly bench: string;
  readonly case: string;
  readonly metric: string;
  /** Null: whatever number the bench came to. */
  readonly n: number | null;
  /** Default: the first row that fits, whatever its host. */
  readonly host?: string;
  /** Null: shown without a target. */
  readonly max: number | null;
  readonly maxRatio?: number;
  /** For figures that shall be high: at least this of the floor. */
  readonly minRatio?: number;
  /** Also in README.md. Chosen by what it is about, not by what came out. */
  readonly isHeadline?: boolean;
}

const KINDS = ['chainlink-node', 'system', 'evm-node', 'cosmos-node', 'cosmos-network'] as const;
/** Measured for memory only: nobody waits for the first round of an hour. */
const MORE_KINDS = [...KINDS, 'github', 'dockerhub'] as const;

/** Added RSS of one more monitor, MB. */
function memoryTarget(kind: (typeof MORE_KINDS)[number]): {
  readonly max: number;
  readonly maxRatio?: number;
} {
  if (kind === 'evm-node') return { max: 11 };
  const isPlain = kind === 'chainlink-node' || kind === 'system';
  return isPlain ? { max: 8, maxRatio: 1.2 } : { max: 8.5 };
}

export const LINES: readonly Line[] = [
  ...KINDS.map((kind) => ({
    what: `${kind}: spawn → ready with a live confirmed channel`,
    bench: 'ready',
    case: kind,
    metric: 'ready',
    n: 1,
    max: 35,
    maxRatio: 1.5,
    isHeadline: kind === 'evm-node',
  })),
  ...KINDS.map((kind) => ({
    what: `${kind}: config accepted → first confirmed raw data`,
    bench: 'ready',
    case: kind,
    metric: 'first_data',
    n: 1,
    max: null,
  })),
  ...MORE_KINDS.map((kind) => ({
    what: `${kind}: added RSS per monitor at 100, 30 s later`,
    bench: 'memory',
    case: kind,
    metric: 'rss',
    n: 100,
    ...memoryTarget(kind),
    isHeadline: true,
  })),
  ...MORE_KINDS.map((kind) => ({
    what: `${kind}: the same 1.5 s after the start, before the garbage of the start is collected`,
    bench: 'memory',
    case: kind,
    metric: 'rss_fresh',
    n: 100,
    ...memoryTarget(kind),
  })),
  ...MORE_KINDS.map((kind) => ({
    what: `${kind}: the same with \`MALLOC_ARENA_MAX=1\``,
    bench: 'memory',
    case: `${kind}, one arena`,
    metric: 'rss',
    n: 100,
    ...memoryTarget(kind),
  })),
  {
    what: 'substrate-node: config accepted → first confirmed raw data, beside the same calls in a bare script',
    bench: 'ready',
    case: 'substrate-node',
    metric: 'first_data',
    n: 1,
    max: 5_000,
    maxRatio: 2.5,
  },
  {
    what: 'substrate-node: added RSS per connected validator monitor of today’s Kusama at 20',
    bench: 'memory',
    case: 'substrate-node',
    metric: 'rss',
    n: 20,
    max: 34,
    isHeadline: true,
  },
  {
    what: 'substrate-network: added RSS per monitor of the same chain at 20',
    bench: 'memory',
    case: 'substrate-network',
    metric: 'rss',
    n: 20,
    max: 34,
    isHeadline: true,
  },
  {
    what: 'substrate-node: the same 1.5 s after the start',
    bench: 'memory',
    case: 'substrate-node',
    metric: 'rss_fresh',
    n: 20,
    max: null,
  },
  {
    what: 'substrate-node: the same with `MALLOC_ARENA_MAX=1`',
    bench: 'memory',
    case: 'substrate-node, one arena',
    metric: 'rss',
    n: 20,
    max: 34,
  },
  ...(['process.exit', 'uncaught throw'] as const).map((fault) => ({
    what: `${fault} → running again`,
    bench: 'recover',
    case: fault,
    metric: 'running',
    n: 21,
    max: 100,
  })),
  {
    what: 'endless loop → running again (beat 1 s)',
    bench: 'recover',
    case: 'endless loop',
    metric: 'running',
    n: 21,
    max: 3_100,
    isHeadline: true,
  },
  {
    what: 'endless loop: longest gap between beats of 20 neighbours',
    bench: 'recover',
    case: 'endless loop',
    metric: 'neighbour_gap_max',
    n: 21,
    max: 1_000,
  },
  {
    what: '1,000 changed of 1,000 configs → applied',
    bench: 'reconcile',
    case: 'all changed',
    metric: 'applied',
    n: 1_000,
    max: 200,
  },
  {
    what: '1,000 changed of 1,000 configs over RabbitMQ → applied, from the publish',
    bench: 'reconcile',
    case: 'all changed, over RabbitMQ',
    metric: 'applied',
    n: 1_000,
    max: 200,
    isHeadline: true,
  },
  {
    what: '… restarts of 1,000 unrelated monitors',
    bench: 'reconcile',
    case: 'all changed',
    metric: 'unrelated_restarts',
    n: 1_000,
    max: 0,
  },
  {
    what: 'the same 1,000-config message again',
    bench: 'reconcile',
    case: 'same again',
    metric: 'applied',
    n: 1_000,
    max: 50,
  },
  { what: '… actions', bench: 'reconcile', case: 'same again', metric: 'actions', n: 1_000, max: 0 },
  {
    what: '1,000 configs in 1,000 messages over RabbitMQ → all stored and applied',
    bench: 'reconcile',
    case: 'one message each, over RabbitMQ',
    metric: 'applied',
    n: 1_000,
    max: null,
  },
  {
    what: 'cosmos-node: 89 missed blocks made up for, source answering in 50 ms (floor: one request after another)',
    bench: 'catch-up',
    case: 'cosmos-node',
    metric: 'caught_up',
    n: 89,
    max: 3_000,
    maxRatio: 0.2,
  },
  {
    what: '… requests under way at a time',
    bench: 'catch-up',
    case: 'cosmos-node',
    metric: 'in_flight_max',
    n: 89,
    max: 8,
  },
  ...['each 1 s', 'each 100 ms'].map((due) => ({
    what: `main loop: 200 monitors at 10 beats/s, a beat due ${due}`,
    bench: 'vitals',
    case: `10 beats/s, due ${due}`,
    metric: 'main_loop',
    n: 200,
    max: 0.5,
  })),
  {
    what: 'one scrape of /metrics, 1,000 monitors with 20 facts each: main-loop time',
    bench: 'metrics',
    case: '20 facts each',
    metric: 'main_loop',
    n: 1_000,
    max: 60,
  },
  {
    what: '… of it on the processor, whatever else the machine does',
    bench: 'metrics',
    case: '20 facts each',
    metric: 'main_thread_cpu',
    n: 1_000,
    max: 60,
  },
  {
    what: '… the longest turn of the main loop',
    bench: 'metrics',
    case: '20 facts each',
    metric: 'longest_turn',
    n: 1_000,
    max: 15,
  },
  {
    what: '… the longest turn by processor time',
    bench: 'metrics',
    case: '20 facts each',
    metric: 'longest_turn_cpu',
    n: 1_000,
    max: 15,
  },
  {
    what: '20 clients hear of 200 events/s: share of the main loop',
    bench: 'events',
    case: '200 events/s',
    metric: 'fan_out',
    n: 20,
    max: 3,
  },
  { what: '… events missed', bench: 'events', case: '200 events/s', metric: 'missed', n: 20, max: 0 },
  ...['batches taken', 'batches refused'].map((how) => ({
    what: `chainlink-contracts: a round of 50 feeds, 50 ms an answer, ${how}`,
    bench: 'contracts',
    case: how,
    metric: 'round',
    n: 50,
    max: 2_600,
    // Five times faster than one call after another.
    maxRatio: 0.2,
    isHeadline: how === 'batches taken',
  })),
  {
    what: 'pool: trivial rounds per second on two threads, heartbeat confirmed (floor: piscina alone, the same work)',
    bench: 'throughput',
    case: 'connection kept',
    metric: 'rounds_per_second',
    n: 1_000,
    max: null,
    minRatio: 0.9,
    isHeadline: true,
  },
  {
    what: '… with a connection per round, 50 monitors',
    bench: 'throughput',
    case: 'connection per round',
    metric: 'rounds_per_second',
    n: 50,
    max: null,
  },
  ...HOST_LINES,
];

/** Null where there is no target, or nothing was measured. */
export function isMet({ max, maxRatio, minRatio }: Line, { value, ratio }: MeasuredRow): boolean | null {
  if (value === null || (max === null && maxRatio === undefined && minRatio === undefined)) return null;
  return (
    (max === null || value <= max) &&
    (maxRatio === undefined || (ratio !== null && ratio <= maxRatio)) &&
    (minRatio === undefined || (ratio !== null && ratio >= minRatio))
  );
}

export function rowOf(line: Line, rows: readonly MeasuredRow[]): MeasuredRow | undefined {
  return rows.find(
    (row) =>
      row.bench === line.bench &&
      row.case === line.case &&
      row.metric === line.metric &&
      (line.n ?? row.n) === row.n &&
      (line.host ?? row.host) === row.host,
  );
}
