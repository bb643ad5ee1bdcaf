/**
 * The work loop's only way to wait. Each turn writes a beat and the thread's memory, so a beat proves
 * that the loop itself got a turn; there is no timer that would beat on while the loop stands.
 */
import { getHeapStatistics } from 'node:v8';
import type { Clock, VitalsWriter } from '@vedette/contract';

/** What became of a promise. `isLate`: it had been aborted before it settled. */
export type Outcome<T> =
  | { readonly isOk: true; readonly isLate: boolean; readonly value: T }
  | { readonly isOk: false; readonly isLate: boolean; readonly error: unknown };

export interface Watched<T> {
  /** Null while it is pending. */
  outcome: Outcome<T> | null;
}

export class Pulse {
  readonly #vitals: VitalsWriter | null;
  readonly #clock: Clock;
  readonly #pauseMs: number;
  #wake: (() => void) | null = null;

  /**
   * `vitals`: null where nobody reads them. `beatMs` is the longest pause promised; half of it is kept, which leaves
   * room for a busy machine.
   */
  constructor(vitals: VitalsWriter | null, clock: Clock, beatMs: number) {
    this.#vitals = vitals;
    this.#clock = clock;
    this.#pauseMs = beatMs / 2;
  }

  /**
   * Turns until `isDone` (true) or the instant `deadline` gives passed (false). Both are asked anew at
   * each turn; call `wake` after changing what they read.
   */
  async until(isDone: () => boolean, deadline: () => number): Promise<boolean> {
    for (;;) {
      this.#turn();
      if (isDone()) return true;
      const left = deadline() - this.#clock.monotonic();
      if (left <= 0) return false;
      await this.#pause(Math.min(left, this.#pauseMs));
    }
  }

  /**
   * Starts `action` and wakes the loop when it settles; one that is no promise has settled at once. A late rejection is
   * kept, never unhandled.
   */
  watch<T>(action: () => T | PromiseLike<T>, abort?: Pick<AbortSignal, 'aborted'>): Watched<T> {
    const watched: Watched<T> = { outcome: null };
    const settle = (outcome: Outcome<T>): void => {
      watched.outcome = outcome;
      this.wake();
    };
    const isLate = (): boolean => abort?.aborted === true;
    const succeed = (value: T): void => {
      settle({ isOk: true, isLate: isLate(), value });
    };
    const fail = (error: unknown): void => {
      settle({ isOk: false, isLate: isLate(), error });
    };
    try {
      const value = action();
      if (isThenable(value)) Promise.resolve(value).then(succeed, fail);
      else succeed(value);
    } catch (error) {
      fail(error);
    }
    return watched;
  }

  /** Ends the present pause at once. */
  wake(): void {
    this.#wake?.();
  }

  #turn(): void {
    if (this.#vitals === null) return;
    const heap = getHeapStatistics();
    this.#vitals.memory(heap.used_heap_size, heap.external_memory);
    this.#vitals.beat();
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#wake = null;
        resolve();
      };
      const cancel = this.#clock.after(delayMs, end);
      this.#wake = end;
    });
  }
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
