/** Time that stands still until a test moves it. Between two timers, promises get their turn. */
import type { Clock } from '@vedette/contract';

const EPOCH = 1_700_000_000_000;

export class ManualClock implements Clock {
  #now = 0;
  #sequence = 0;
  readonly #timers = new Map<number, { at: number; action: () => void }>();

  now(): number {
    return EPOCH + this.#now;
  }
  monotonic(): number {
    return this.#now;
  }
  after(delayMs: number, action: () => void): () => void {
    const key = this.#sequence++;
    this.#timers.set(key, { at: this.#now + Math.max(0, delayMs), action });
    return () => {
      this.#timers.delete(key);
    };
  }

  /** Timers that would keep a process alive. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Runs what is due within `ms`, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      let next: [number, { at: number; action: () => void }] | null = null;
      for (const entry of this.#timers) if (next === null || entry[1].at < next[1].at) next = entry;
      if (next === null || next[1].at > end) break;
      this.#timers.delete(next[0]);
      this.#now = Math.max(this.#now, next[1].at);
      next[1].action();
      await settle();
    }
    this.#now = end;
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
