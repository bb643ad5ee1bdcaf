/**
 * What a worker's work loop tells its supervisor through shared memory.
 *
 * One slot has one writer (the worker) and every field is one 32-bit word touched only through
 * `Atomics`, so nothing tears and nothing locks. No field depends on another, and no clock crosses
 * the border: the supervisor notes by its own clock when it sees a word change.
 */
const WORDS = 8;
const BEATS = 0;
const ROUND = 1;
const STEPS = 2;
const HEAP_KB = 3;
const EXTERNAL_KB = 4;
const LAST_ROUND_MS = 5;

/** What a worker told of itself at one moment. */
export interface VitalsReading {
  /** Goes up by one with every turn of the work loop; wraps. Standing still means blocked. */
  readonly beats: number;
  /** Rounds begun so far. */
  readonly rounds: number;
  readonly isInRound: boolean;
  /** Progress marks the monitor's author set with `ctx.step()`. */
  readonly steps: number;
  readonly heapKb: number;
  /** Buffers and other memory outside the heap. */
  readonly externalKb: number;
  readonly lastRoundMs: number;
}

/** Shared memory for the vitals of `slots` workers. */
export function createVitals(slots = 1): SharedArrayBuffer {
  return new SharedArrayBuffer(slots * WORDS * Int32Array.BYTES_PER_ELEMENT);
}

/** Tells through shared memory how a worker fares. One writer per slot. */
export class VitalsWriter {
  readonly #words: Int32Array;
  readonly #memoryShare: number;
  readonly #mostExternalKb: number;
  /**
   * `memoryShare`: the part of its thread's memory a worker answers for, 1 where it is alone. `mostExternalKb`: it
   * never tells of more; whose it is that lies outside the heap of a shared thread, and has no limit of V8's, is not known.
   */
  constructor(buffer: SharedArrayBuffer, slot = 0, memoryShare = 1, mostExternalKb = Infinity) {
    this.#words = slotOf(buffer, slot);
    this.#memoryShare = memoryShare;
    this.#mostExternalKb = mostExternalKb;
  }
  beat(): void {
    Atomics.add(this.#words, BEATS, 1);
  }
  /** Odd while a round is under way: begun and ended live in one word, so they cannot disagree. */
  beginRound(): void {
    Atomics.add(this.#words, ROUND, 1);
    this.beat();
  }
  endRound(durationMs: number): void {
    Atomics.store(this.#words, LAST_ROUND_MS, Math.round(durationMs));
    Atomics.add(this.#words, ROUND, 1);
    this.beat();
  }
  step(): void {
    Atomics.add(this.#words, STEPS, 1);
  }
  memory(heapBytes: number, externalBytes: number): void {
    const perKb = this.#memoryShare / 1024;
    Atomics.store(this.#words, HEAP_KB, Math.round(heapBytes * perKb));
    const externalKb = Math.min(externalBytes * perKb, this.#mostExternalKb);
    Atomics.store(this.#words, EXTERNAL_KB, Math.round(externalKb));
  }
}

/** Reads what one worker tells through shared memory; from any thread, without locks. */
export class VitalsReader {
  readonly #words: Int32Array;
  /** The slot's memory, for a watch that must not pay a call per monitor: its first word counts beats. */
  get words(): Int32Array {
    return this.#words;
  }
  constructor(buffer: SharedArrayBuffer, slot = 0) {
    this.#words = slotOf(buffer, slot);
  }
  /** The beat alone, for the watch loop: no allocation. */
  beats(): number {
    return Atomics.load(this.#words, BEATS);
  }
  /** The round word alone: odd while in a round. */
  roundWord(): number {
    return Atomics.load(this.#words, ROUND);
  }
  heapKb(): number {
    return Atomics.load(this.#words, HEAP_KB);
  }
  externalKb(): number {
    return Atomics.load(this.#words, EXTERNAL_KB);
  }
  read(): VitalsReading {
    const word = this.roundWord();
    return {
      beats: this.beats(),
      rounds: (word + 1) >>> 1,
      isInRound: (word & 1) === 1,
      steps: Atomics.load(this.#words, STEPS),
      heapKb: this.heapKb(),
      externalKb: this.externalKb(),
      lastRoundMs: Atomics.load(this.#words, LAST_ROUND_MS),
    };
  }
}

function slotOf(buffer: SharedArrayBuffer, slot: number): Int32Array {
  return new Int32Array(buffer, slot * WORDS * Int32Array.BYTES_PER_ELEMENT, WORDS);
}
