/** Waits for events of an emitter. Promise: it ends by its deadline, and leaves no listener. */
import type { EventEmitter } from 'node:events';

const DEADLINE_MS = 120_000;

/**
 * Resolves when `isDone` says so of an event, with the instant of that event (`performance.now()`): what is
 * still queued behind it is not waited for. It is asked for each of the events named.
 */
export function until(
  emitter: EventEmitter,
  names: readonly string[],
  isDone: (name: string, event: never) => boolean,
  what: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const listeners = names.map((name) => {
      const listener = (event: unknown): void => {
        if (!isDone(name, event as never)) return;
        const at = performance.now();
        end(() => {
          resolve(at);
        });
      };
      return [name, listener] as const;
    });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      for (const [name, listener] of listeners) emitter.off(name, listener);
      settle();
    };
    const timer = setTimeout(() => {
      end(() => {
        reject(new Error(`${what} did not come about within ${DEADLINE_MS} ms`));
      });
    }, DEADLINE_MS);
    for (const [name, listener] of listeners) emitter.on(name, listener);
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
