/** Counts what is under way, for a close that waits. Promise: a wait ends when nothing is left or by its deadline. */
import type { Clock } from '@vedette/contract';

export class Outstanding<T> {
  readonly #items = new Set<T>();
  readonly #waiters = new Set<() => void>();

  add(item: T): void {
    this.#items.add(item);
  }

  delete(item: T): void {
    this.#items.delete(item);
    if (this.#items.size === 0) for (const wake of [...this.#waiters]) wake();
  }

  whenNone(clock: Clock, deadlineMs: number): Promise<void> {
    if (this.#items.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#waiters.delete(wake);
        resolve();
      };
      const cancel = clock.after(deadlineMs, wake);
      this.#waiters.add(wake);
    });
  }
}
