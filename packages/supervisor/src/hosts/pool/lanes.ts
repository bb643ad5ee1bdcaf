/**
 * The threads of a pool: those that take rounds, those given up that still run something, and those for
 * suspects alone. Promise: no more than asked for take rounds, and a monitor keeps its thread while it can.
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
  /** By slot, 1 to `threads`. */
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
    const [best] = [...this.#slots.values()]
      .filter((lane) => this.#isFit(lane))
      .sort((a, b) => a.homed - b.homed);
    if (best?.homed === 0) return best;
    for (let slot = 1; slot <= this.#options.threads; slot += 1) {
      if (this.#slots.has(slot)) continue;
      const lane = this.#begin(slot);
      this.#slots.set(slot, lane);
      return lane;
    }
    // All stand still: which one does not matter, as what is put there now will be taken out again.
    return best ?? ([...this.#slots.values()][0] as Lane);
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
