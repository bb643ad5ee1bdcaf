/** Long work of the main loop in pieces. Promise: between two pieces, everything else that waits has its turn. */
import type { Clock } from '@vedette/contract';

/** A fifth of what is allowed: a busy processor and the garbage collector take their part. */
const SLICE_MS = 3;

export class Slices {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #begunAt: number;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#begunAt = clock.monotonic();
  }

  /** To be asked often: null while there is time left in this piece, else what to wait for. */
  pause(): Promise<void> | null {
    if (this.#clock.monotonic() - this.#begunAt < SLICE_MS) return null;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#begunAt = this.#clock.monotonic();
        resolve();
      });
    });
  }
}
