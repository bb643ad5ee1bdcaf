/** Plain order statistics. Pure; an empty list is an error, never NaN. */

export function median(samples: readonly number[]): number {
  const sorted = ascending(samples);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Nearest rank: with fewer than a hundred samples the largest of them. */
export function p99(samples: readonly number[]): number {
  const sorted = ascending(samples);
  return sorted[Math.ceil(0.99 * sorted.length) - 1] as number;
}

function ascending(samples: readonly number[]): number[] {
  if (samples.length === 0) throw new RangeError('no samples');
  return [...samples].sort((a, b) => a - b);
}
