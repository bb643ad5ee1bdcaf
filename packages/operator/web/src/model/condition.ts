/** How a monitor is, in one word: what an operator sees first and sorts by. Pure. */
import type { MonitorRow } from '../api/types.js';

export type Tone = 'bad' | 'warn' | 'note' | 'idle' | 'good';
export type Shape =
  | 'disc'
  | 'ring'
  | 'half'
  | 'cross'
  | 'octagon'
  | 'triangle'
  | 'diamond'
  | 'clock'
  | 'bars'
  | 'square'
  | 'loop'
  | 'check';

interface About {
  readonly word: string;
  readonly tone: Tone;
  readonly shape: Shape;
  readonly what: string;
}

/** Worst first, in the order of the server's `sort=worst`. */
export const CONDITIONS = {
  failed: { word: 'Failed', tone: 'bad', shape: 'cross', what: 'will not start again by itself' },
  hung: { word: 'Hung', tone: 'bad', shape: 'octagon', what: 'its worker does not move' },
  backoff: { word: 'Restarting', tone: 'bad', shape: 'loop', what: 'died, and waits to start again' },
  failing: { word: 'Failing', tone: 'bad', shape: 'triangle', what: 'its rounds fail' },
  late: { word: 'Late', tone: 'warn', shape: 'clock', what: 'its rounds are behind schedule' },
  reporting: {
    word: 'Trouble seen',
    tone: 'warn',
    shape: 'diamond',
    what: 'it works, and reports an error of what it watches',
  },
  paused: { word: 'Paused', tone: 'note', shape: 'bars', what: 'by the wish of an operator' },
  starting: { word: 'Starting', tone: 'note', shape: 'half', what: 'its worker comes up' },
  stopping: { word: 'Stopping', tone: 'note', shape: 'half', what: 'its worker ends' },
  stopped: { word: 'Stopped', tone: 'idle', shape: 'square', what: 'it does not run' },
  fresh: { word: 'First round', tone: 'idle', shape: 'ring', what: 'it runs, and has not seen anything yet' },
  well: { word: 'Well', tone: 'good', shape: 'disc', what: 'it runs, and so does what it watches' },
} as const satisfies Record<string, About>;

export type Condition = keyof typeof CONDITIONS;
export const CONDITION_ORDER = Object.keys(CONDITIONS) as readonly Condition[];
const RANK = new Map(CONDITION_ORDER.map((condition, rank) => [condition, rank]));

export function conditionOf({ state, health, reportedCode, lastRound }: MonitorRow): Condition {
  if (state === 'failed') return 'failed';
  if (health === 'hung') return 'hung';
  if (state === 'backoff') return 'backoff';
  if (state === 'running') {
    if (health === 'failing') return 'failing';
    if (health === 'late') return 'late';
    if (reportedCode !== null) return 'reporting';
    return lastRound === null ? 'fresh' : 'well';
  }
  return state;
}

/** 0 is the worst. */
export function rankOf(condition: Condition): number {
  return RANK.get(condition) ?? CONDITION_ORDER.length;
}

export function needsAttention(condition: Condition): boolean {
  return about(condition).tone === 'bad' || about(condition).tone === 'warn';
}

export function about(condition: Condition): About {
  return CONDITIONS[condition];
}

/** How many are in each; those with none are left out. Worst first. */
export function countConditions(
  rows: Iterable<MonitorRow>,
): readonly { readonly condition: Condition; readonly count: number }[] {
  const counts = new Map<Condition, number>();
  for (const row of rows) {
    const condition = conditionOf(row);
    counts.set(condition, (counts.get(condition) ?? 0) + 1);
  }
  return CONDITION_ORDER.flatMap((condition) => {
    const count = counts.get(condition);
    return count === undefined ? [] : [{ condition, count }];
  });
}

const HEALTH_TONES: Readonly<Record<string, readonly [Tone, Shape]>> = {
  healthy: ['good', 'check'],
  late: ['warn', 'clock'],
  failing: ['bad', 'triangle'],
  hung: ['bad', 'octagon'],
  unknown: ['idle', 'ring'],
};
const STATE_TONES: Readonly<Record<string, readonly [Tone, Shape]>> = {
  running: ['good', 'disc'],
  starting: ['note', 'half'],
  stopping: ['note', 'half'],
  paused: ['note', 'bars'],
  stopped: ['idle', 'square'],
  backoff: ['bad', 'loop'],
  failed: ['bad', 'cross'],
};

/** How a state or a health is drawn; words of a newer server get the plainest sign. */
export function signOf(what: 'state' | 'health', word: string): readonly [Tone, Shape] {
  return (what === 'state' ? STATE_TONES : HEALTH_TONES)[word] ?? ['idle', 'ring'];
}
