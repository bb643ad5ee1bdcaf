/**
 * The account a shared thread keeps of itself: that its loop turns, whose code ran last, and who kept the loop for
 * long. Promise: it costs one store and one clock per entry, and time the machine took counts for nobody.
 */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers';
import { getHeapStatistics } from 'node:v8';
import type { Entered } from '@vedette/contract';
import { THREAD_WORDS } from './dense-protocol.js';

/** `key` kept the loop for `forMs`. */
export type OnBlocked = (key: number, forMs: number) => void;

/** Milliseconds; `waited`: how long this thread was ready to run and did not, since it began. */
export interface ThreadTime {
  now(): number;
  waited(): number;
}

export class Turns implements Entered {
  readonly #words: Int32Array;
  readonly #limitMs: number;
  readonly #onBlocked: OnBlocked;
  readonly #time: ThreadTime;
  #current: number;
  /** When the code of the current monitor began to run; null while that is not known. */
  #since: number | null = null;
  /** When the loop last turned, and how long the thread had waited for a processor by then. */
  #turnedAt: number;
  #waitedMs: number;
  #hasTold = false;

  constructor(words: Int32Array, limitMs: number, onBlocked: OnBlocked, time: ThreadTime = threadTime) {
    this.#time = time;
    this.#turnedAt = time.now();
    this.#waitedMs = time.waited();
    this.#words = words;
    this.#limitMs = limitMs;
    this.#onBlocked = onBlocked;
    this.#current = Atomics.load(words, THREAD_WORDS.current);
  }

  get current(): number {
    return this.#current;
  }

  enter(key: number): void {
    const now = this.#time.now();
    if (this.#since === null) setImmediate(this.#close);
    else this.#judge(now - this.#since);
    this.#since = now;
    this.#current = key;
    Atomics.store(this.#words, THREAD_WORDS.current, key);
  }

  /** By a timer, each `everyMs`: what comes late was kept by somebody, whoever it was entered last. */
  turn(everyMs: number): void {
    const now = this.#time.now();
    if (!this.#hasTold) this.#judge(now - this.#turnedAt - everyMs);
    this.#hasTold = false;
    this.#turnedAt = now;
    this.#waitedMs = this.#time.waited();
    const { used_heap_size, external_memory } = getHeapStatistics();
    Atomics.store(this.#words, THREAD_WORDS.heapKb, Math.round(used_heap_size / 1024));
    Atomics.store(this.#words, THREAD_WORDS.externalKb, Math.round(external_memory / 1024));
    Atomics.add(this.#words, THREAD_WORDS.turns, 1);
  }

  /** The loop is past what was entered. */
  readonly #close = (): void => {
    if (this.#since !== null) this.#judge(this.#time.now() - this.#since);
    this.#since = null;
  };

  #judge(forMs: number): void {
    if (forMs < this.#limitMs) return;
    const ownMs = forMs - (this.#time.waited() - this.#waitedMs);
    if (ownMs < this.#limitMs) return;
    this.#hasTold = true;
    this.#onBlocked(this.#current, Math.round(ownMs));
  }
}

const threadTime: ThreadTime = {
  now: () => performance.now(),
  waited() {
    try {
      return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
    } catch {
      // Only Linux tells.
      return 0;
    }
  },
};
