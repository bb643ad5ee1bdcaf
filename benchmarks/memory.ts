/**
 * How much memory does one more monitor take? Each figure comes from a process of its own: read, start `n`
 * monitors, wait until each has had raw data confirmed, read (`rss_fresh`), wait until the threads have given back
 * what loading left, read again (`rss`, `private`), divide. Floors go through the same steps.
 *
 * Every case runs in the environment as it is, and at the largest `n` also with one malloc arena
 * (`MALLOC_ARENA_MAX=1`), beside the floor in the same environment. In a run of all benches only the largest `n`.
 * By host: `memory-hosts`.
 */
import type { Bench } from './lib/bench.js';
import { FLOORS, HEAVY_KINDS, KINDS, type WorkerCase } from './lib/kinds.js';
import { measuredRow, unmeasuredRow, type MeasuredRow } from './lib/rows.js';
import type { MemoryArgs, MemoryResult } from './measured/memory.js';

interface Setting {
  readonly n: number;
  readonly repeats: number;
  readonly isOneArena: boolean;
}

/** Heavy kinds up to so many, the others at the other numbers. */
const HEAVY_N = 20;

/** Each case has a process of its own, which mostly waits; in a run of all benches some begin and wait together. */
const AT_A_TIME = 5;
/** One case, with that wait. */
const LEAST_MS = 60_000;

/** Floors stand beside every case. */
function casesAt(n: number): readonly WorkerCase[] {
  if (n === HEAVY_N) return [...FLOORS, ...HEAVY_KINDS];
  const isHeavyToo = n < HEAVY_N;
  return [...FLOORS, ...KINDS.filter((kind) => isHeavyToo || !HEAVY_KINDS.includes(kind))];
}

const NAMES: Readonly<Record<WorkerCase, string>> = {
  empty: 'empty thread',
  amqp: 'amqp thread',
  'chainlink-node': 'chainlink-node',
  system: 'system',
  'evm-node': 'evm-node',
  'cosmos-node': 'cosmos-node',
  'cosmos-network': 'cosmos-network',
  github: 'github',
  dockerhub: 'dockerhub',
  'substrate-node': 'substrate-node',
  'substrate-network': 'substrate-network',
};
const SETTINGS: readonly Setting[] = [
  { n: 1, repeats: 1, isOneArena: false },
  { n: 10, repeats: 1, isOneArena: false },
  { n: HEAVY_N, repeats: 1, isOneArena: false },
  { n: HEAVY_N, repeats: 1, isOneArena: true },
  { n: 50, repeats: 1, isOneArena: false },
  { n: 100, repeats: 1, isOneArena: false },
  { n: 100, repeats: 1, isOneArena: true },
];
/** In a run of all benches: what the targets are about. */
const WHOLE: readonly Setting[] = [
  { n: 100, repeats: 1, isOneArena: false },
  { n: HEAVY_N, repeats: 1, isOneArena: false },
];
const QUICK: readonly Setting[] = [{ n: 5, repeats: 1, isOneArena: false }];

export const memory: Bench = {
  name: 'memory',
  question: 'added RSS and private memory per monitor at 1, 10, 50 and 100 (Substrate: 1, 10 and 20)',
  budgetS: 190,
  async run(lab) {
    const given = { amqpUrl: await lab.amqpUrl(), sources: await lab.sources(), files: await lab.files() };
    const rows: MeasuredRow[] = [];
    const settings = lab.isWhole && lab.numbers === null ? WHOLE : SETTINGS;
    const wanted = settings.filter(({ n }) => lab.numbers === null || lab.numbers.includes(n));
    for (const setting of lab.isQuick ? QUICK : wanted) {
      const { n, repeats, isOneArena } = setting;
      const samples = new Map<WorkerCase, MemoryResult[]>(casesAt(n).map((name) => [name, []]));
      for (let repeat = 1; repeat <= repeats; repeat += 1) {
        const measure = async (name: WorkerCase): Promise<void> => {
          const words = `${n} × ${NAMES[name]}${isOneArena ? ', one arena' : ''}`;
          lab.progress(`memory: ${words}, ${repeat} of ${repeats}`);
          const args: MemoryArgs = { ...given, name, n, isSettled: !lab.isQuick };
          const env = isOneArena ? { MALLOC_ARENA_MAX: '1' } : {};
          samples.get(name)?.push(await lab.measure<MemoryResult>('memory', args, env));
        };
        const names = [...casesAt(n)];
        while (names.length > 0 && (lab.isQuick || lab.leftMs() > LEAST_MS)) {
          await Promise.all(names.splice(0, lab.isWhole ? AT_A_TIME : 1).map(measure));
        }
      }
      rows.push(...rowsOf(setting, samples));
    }
    return rows;
  },
};

function rowsOf({ n, isOneArena }: Setting, samples: ReadonlyMap<WorkerCase, MemoryResult[]>): MeasuredRow[] {
  const values = (name: WorkerCase, metric: keyof MemoryResult): number[] =>
    (samples.get(name) ?? []).map((one) => one[metric]);
  return casesAt(n).flatMap((name) =>
    (['rss', 'private', 'rss_fresh'] as const).map((metric) => {
      const label = `${NAMES[name]}${isOneArena ? ', one arena' : ''}`;
      const floors = name === 'empty' || name === 'amqp' ? [] : values('amqp', metric);
      const row = { bench: 'memory', case: label, host: 'thread', n, metric, unit: 'MB' } as const;
      const measured = values(name, metric);
      return measured.length === 0
        ? unmeasuredRow(row, 'the time budget is used up')
        : measuredRow(row, measured, floors);
    }),
  );
}
