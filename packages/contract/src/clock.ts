/** Time is passed in, so that every decision can be tested with a fake clock. */
// Not the global ones, which a thread of several monitors puts on the account of one of them.
import { clearTimeout, setTimeout } from 'node:timers';

export interface Clock {
  /** Wall clock, epoch milliseconds; only for what people and the wire read. */
  now(): number;
  /** Monotonic milliseconds; for every interval and deadline. */
  monotonic(): number;
  /** Calls `action` once after `delayMs`; returns a function that cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
