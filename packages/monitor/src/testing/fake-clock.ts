/** Time that stands still until a test moves it. Timers fire in order; between two, what is ready gets its turn. */
import type { Clock } from '@vedette/contract';

/** Neither clock starts at zero: a zero that is taken for "never" would hide. */
const EPOCH = 1_700_000_000_000;
const BOOT = 5_000;

/** Time that stands still until a test moves it. Timers fire in order. */
export class FakeClock implements Clock {
  readonly #epochMs: number;
  readonly #settle: () => Promise<void>;
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();
  #passed = 0;

  /** `settleBetween` runs between two timers. `epochMs` is what the wall clock shows at first. */
  constructor(settleBetween: () => Promise<void> = settle, epochMs = EPOCH) {
    this.#settle = settleBetween;
    this.#epochMs = epochMs;
  }

  now(): number {
    return this.#epochMs + this.#passed;
  }
  monotonic(): number {
    return BOOT + this.#passed;
  }
  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#passed + Math.max(0, delayMs), action };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that would keep a process alive. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Runs what becomes due within `ms`. */
  async advance(ms: number): Promise<void> {
    const end = this.#passed + ms;
    await this.#settle();
    for (let next = this.#next(end); next !== null; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#passed = Math.max(this.#passed, next.at);
      next.action();
      await this.#settle();
    }
    this.#passed = end;
  }

  /** The process slept: time passes, but no timer ran meanwhile. */
  sleep(ms: number): void {
    this.#passed += ms;
  }

  #next(end: number): { readonly at: number; readonly action: () => void } | null {
    let next: { readonly at: number; readonly action: () => void } | null = null;
    // Of two that are due at once the older goes first.
    for (const timer of this.#timers) if (next === null || timer.at < next.at) next = timer;
    return next === null || next.at > end ? null : next;
  }
}

/** Lets everything that is ready run, promises and immediates alike. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
