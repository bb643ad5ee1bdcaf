/**
 * Timers that remember whose they are: what a monitor does later, in a timer of its own, is on its account. The
 * timers of the run loop come from `node:timers` and are nobody's.
 */
import * as timers from 'node:timers';
import { promisify } from 'node:util';
import { reentry } from '@vedette/contract';

type Callback = (...args: unknown[]) => void;

/** Replaces the global ones of this thread. */
export function labelTimers(): void {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const plain = timers[name] as (callback: Callback, ...rest: unknown[]) => unknown;
    const labelled = (callback: Callback, ...rest: unknown[]): unknown => {
      // What is no function is refused by Node itself.
      if (typeof callback !== 'function') return plain(callback, ...rest);
      const goOn = reentry();
      const call: Callback = (...args) => {
        goOn();
        callback(...args);
      };
      return plain(call, ...rest);
    };
    const awaited = Reflect.get(plain, promisify.custom) as unknown;
    Object.defineProperty(labelled, promisify.custom, { value: awaited });
    Reflect.set(globalThis, name, labelled);
  }
}
