/** A monitor's states as a band over time. Pure. */
import type { HistoryEntry } from '../api/types.js';

export interface Span {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

/** What it was in from the first known change until `now`; what came before is not known. */
export function spansOf(history: readonly HistoryEntry[], what: 'state' | 'health', now: number): Span[] {
  const changes = history.filter((entry) => entry.what === what);
  const spans: Span[] = [];
  for (const [index, { at, to }] of changes.entries()) {
    const end = Math.max(at, changes[index + 1]?.at ?? now);
    const before = spans.at(-1);
    if (before !== undefined && before.word === to) spans[spans.length - 1] = { ...before, to: end };
    else spans.push({ word: to, from: at, to: end });
  }
  return spans;
}

/** Share of its time in each word, most first. */
export function sharesOf(
  spans: readonly Span[],
): readonly { readonly word: string; readonly share: number }[] {
  const total = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const times = new Map<string, number>();
  for (const { word, from, to } of spans) times.set(word, (times.get(word) ?? 0) + to - from);
  if (total === 0) return [];
  return [...times].map(([word, time]) => ({ word, share: time / total })).sort((a, b) => b.share - a.share);
}
