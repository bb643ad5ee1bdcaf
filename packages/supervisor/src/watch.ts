/**
 * The watch loop: one timer looks at the vitals of all running workers. It keeps its own time, so
 * that no clock crosses the border, and allocates nothing per worker and turn.
 */
import type { Clock, VitalsReader } from '@vedette/contract';
import { creditedMs, verdictOf, type BadVerdict, type WatchBounds } from './watch-decision.js';

export interface WatchListener {
  /** Said once; the worker is then left alone until {@link Watched.resume}. */
  onVerdict(verdict: BadVerdict, forMs: number): void;
  /** Once per beat, for what depends on time alone. */
  onBeat(): void;
}

const POLLS_PER_BEAT = 8;
const SHORTEST_POLL_MS = 10;

export class Watch {
  readonly #clock: Clock;
  readonly #beatMs: number;
  readonly #pollMs: number;
  readonly #watched = new Set<Watched>();
  #cancel: (() => void) | null = null;
  #polledAt = 0;
  #observedMs = 0;
  #beatDueMs = 0;

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
    const watched = new Watched(reader, bounds, listener, () => this.#observedMs);
    this.#watched.add(watched);
    return watched;
  }

  remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(): void {
    this.#cancel = this.#clock.after(this.#pollMs, this.#poll);
  }

  readonly #poll = (): void => {
    const now = this.#clock.monotonic();
    this.#observedMs += creditedMs(now - this.#polledAt, this.#beatMs);
    this.#polledAt = now;
    const isBeat = this.#observedMs >= this.#beatDueMs;
    if (isBeat) this.#beatDueMs = this.#observedMs + this.#beatMs;
    this.#arm();
    for (const watched of this.#watched) watched.inspect(this.#observedMs, isBeat);
  };
}

/** One worker as the watch loop remembers it. */
export class Watched {
  readonly #reader: VitalsReader;
  readonly #bounds: WatchBounds;
  readonly #listener: WatchListener;
  readonly #observed: () => number;
  #beats: number;
  #beatAt: number;
  #round: number;
  #roundAt: number;
  #isPaused = false;

  constructor(reader: VitalsReader, bounds: WatchBounds, listener: WatchListener, observed: () => number) {
    this.#reader = reader;
    this.#bounds = bounds;
    this.#listener = listener;
    this.#observed = observed;
    this.#beats = reader.beats();
    this.#round = reader.roundWord();
    this.#beatAt = this.#roundAt = observed();
  }

  /** True if the word that told of this verdict has moved since. */
  hasMoved(verdict: 'hung' | 'round-timeout'): boolean {
    return verdict === 'hung'
      ? this.#reader.beats() !== this.#beats
      : this.#reader.roundWord() !== this.#round;
  }

  /** Watches again after a verdict, with a fresh account. */
  resume(): void {
    this.#isPaused = false;
    this.#beats = this.#reader.beats();
    this.#round = this.#reader.roundWord();
    this.#beatAt = this.#roundAt = this.#observed();
  }

  inspect(now: number, isBeat: boolean): void {
    if (isBeat) this.#listener.onBeat();
    if (this.#isPaused) return;
    const reader = this.#reader;
    const beats = reader.beats();
    if (beats !== this.#beats) {
      this.#beats = beats;
      this.#beatAt = now;
    }
    const round = reader.roundWord();
    if (round !== this.#round) {
      this.#round = round;
      this.#roundAt = now;
    }
    const stillMs = now - this.#beatAt;
    const inRoundMs = (round & 1) === 1 ? now - this.#roundAt : 0;
    const verdict = verdictOf(this.#bounds, stillMs, inRoundMs, reader.heapKb(), reader.externalKb());
    if (verdict === 'well') return;
    this.#isPaused = true;
    this.#listener.onVerdict(verdict, verdict === 'round-timeout' ? inRoundMs : stillMs);
  }
}
