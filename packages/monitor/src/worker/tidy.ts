/**
 * Keeps the heap of a thread small although V8 sees no reason to. Promise: it costs a round at most 1 ms, and some
 * 10 ms every few minutes, after the round and never in it (of a shared thread: in none of the one that asks).
 *
 * V8 lets garbage that outlived the young generation lie until the old one is half of its limit, which takes a
 * monitor hours: in a fleet that is hundreds of megabytes. And it gives memory back only to a thread it saw
 * collecting, some eight seconds after it fell idle: loading leaves about 3 MB that nothing collects where the
 * next round is a minute away.
 */
import type { Clock } from '@vedette/contract';

/** What of V8 this needs. Lengths in bytes; `collect` is `gc()` of `--expose-gc`. */
export interface Heap {
  used(): number;
  /** `young` takes about 1 ms, `all` about 10. */
  collect(what: 'young' | 'all'): void;
}

/** Before a shorter wait a hint costs more than it saves. */
const LONG_WAIT_MS = 20_000;
/** Growth since the last full collection that is worth the next at once. */
const MUCH = { bytes: 2 * 1024 * 1024, share: 0.25 };
/** … and what is worth one now and then: less is the young generation coming and going. */
const SOME_BYTES = 256 * 1024;
const NOW_AND_THEN_MS = 240_000;

export class Tidy {
  readonly #heap: Heap;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #random: () => number;
  /** Used after the last full collection, or after the first round; null before. */
  #floor: number | null = null;
  #dueAt = 0;

  /** `random` in [0, 1): threads that began together do not collect together. */
  constructor(heap: Heap, clock: Pick<Clock, 'monotonic'>, random: () => number) {
    this.#heap = heap;
    this.#clock = clock;
    this.#random = random;
  }

  /** A round is over, and the next is due in `waitMs`. */
  beforeWait(waitMs: number): void {
    const isDue = this.#clock.monotonic() >= this.#dueAt;
    const what = collectionFor({ used: this.#heap.used(), floor: this.#floor, isDue, waitMs });
    if (what === null) return;
    this.#heap.collect(what);
    if (what === 'young' && this.#floor !== null) return;
    this.#floor = this.#heap.used();
    this.#dueAt = this.#clock.monotonic() + NOW_AND_THEN_MS * (0.5 + this.#random());
  }
}

/** `floor`: used after the last full collection; null before the first round. `isDue`: it was long ago. */
export function collectionFor({
  used,
  floor,
  isDue,
  waitMs,
}: {
  readonly used: number;
  readonly floor: number | null;
  readonly isDue: boolean;
  readonly waitMs: number;
}): 'young' | 'all' | null {
  if (floor === null) return 'young';
  const grown = used - floor;
  if (grown >= Math.max(MUCH.bytes, floor * MUCH.share) || (isDue && grown >= SOME_BYTES)) return 'all';
  return waitMs >= LONG_WAIT_MS ? 'young' : null;
}
