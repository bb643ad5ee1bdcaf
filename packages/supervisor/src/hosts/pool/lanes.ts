/**
 * The threads of a pool: those that take rounds, those given up that still run something, those for suspects
 * alone, and one for each monitor whose module shares none. Promise: no more than asked for take the rounds of
 * several, and a monitor keeps its thread while it can.
 */
import { Lane, type LaneListener } from './lane.js';
import type { PoolHandle } from './pool-handle.js';
import type { CheckedPoolOptions } from './pool-options.js';

/** A thread that has not turned for this part of a beat gets nothing new. */
const BUSY_BEATS = 0.75;

export class Lanes {
  /** The longest pause between two beats, as monitors were started with; threads take it over. */
  beatMs = 1_000;
  readonly #options: CheckedPoolOptions;
  readonly #listener: LaneListener;
  /** By slot: 1 to `threads`, and above it those of one monitor each. */
  readonly #slots = new Map<number, Lane>();
  readonly #drained = new Set<Lane>();
  readonly #wards = new Set<Lane>();

  constructor(options: CheckedPoolOptions, listener: LaneListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get all(): readonly Lane[] {
    return [...this.#slots.values(), ...this.#drained, ...this.#wards];
  }

  /** Where it is known, else where the fewest are; threads are begun until there are as many as asked for. */
  laneFor(handle: PoolHandle): Lane {
    const { home } = handle;
    if (home !== null && (this.#isFit(home) || (handle.isStopAsked && home.isAlive))) return home;
    const { threads } = this.#options;
    if (!handle.isPackable) return this.#own(handle);
    const shared = [...this.#slots.values()].filter(({ slot }) => slot <= threads);
    const [best] = shared.filter((lane) => this.#isFit(lane)).sort((a, b) => a.homed - b.homed);
    if (best?.homed === 0) return best;
    for (let slot = 1; slot <= threads; slot += 1) if (!this.#slots.has(slot)) return this.#fill(slot);
    // All stand still: which one does not matter, as what is put there now will be taken out again.
    return best ?? (shared[0] as Lane);
  }

  /** A thread nobody else gets into. One that stands still stays its own: it can only wait for it. */
  #own({ home }: PoolHandle): Lane {
    if (home?.isAlive === true && home.drainedSince === null) return home;
    let slot = this.#options.threads + 1;
    while (this.#slots.has(slot)) slot += 1;
    return this.#fill(slot);
  }

  #fill(slot: number): Lane {
    const lane = this.#begin(slot);
    this.#slots.set(slot, lane);
    return lane;
  }

  /** Its monitor is over: a thread of its own has nothing more to do. */
  leave(lane: Lane): void {
    if (lane.slot > this.#options.threads && lane.homed === 0) this.discard(lane);
  }

  /** A thread for suspects alone. */
  ward(): Lane {
    const lane = this.#begin(0);
    this.#wards.add(lane);
    return lane;
  }

  /** It takes nothing more, and another may take its place. */
  drain(lane: Lane, now: number): void {
    if (lane.drainedSince !== null) return;
    lane.drainedSince = now;
    this.#release(lane);
    this.#drained.add(lane);
  }

  /** Ends it, whatever is in it. */
  discard(lane: Lane): void {
    this.#release(lane);
    this.#drained.delete(lane);
    this.#wards.delete(lane);
    lane.kill();
    this.#listener.onDiscarded(lane);
  }

  #isFit(lane: Lane): boolean {
    return lane.isAlive && lane.drainedSince === null && lane.stillMs < BUSY_BEATS * this.beatMs;
  }

  #begin(slot: number): Lane {
    return new Lane(slot, this.#options, this.beatMs, this.#listener);
  }

  #release(lane: Lane): void {
    if (this.#slots.get(lane.slot) === lane) this.#slots.delete(lane.slot);
  }
}
