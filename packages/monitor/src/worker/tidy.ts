/**
 * Keeps the heap of a thread small although V8 sees no reason to. Promise: it costs little, and it is never called
 * in the middle of a round.
 *
 * V8 lets garbage that outlived the young generation lie until the old one is half of its limit, which takes a
 * monitor hours: in a fleet that is hundreds of megabytes. And it gives memory back only to a thread it saw
 * collecting, some eight seconds after it fell idle: loading leaves about 3 MB that nothing collects where the
 * next round is a minute away.
 */

/** What of V8 this needs. Lengths in bytes; `collect` is `gc()` of `--expose-gc`. */
export interface Heap {
  used(): number;
  /** `young` takes about 1 ms, `all` about 10. */
  collect(what: 'young' | 'all'): void;
}

/** Before a shorter wait a hint costs more than it saves. */
const LONG_WAIT_MS = 20_000;
/** Growth since the last collection that is worth the next. */
const WORTHWHILE = { bytes: 2 * 1024 * 1024, share: 0.25 };

export class Tidy {
  readonly #heap: Heap;
  /** Used after the last collection; null before the first round. */
  #floor: number | null = null;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** A round is over, and the next is due in `waitMs`. */
  beforeWait(waitMs: number): void {
    const what = collectionFor({ used: this.#heap.used(), floor: this.#floor, waitMs });
    if (what === null) return;
    this.#heap.collect(what);
    if (what === 'all' || this.#floor === null) this.#floor = this.#heap.used();
  }
}

/** `floor`: used after the last collection; null before the first round. */
export function collectionFor({
  used,
  floor,
  waitMs,
}: {
  readonly used: number;
  readonly floor: number | null;
  readonly waitMs: number;
}): 'young' | 'all' | null {
  if (floor === null) return 'young';
  if (used - floor >= Math.max(WORTHWHILE.bytes, floor * WORTHWHILE.share)) return 'all';
  return waitMs >= LONG_WAIT_MS ? 'young' : null;
}
