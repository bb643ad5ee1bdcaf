/** Waits for a condition by asking, never by guessing how long it takes. Promise: it ends by its deadline. */
import { PATIENCE } from './patience.js';

export interface EventuallyOptions {
  /** Longest wait in milliseconds on an idle machine; {@link PATIENCE} times that on any. Default 5,000. */
  readonly deadlineMs?: number;
  /** Pause between two looks in milliseconds. Default 10. */
  readonly everyMs?: number;
  /** Named in the error. */
  readonly what?: string;
}

/** What is left of a type when its falsy values are gone. */
type Truthy<T> = Exclude<T, false | 0 | 0n | '' | null | undefined>;

/**
 * Resolves with the first truthy value `probe` gives or resolves to. A probe that throws counts as not
 * yet; one that only asserts must end with `return true`. Rejects at the deadline with the last value in
 * the message, or the last error as its cause.
 */
export async function eventually<T>(
  probe: () => T,
  options: EventuallyOptions = {},
): Promise<Truthy<Awaited<T>>> {
  const { everyMs = 10, what = 'the condition' } = options;
  const deadlineMs = PATIENCE * (options.deadlineMs ?? 5_000);
  const end = performance.now() + deadlineMs;
  let last: { value: Awaited<T> } | { error: unknown };
  do {
    try {
      const value = await bounded(probe, end - performance.now());
      if (value) return value as Truthy<Awaited<T>>;
      last = { value };
    } catch (error) {
      last = { error };
    }
    await pause(everyMs);
  } while (performance.now() < end);
  const seen = 'error' in last ? 'it threw' : `last value ${describe(last.value)}`;
  throw new Error(
    `${what} did not come about within ${deadlineMs} ms: ${seen}`,
    'error' in last ? { cause: last.error } : undefined,
  );
}

/** A probe that never settles must not outlive the deadline. */
async function bounded<T>(probe: () => T, remainingMs: number): Promise<Awaited<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        reject(new Error('the probe itself did not settle'));
      },
      Math.max(1, remainingMs),
    );
  });
  try {
    return await Promise.race([probe(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function describe(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 500);
  } catch {
    return String(value);
  }
}
