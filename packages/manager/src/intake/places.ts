/**
 * The order in which config messages came. Promise: what is stored may overlap (each write is synced to disk),
 * what is applied never does and keeps this order, and of one scope nothing is even looked at before its turn.
 */

/** One message's place in the line. */
export interface Place {
  /** Goes up with each message: of two scopes that claim one id, the younger wins. */
  readonly generation: number;
  /** All earlier messages of its scope are settled. */
  readonly ofScope: Promise<void>;
  /** All earlier messages are settled. */
  readonly turn: Promise<void>;
  /** This message is settled, taken or not. Idempotent; must be called, or nothing behind it ever is. */
  leave(): void;
}

export class Places {
  #generation = 0;
  #last: Promise<void> = Promise.resolve();
  readonly #lastOfScope = new Map<string, Promise<void>>();

  /** What was stored in an earlier life has that place: all that comes is younger. */
  startAfter(generation: number): void {
    this.#generation = Math.max(this.#generation, generation);
  }

  enter(scope: string): Place {
    this.#generation += 1;
    const turn = this.#last;
    const ofScope = this.#lastOfScope.get(scope) ?? Promise.resolve();
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    // Nobody leaves for those before it.
    const settled = Promise.all([turn, left]).then(() => {
      if (this.#lastOfScope.get(scope) === settled) this.#lastOfScope.delete(scope);
    });
    this.#last = settled;
    this.#lastOfScope.set(scope, settled);
    return { generation: this.#generation, ofScope, turn, leave };
  }
}
