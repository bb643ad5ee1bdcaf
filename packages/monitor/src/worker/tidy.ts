/**
 * Keeps the heap of a thread small although V8 sees no reason to. Promise: some 12 ms of processor time after the
 * start and then at most every half minute, between rounds (of a shared thread: of the one that asks), and none while
 * the processor is busy: V8 shares the work among a few threads of the process, and waits until all have done their part.
 *
 * V8 lets garbage that outlived the young generation lie until the old one is half of its limit, which takes a
 * monitor hours: in a fleet that is hundreds of megabytes. And what loading leaves, about 3 MB, it gives back only
 * to a thread that falls idle at the right moment after a collection.
 */
import type { Clock } from '@vedette/contract';

/** What of V8 this needs. */
export interface Heap {
  /** Bytes that outlived the young generation: what comes and goes in there is V8's own affair. */
  used(): number;
  /** All of it, and gives back what is free; `done` once it is. */
  collect(done: () => void): void;
}

export interface TidyParts {
  readonly heap: Heap;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly isBusy: () => boolean;
  /** In [0, 1): threads that began together do not collect together. */
  readonly random: () => number;
  /** Must not keep the thread alive. */
  readonly later: (delayMs: number, action: () => void) => void;
}

/** Between what makes it worth while and the collection: at least the first, at most both. */
const DELAY_MS = 3_000;
const SPREAD_MS = 6_000;
/**
 * Growth since the last collection that is worth the next, and how long that must be ago: each costs more than itself,
 * since V8 throws away compiled code of what is not in use at that instant. A thread that a hundred monitors share
 * grows by a quarter within seconds.
 */
const MUCH = { bytes: 2 * 1024 * 1024, share: 0.25, restMs: 60_000 };
/** … and what is worth one now and then. */
const SOME = { bytes: 256 * 1024, restMs: 240_000 };

export class Tidy {
  readonly #parts: TidyParts;
  /** Used after the last collection; null before the first. */
  #floor: number | null = null;
  #collectedAt = 0;
  /** So many times as long a rest as the others take. */
  #patience = 1;
  /** Until it is done. */
  #isPlanned = false;

  constructor(parts: TidyParts) {
    this.#parts = parts;
  }

  /** A round is over, and a wait begins. */
  beforeWait(): void {
    const { heap, clock } = this.#parts;
    if (this.#isPlanned) return;
    const restedMs = (clock.monotonic() - this.#collectedAt) / this.#patience;
    if (!isWorthCollecting({ used: heap.used(), floor: this.#floor, restedMs })) return;
    this.#isPlanned = true;
    this.#plan();
  }

  #plan(): void {
    const { isBusy, random, later } = this.#parts;
    later(DELAY_MS + SPREAD_MS * random(), () => {
      if (isBusy()) this.#plan();
      else this.#collect();
    });
  }

  #collect(): void {
    const { heap, clock, random } = this.#parts;
    heap.collect(() => {
      this.#isPlanned = false;
      this.#floor = heap.used();
      this.#collectedAt = clock.monotonic();
      this.#patience = 0.5 + random();
    });
  }
}

/** `floor`: used after the last collection; null before the first. `restedMs`: since then. */
export function isWorthCollecting({
  used,
  floor,
  restedMs,
}: {
  readonly used: number;
  readonly floor: number | null;
  readonly restedMs: number;
}): boolean {
  if (floor === null) return true;
  const grown = used - floor;
  const isMuch = grown >= Math.max(MUCH.bytes, floor * MUCH.share);
  return (isMuch && restedMs >= MUCH.restMs) || (grown >= SOME.bytes && restedMs >= SOME.restMs);
}
