/** What becomes of the monitors whose rounds were in a thread that is given up. Pure. */

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
