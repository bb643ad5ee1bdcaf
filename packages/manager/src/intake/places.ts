/**
 * The order in which config messages came. Promise: what is stored may overlap (each write is synced to disk),
 * what is applied never does and keeps this order, and of one scope nothing is even looked at before its turn.
 * A message that cannot be stored holds up its own scope and no other.
 */

/** One message's place in the line. */
export interface Place {
  /** Goes up with each message: of two scopes that claim one id, the younger wins. */
  readonly generation: number;
  /** All earlier messages of its scope are settled. */
  readonly ofScope: Promise<void>;
  /** All that are before it in the line now are settled. Ask again after {@link letPass}. */
  readonly turn: Promise<void>;
  /** It is tried again later: with all of its scope it goes to the end of the line. */
  letPass(): void;
  /** This message is settled, taken or not. Idempotent; must be called, or nothing behind it ever is. */
  leave(): void;
}

interface Spot {
  readonly turn: Promise<void>;
  readonly leave: () => void;
}

export class Places {
  #generation = 0;
  #last: Promise<void> = Promise.resolve();
  readonly #scopes = new Map<string, Set<Waiting>>();

  /** What was stored in an earlier life has that place: all that comes is younger. */
  startAfter(generation: number): void {
    this.#generation = Math.max(this.#generation, generation);
  }

  enter(scope: string): Place {
    this.#generation += 1;
    const before = this.#scopes.get(scope) ?? new Set<Waiting>();
    this.#scopes.set(scope, before);
    const place: Waiting = new Waiting(
      this.#generation,
      Promise.all([...before].map(({ settled }) => settled)).then(() => undefined),
      this.#spot(),
      () => {
        for (const mate of before) mate.moveTo(this.#spot());
      },
      () => {
        before.delete(place);
        if (before.size === 0 && this.#scopes.get(scope) === before) this.#scopes.delete(scope);
      },
    );
    before.add(place);
    return place;
  }

  /** At the end of the line. */
  #spot(): Spot {
    const turn = this.#last;
    const { promise: left, resolve: leave } = settleable();
    // Nobody leaves for those before it.
    this.#last = Promise.all([turn, left]).then(() => undefined);
    return { turn, leave };
  }
}

class Waiting implements Place {
  readonly generation: number;
  readonly ofScope: Promise<void>;
  readonly settled: Promise<void>;
  readonly letPass: () => void;
  readonly leave: () => void;
  #spot: Spot;

  constructor(
    generation: number,
    ofScope: Promise<void>,
    spot: Spot,
    letPass: () => void,
    onLeft: () => void,
  ) {
    this.generation = generation;
    this.ofScope = ofScope;
    this.#spot = spot;
    this.letPass = letPass;
    const { promise, resolve } = settleable();
    this.settled = promise;
    this.leave = () => {
      this.#spot.leave();
      resolve();
      onLeft();
    };
  }

  get turn(): Promise<void> {
    return this.#spot.turn;
  }

  moveTo(spot: Spot): void {
    this.#spot.leave();
    this.#spot = spot;
  }
}

function settleable(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
