/** Counts wrong tokens by address. Promise: guessing is slow, and the table stays small whoever calls. */
import type { Clock } from '@vedette/contract';

const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;
const MAX_ADDRESSES = 1_000;

export class FailureLimit {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #known = new Map<string, { failures: number; readonly endsAt: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Seconds until this address is heard again; 0 if it is now. */
  waitSeconds(address: string): number {
    const known = this.#of(address);
    if (known === undefined || known.failures < MAX_FAILURES) return 0;
    return Math.ceil((known.endsAt - this.#clock.monotonic()) / 1_000);
  }

  failed(address: string): void {
    const known = this.#of(address);
    if (known !== undefined) {
      known.failures += 1;
      return;
    }
    // Entries stand in the order of their end.
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MAX_ADDRESSES && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(address, { failures: 1, endsAt: this.#clock.monotonic() + WINDOW_MS });
  }

  #of(address: string): { failures: number; readonly endsAt: number } | undefined {
    const known = this.#known.get(address);
    if (known === undefined || known.endsAt > this.#clock.monotonic()) return known;
    this.#known.delete(address);
    return undefined;
  }
}
