/** How long anything may wait: one call, and all of a round together. Promise: no wait outlives its round. */
import { VedetteError, type ErrorCode } from '@vedette/contract';

export interface Patience {
  /** `performance.now()` by which all must be done. */
  readonly byMs: number;
  /** Longest wait for one answer. */
  readonly callMs: number;
  readonly signal: AbortSignal;
}

export function timeoutOf({ byMs, callMs }: Patience): number {
  return Math.max(1, Math.min(callMs, byMs - performance.now()));
}

export function isOver({ byMs }: Patience): boolean {
  return performance.now() >= byMs;
}

/** The same with an earlier end. */
export function within(patience: Patience, ms: number, callMs = patience.callMs): Patience {
  return { ...patience, byMs: Math.min(patience.byMs, performance.now() + ms), callMs };
}

/** Settles as `promise` does, unless the time is over or the signal aborts before. */
export function bounded<T>(
  promise: Promise<T>,
  patience: Patience,
  what: string,
  code: ErrorCode = 'SOURCE_TIMEOUT',
): Promise<T> {
  const { signal } = patience;
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(new VedetteError(code, `${what} took too long`));
    }, timeoutOf(patience));
    const onAbort = (): void => {
      end();
      reject(signal.reason as Error);
    };
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    promise.then(resolve, reject).finally(end);
  });
}
