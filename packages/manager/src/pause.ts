/** A wait that a signal cuts short. Promise: it leaves neither a timer nor a listener behind. */
import type { Clock } from '@vedette/contract';

export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(delayMs, wake);
    signal.addEventListener('abort', wake);
  });
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** Does `work` until it succeeds or the signal comes; each failure is told. Waits 1 s, doubling to 30 s. */
export async function untilDone(
  work: () => Promise<void>,
  { clock, signal, onFailure }: { clock: Clock; signal: AbortSignal; onFailure: (error: unknown) => void },
): Promise<void> {
  for (let delayMs = FIRST_RETRY_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
    try {
      await work();
      return;
    } catch (error) {
      if (!signal.aborted) onFailure(error);
    }
    await pause(clock, delayMs, signal);
  }
}
