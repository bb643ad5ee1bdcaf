/**
 * Who brought a cell down, and who gets a process of its own for it. Pure. A neighbour is never to blame: only one
 * that alone was seen in trouble right before the end, twice, is demoted.
 */
import type { MonitorLimits } from '@vedette/contract';

/** What a monitor was in when its cell ended. */
export type Trouble = 'being-killed' | 'hung' | 'out-of-memory';

/** Of one monitor, remembered as long as the manager lives. */
export interface DeathHistory {
  /** Cells that ended while it was in trouble. */
  readonly cellDeaths: number;
  readonly lastTrouble: Trouble | null;
}

export const NO_DEATHS: DeathHistory = { cellDeaths: 0, lastTrouble: null };

const DEATHS_TO_DEMOTE = 2;
/** What was longer ago has nothing to do with this end. */
const RIGHT_BEFORE_MS = 10_000;
/** As the watch's soft mark. */
const HEAP_MARK = 0.8;

/** What is known of a monitor at the end of its cell; instants as milliseconds ago, null for never. */
export interface MonitorFacts {
  readonly id: string;
  readonly killAskedMs: number | null;
  /** The supervisor asked it to abort its round: it was found hung. */
  readonly abortAskedMs: number | null;
  /** An earlier run of it ended out of memory. */
  readonly outOfMemoryMs: number | null;
  readonly isInRound: boolean;
  readonly heapKb: number;
  readonly externalKb: number;
  readonly limits: Pick<MonitorLimits, 'oldMb' | 'externalMb'>;
}

export interface Culprit {
  readonly id: string;
  readonly trouble: Trouble;
}

/**
 * `output`: the tail of what the cell wrote. Null if nothing points at one monitor alone: where several are in
 * trouble at once, it is the cell or the machine that stood still.
 */
export function culpritOf(monitors: readonly MonitorFacts[], output: string): Culprit | null {
  const found = monitors.flatMap((facts): Culprit[] => {
    const trouble = troubleOf(facts);
    return trouble === null ? [] : [{ id: facts.id, trouble }];
  });
  if (found.length > 0) return alone(found);
  if (!/heap out of memory|Fatal JavaScript/.test(output)) return null;
  // V8 gave up before anyone's memory was told: code that ran is to blame.
  const ran = alone(monitors.filter(({ isInRound }) => isInRound));
  return ran === null ? null : { id: ran.id, trouble: 'out-of-memory' };
}

function alone<T>([only, ...others]: readonly T[]): T | null {
  return only === undefined || others.length > 0 ? null : only;
}

export function afterCellDeath(history: DeathHistory, trouble: Trouble): DeathHistory {
  return { cellDeaths: history.cellDeaths + 1, lastTrouble: trouble };
}

export function isDemoted({ cellDeaths }: DeathHistory): boolean {
  return cellDeaths >= DEATHS_TO_DEMOTE;
}

function troubleOf(facts: MonitorFacts): Trouble | null {
  const { heapKb, externalKb, limits } = facts;
  if (isRecent(facts.abortAskedMs)) return 'hung';
  if (isRecent(facts.killAskedMs)) return 'being-killed';
  const isFull = heapKb > limits.oldMb * 1024 * HEAP_MARK || externalKb > limits.externalMb * 1024;
  return isFull || isRecent(facts.outOfMemoryMs) ? 'out-of-memory' : null;
}

function isRecent(agoMs: number | null): boolean {
  return agoMs !== null && agoMs <= RIGHT_BEFORE_MS;
}
