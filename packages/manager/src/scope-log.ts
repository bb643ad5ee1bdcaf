/** When each scope was last taken, and what was last not taken of it. Bounded by the number of scopes that are kept. */
import type { Refusal } from '@vedette/contract';

/** An attempt that changed nothing. */
export interface NotTaken {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly refusals: readonly Refusal[];
}

/** What is known of one scope: the message last taken, and one that came later and was not. */
export interface ScopeView {
  /** `<family>/<routing key>`, or `file`. */
  readonly scope: string;
  /** Ids that shall run. */
  readonly wanted: readonly string[];
  /** Entries of the message last taken that were not. */
  readonly refusals: readonly Refusal[];
  /** Epoch milliseconds; null if it was taken in an earlier life. */
  readonly takenAt: number | null;
  readonly notTaken: NotTaken | null;
}

const MAX_SCOPES = 1_000;

export class ScopeLog {
  readonly #takenAt = new Map<string, number>();
  readonly #notTaken = new Map<string, NotTaken>();

  taken(scope: string, at: number): void {
    remember(this.#takenAt, scope, at);
    this.#notTaken.delete(scope);
  }

  notTaken(scope: string, refusals: readonly Refusal[], at: number): void {
    remember(this.#notTaken, scope, { at, refusals });
  }

  takenAt(scope: string): number | null {
    return this.#takenAt.get(scope) ?? null;
  }

  lastNotTaken(scope: string): NotTaken | null {
    return this.#notTaken.get(scope) ?? null;
  }

  /** Also scopes nothing was ever taken of. */
  scopes(): string[] {
    return [...new Set([...this.#takenAt.keys(), ...this.#notTaken.keys()])];
  }
}

/** Routing keys nobody knows come from outside: the oldest make room. */
function remember<T>(map: Map<string, T>, scope: string, value: T): void {
  map.delete(scope);
  map.set(scope, value);
  const [oldest] = map.keys();
  if (map.size > MAX_SCOPES && oldest !== undefined) map.delete(oldest);
}
