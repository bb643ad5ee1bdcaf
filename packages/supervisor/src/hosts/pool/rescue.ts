/** When a thread is given up, and what becomes of the monitors whose rounds were in it. Pure. */

/** Why it is given up. `still`: its loop does not turn. `memory`: it holds more than it may. */
export type Loss = 'exited' | 'crashed' | 'out-of-memory' | 'still' | 'memory';

export interface Rescue {
  /** Whose end it is: it was alone in there, or its own code was running when the thread ended. */
  readonly convicted: number | null;
  /** May have done it: each is run again alone, where whatever it does is its own doing. */
  readonly suspects: readonly number[];
  /** Did not do it: run again beside others. */
  readonly innocent: readonly number[];
}

/**
 * `current`: whose code was being called, null if none was. Convicted is only who cannot be anybody else; a
 * thread that still exists has ended nobody's run.
 */
export function rescueOf(keys: readonly number[], current: number | null, loss: Loss): Rescue {
  const hasEnded = loss !== 'still' && loss !== 'memory';
  const [only] = keys;
  if (keys.length === 1 && only !== undefined && hasEnded) {
    return { convicted: only, suspects: [], innocent: [] };
  }
  // Memory is filled by many and overflows in anybody's code.
  const isTelling = loss !== 'memory' && loss !== 'out-of-memory';
  if (current === null || !isTelling || !keys.includes(current)) {
    return { convicted: null, suspects: keys, innocent: [] };
  }
  const innocent = keys.filter((key) => key !== current);
  return loss === 'exited'
    ? { convicted: current, suspects: [], innocent }
    : { convicted: null, suspects: [current], innocent };
}

/** A look later than this many intervals is late. */
const LATE = 1.5;
const CREDIT_OF_LATE = 0.25;

/**
 * The time to count against threads that did not turn between two looks. Where the look itself was late for want
 * of processor time, so were the threads: then it counts for little, and never for more than one interval.
 */
export function lookCredit(gapMs: number, intervalMs: number): number {
  return gapMs > LATE * intervalMs ? CREDIT_OF_LATE * intervalMs : Math.min(Math.max(gapMs, 0), intervalMs);
}
