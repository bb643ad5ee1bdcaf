/** Looks for the largest number that is good, by doubling and halving. Pure. */

export interface Tried {
  readonly n: number;
  readonly isGood: boolean;
}

/** Largest good and smallest bad number so far; null where there is none. */
export function boundsOf(tried: readonly Tried[]): {
  readonly good: number | null;
  readonly bad: number | null;
} {
  const good = tried.filter(({ isGood }) => isGood).map(({ n }) => n);
  const bad = tried.filter(({ isGood }) => !isGood).map(({ n }) => n);
  return {
    good: good.length === 0 ? null : Math.max(...good),
    bad: bad.length === 0 ? null : Math.min(...bad),
  };
}

/**
 * What to try next, from 1 to `most`; null when the answer is known to `precision` (0.1: the smallest bad number
 * is at most a tenth above the largest good one) or lies at an end. A bad number below a good one is noise, and
 * the search ends there.
 */
export function nextTry(
  tried: readonly Tried[],
  { first, most, precision }: { readonly first: number; readonly most: number; readonly precision: number },
): number | null {
  const { good, bad } = boundsOf(tried);
  if (good === null && bad === null) return Math.max(1, Math.min(Math.floor(first), most));
  if (good === null) return bad === null || bad <= 1 ? null : Math.max(1, Math.floor(bad / 2));
  if (bad === null) return good >= most ? null : Math.min(good * 2, most);
  if (bad <= good * (1 + precision) || bad - good <= 1) return null;
  return Math.floor((good + bad) / 2);
}

/** From the memory of few to a first guess: eight tenths of what the limit would hold. */
export function guessOf(limitMb: number, emptyMb: number, eachMb: number): number {
  return Math.max(1, Math.floor((0.8 * (limitMb - emptyMb)) / Math.max(eachMb, 0.01)));
}
