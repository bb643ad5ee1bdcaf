/**
 * Keeps what cannot be sent now: the newest item per key, in the order they were put, at most so many keys.
 * Promise: every item put is drained, or counted as replaced, or handed back as pushed out.
 */
export class Outbox<T> {
  readonly #items = new Map<string, T>();
  readonly #maxKeys: number;
  #replaced = 0;
  #pushedOut = 0;

  /** `maxKeys`: the oldest key gives way to a new one past this. */
  constructor(maxKeys = 1_000) {
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#items.size;
  }

  /** Items that gave way to a newer one of the same key, so far. */
  get replaced(): number {
    return this.#replaced;
  }

  /** Items that gave way to another key because there were too many, so far. */
  get pushedOut(): number {
    return this.#pushedOut;
  }

  /** Returns the item that had to give way to another key, or null. */
  put(key: string, item: T): T | null {
    // Deleted first, so that a replaced item moves to the end: order is by age of what is kept.
    if (this.#items.delete(key)) this.#replaced += 1;
    this.#items.set(key, item);
    if (this.#items.size <= this.#maxKeys) return null;
    const [oldest] = this.#items.entries();
    if (oldest === undefined) return null;
    this.#items.delete(oldest[0]);
    this.#pushedOut += 1;
    return oldest[1];
  }

  /** Empties it, oldest first. */
  drain(): T[] {
    const items = [...this.#items.values()];
    this.#items.clear();
    return items;
  }
}

/** One key per exchange, routing key and the caller's own key; no part can run into the next. */
export function outboxKey(exchange: string, routingKey: string, key: string): string {
  return JSON.stringify([exchange, routingKey, key]);
}
