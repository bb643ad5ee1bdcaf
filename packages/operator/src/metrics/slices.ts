/** Long work of the main loop in pieces. Promise: between two pieces, everything else that waits has its turn. */
import { performance } from 'node:perf_hooks';

const SLICE_MS = 3;

export class Slices {
  #begunAt = performance.now();

  /** To be asked often: null while there is time left in this piece, else what to wait for. */
  pause(): Promise<void> | null {
    if (performance.now() - this.#begunAt < SLICE_MS) return null;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#begunAt = performance.now();
        resolve();
      });
    });
  }
}
