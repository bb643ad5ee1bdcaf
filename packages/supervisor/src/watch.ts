/**
 * The watch loop: one timer looks at the vitals of all running workers. It keeps its own time, so
 * that no clock crosses the border, and what it touches at each turn lies side by side in memory:
 * with hundreds of workers the cost is in waiting for memory, not in counting.
 */
import type { Clock, VitalsReader } from '@vedette/contract';
import { creditedMs, verdictOf, type BadVerdict, type WatchBounds } from './watch-decision.js';

export interface WatchListener {
  /** Said once; the worker is then left alone until {@link Watched.resume}. */
  onVerdict(verdict: BadVerdict, forMs: number): void;
  /** Once per beat but no oftener than twice a second, for what depends on time alone. */
  onBeat(): void;
}

const POLLS_PER_BEAT = 8;
/** Below this a turn costs more in waking up than it tells. */
const SHORTEST_POLL_MS = 50;
/** Rounds and memory are bounded in seconds: they need no look at every turn. */
const SHORTEST_LOOK_MS = 125;
const SHORTEST_BEAT_TURN_MS = 500;
const FIRST_CAPACITY = 64;

export class Watch {
  readonly #clock: Clock;
  readonly #beatMs: number;
  readonly #pollMs: number;
  readonly #watched: Watched[] = [];
  /** Parallel to `#watched`: the beats last seen, when they last moved, and 1 after a verdict. */
  #beats = new Int32Array(FIRST_CAPACITY);
  #beatAt = new Float64Array(FIRST_CAPACITY);
  #isPaused = new Uint8Array(FIRST_CAPACITY);
  readonly #words: Int32Array[] = [];
  #cancel: (() => void) | null = null;
  #polledAt = 0;
  #observedMs = 0;
  #beatDueMs = 0;
  #lookDueMs = 0;

  constructor(clock: Clock, beatMs: number) {
    this.#clock = clock;
    this.#beatMs = beatMs;
    this.#pollMs = Math.max(SHORTEST_POLL_MS, beatMs / POLLS_PER_BEAT);
  }

  /** Watches a worker from now on; the timer runs while anything is watched. */
  add(reader: VitalsReader, bounds: WatchBounds, listener: WatchListener): Watched {
    if (this.#cancel === null) {
      this.#polledAt = this.#clock.monotonic();
      this.#arm();
    }
    const index = this.#watched.length;
    if (index === this.#beats.length) this.#grow();
    const watched = new Watched(reader, bounds, listener, this, index);
    this.#watched.push(watched);
    this.#words.push(reader.words);
    this.mark(watched);
    return watched;
  }

  remove(watched: Watched): void {
    const { index } = watched;
    if (this.#watched[index] !== watched) return;
    const last = this.#watched.pop() as Watched;
    const words = this.#words.pop() as Int32Array;
    if (last !== watched) {
      const from = this.#watched.length;
      this.#watched[index] = last;
      this.#words[index] = words;
      this.#beats[index] = this.#beats[from] as number;
      this.#beatAt[index] = this.#beatAt[from] as number;
      this.#isPaused[index] = this.#isPaused[from] as number;
      last.index = index;
    }
    if (this.#watched.length > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** By the watch's own account of time. */
  get observedMs(): number {
    return this.#observedMs;
  }

  beatsSeen(watched: Watched): number {
    return this.#beats[watched.index] as number;
  }

  isWatching(watched: Watched): boolean {
    return this.#watched[watched.index] === watched && this.#isPaused[watched.index] === 0;
  }

  pause(watched: Watched): void {
    this.#isPaused[watched.index] = 1;
  }

  /** Takes what the worker shows now as seen now, and judges it from here on. */
  mark(watched: Watched): void {
    if (this.#watched[watched.index] !== watched) return;
    this.#isPaused[watched.index] = 0;
    this.#beats[watched.index] = watched.reader.beats();
    this.#beatAt[watched.index] = this.#observedMs;
  }

  #arm(): void {
    this.#cancel = this.#clock.after(this.#pollMs, this.#poll);
  }

  #grow(): void {
    const [beats, beatAt, isPaused] = [this.#beats, this.#beatAt, this.#isPaused];
    this.#isPaused = new Uint8Array(isPaused.length * 2);
    this.#isPaused.set(isPaused);
    this.#beats = new Int32Array(beats.length * 2);
    this.#beats.set(beats);
    this.#beatAt = new Float64Array(beatAt.length * 2);
    this.#beatAt.set(beatAt);
  }

  readonly #poll = (): void => {
    const monotonic = this.#clock.monotonic();
    const now = this.#observedMs + creditedMs(monotonic - this.#polledAt, this.#beatMs);
    this.#observedMs = now;
    this.#polledAt = monotonic;
    const isBeat = now >= this.#beatDueMs;
    if (isBeat) this.#beatDueMs = now + Math.max(this.#beatMs, SHORTEST_BEAT_TURN_MS);
    const isLook = isBeat || now >= this.#lookDueMs;
    if (isLook) this.#lookDueMs = now + SHORTEST_LOOK_MS;
    this.#arm();
    const [words, beats, beatAt] = [this.#words, this.#beats, this.#beatAt];
    const hangMs = this.#shortestHangMs();
    // Backwards, since a verdict may remove the worker and put the last one in its place.
    for (let index = words.length - 1; index >= 0; index -= 1) {
      const seen = Atomics.load(words[index] as Int32Array, 0);
      if (this.#isPaused[index] === 1) {
        // After a verdict its account stands still, so that a late beat can be told.
        if (isBeat) this.#watched[index]?.turn();
        continue;
      }
      if (seen !== beats[index]) {
        beats[index] = seen;
        beatAt[index] = now;
        if (!isLook) continue;
      } else if (!isLook && now - (beatAt[index] as number) < hangMs) {
        continue;
      }
      this.#watched[index]?.look(now, now - (beatAt[index] as number), isBeat);
    }
  };

  /** All bounds of one watch come from one beat, so one number serves the quick test. */
  #shortestHangMs(): number {
    return this.#watched[0]?.bounds.hangMs ?? 0;
  }
}

/** One worker as the watch loop remembers it. */
export class Watched {
  /** Its place in the watch's lists; moves when another worker is removed. */
  index: number;
  readonly reader: VitalsReader;
  readonly bounds: WatchBounds;
  readonly #listener: WatchListener;
  readonly #watch: Watch;
  #round: number;
  #roundAt: number;

  constructor(
    reader: VitalsReader,
    bounds: WatchBounds,
    listener: WatchListener,
    watch: Watch,
    index: number,
  ) {
    this.reader = reader;
    this.bounds = bounds;
    this.index = index;
    this.#listener = listener;
    this.#watch = watch;
    this.#round = reader.roundWord();
    this.#roundAt = watch.observedMs;
  }

  /** True if the word that told of this verdict has moved since. */
  hasMoved(verdict: 'hung' | 'round-timeout'): boolean {
    return verdict === 'hung'
      ? this.reader.beats() !== this.#watch.beatsSeen(this)
      : this.reader.roundWord() !== this.#round;
  }

  /** Watches again after a verdict, with a fresh account. */
  resume(): void {
    this.#watch.mark(this);
    this.#round = this.reader.roundWord();
    this.#roundAt = this.#watch.observedMs;
  }

  turn(): void {
    this.#listener.onBeat();
  }

  look(now: number, stillMs: number, isBeat: boolean): void {
    if (isBeat) this.turn();
    // What listens may have given this worker up.
    if (!this.#watch.isWatching(this)) return;
    const { reader } = this;
    const round = reader.roundWord();
    if (round !== this.#round) {
      this.#round = round;
      this.#roundAt = now;
    }
    const inRoundMs = (round & 1) === 1 ? now - this.#roundAt : 0;
    const verdict = verdictOf(this.bounds, stillMs, inRoundMs, reader.heapKb(), reader.externalKb());
    if (verdict === 'well') return;
    this.#watch.pause(this);
    this.#listener.onVerdict(verdict, verdict === 'round-timeout' ? inRoundMs : stillMs);
  }
}
