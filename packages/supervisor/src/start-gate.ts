/**
 * Bounds how many workers start at a time and how fast. An idle gate grants at once, in the same
 * turn. p-queue keeps order, priority and concurrency; the pace is ours, because p-queue's own
 * follows the wall clock and would stand still for as long as that is set back.
 */
import type { Clock } from '@vedette/contract';
import PQueue from 'p-queue';
import { afterGrant, paceOf, waitMs, type Pace } from './pace.js';

export interface StartGateOptions {
  readonly maxConcurrent: number;
  readonly perSecond: number;
  readonly clock: Clock;
  /** A start slower than this no longer holds up the others. Default 1,000 ms. */
  readonly holdMs?: number;
}

const LEAST_SHARE = 0.25;

/** One that was refused asks again when nobody else wants to start. */
export const PRIORITY = { refused: -1, first: 0, recovery: 1 } as const;

/** The permission to start one worker. */
export interface Ticket {
  readonly isGranted: boolean;
  /** Leaves the queue, or ends the start. Idempotent. */
  release(): void;
}

export class StartGate {
  readonly #queue: PQueue;
  readonly #clock: Clock;
  readonly #holdMs: number;
  readonly #pace: Pace;
  #account = -Infinity;
  #cancelPause: (() => void) | null = null;

  constructor(options: StartGateOptions) {
    this.#queue = new PQueue({ concurrency: options.maxConcurrent });
    this.#clock = options.clock;
    this.#holdMs = options.holdMs ?? 1_000;
    this.#pace = paceOf(options.perSecond);
  }

  /** Starts waiting for a permission. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Calls `granted` once there is room, possibly before returning; never after a release. `share`: what it takes of
   * the pace, whose reason is the broker; what opens no connection takes a quarter, for starting is work for us too.
   */
  request(priority: number, granted: () => void, share = 1): Ticket {
    const cancel = new AbortController();
    const ticket = {
      isGranted: false,
      release: () => {
        cancel.abort();
      },
    };
    const start = (): Promise<void> =>
      new Promise((resolve) => {
        const cancelHold = this.#clock.after(this.#holdMs, resolve);
        ticket.release = () => {
          cancelHold();
          resolve();
        };
        ticket.isGranted = true;
        this.#keepPace(Math.max(LEAST_SHARE, share));
        granted();
      });
    // Rejects only when cancelled while waiting, which is what the caller asked for.
    this.#queue.add(start, { priority, signal: cancel.signal }).catch(() => undefined);
    return ticket;
  }

  /** Lets go of the timer; nothing is granted afterwards. */
  close(): void {
    this.#queue.pause();
    this.#cancelPause?.();
    this.#cancelPause = null;
  }

  #keepPace(share: number): void {
    const now = this.#clock.monotonic();
    this.#account = afterGrant(this.#pace, this.#account, now, share);
    const wait = waitMs(this.#pace, this.#account, now);
    if (wait <= 0) return;
    this.#queue.pause();
    this.#cancelPause = this.#clock.after(wait, () => {
      this.#cancelPause = null;
      this.#queue.start();
    });
  }
}
