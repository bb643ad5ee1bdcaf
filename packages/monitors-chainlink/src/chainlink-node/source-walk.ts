/**
 * Which of a node's URLs is asked, in which order (panic-monitors-contract 9.3). Promise: no URL is
 * asked twice, and the whole walk ends within its budget.
 */
import { sourceFamilyOf } from '@vedette/monitor';

/** What asking one URL came to. `error` is final: only an unreachable URL moves the walk on. */
export type WalkOutcome<T> =
  { readonly url: string; readonly answer: T } | { readonly url: string; readonly error: unknown };

export interface WalkOptions {
  readonly urls: readonly [string, ...string[]];
  /** The URL that answered last; one that is no longer listed is forgotten. */
  readonly lastUrl: string | null;
  /** For all URLs together, milliseconds. */
  readonly budgetMs: number;
  /** Longest wait for one URL, milliseconds. */
  readonly maxWaitMs: number;
  readonly monotonic: () => number;
}

/**
 * The last good URL, then the list from its start. The first that answers, well or badly, is the
 * outcome; if none does, the last good URL with its error.
 */
export async function walkSources<T>(
  options: WalkOptions,
  ask: (url: string, timeoutMs: number) => Promise<T>,
): Promise<WalkOutcome<T>> {
  const { urls, budgetMs, maxWaitMs, monotonic } = options;
  const preferred = lastUrlOf(options);
  const order = [...new Set([preferred, ...urls])];
  const endMs = monotonic() + budgetMs;
  let firstError: unknown;
  for (const [index, url] of order.entries()) {
    // An equal share of what is left: early dead URLs that fail fast leave more for the rest.
    const shareMs = (endMs - monotonic()) / (order.length - index);
    try {
      return { url, answer: await ask(url, Math.max(1, Math.min(maxWaitMs, Math.floor(shareMs)))) };
    } catch (error) {
      if (sourceFamilyOf(error) !== 'unreachable') return { url, error };
      if (index === 0) firstError = error;
    }
  }
  return { url: preferred, error: firstError };
}

export function lastUrlOf(options: Pick<WalkOptions, 'urls' | 'lastUrl'>): string {
  const { urls, lastUrl } = options;
  return lastUrl !== null && urls.includes(lastUrl) ? lastUrl : urls[0];
}
