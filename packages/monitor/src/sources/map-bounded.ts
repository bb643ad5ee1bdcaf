/**
 * Many requests to one source, some at a time. Promise: never more than `limit` are under way, they begin in
 * the order of the items, and when it settles none is under way any more.
 */

/**
 * Results in the order of the items. The first failure or the abort of `signal` starts no further item; what
 * is under way is waited for, then the failure is thrown. Items that must not fail each other catch by themselves.
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  fn: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const pending = items.entries();
  let failure: { readonly error: unknown } | null = null;
  const work = async (): Promise<void> => {
    // One iterator for all: each worker takes the next item nobody has.
    for (const [index, item] of pending) {
      try {
        signal.throwIfAborted();
        results[index] = await fn(item, index);
      } catch (error) {
        failure ??= { error };
      }
      if (failure !== null) return;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, work));
  // TypeScript does not see that a worker sets it.
  const failed = failure as { readonly error: unknown } | null;
  if (failed !== null) throw failed.error;
  return results;
}
