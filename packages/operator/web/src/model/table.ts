/** Which monitors a table shows, and in which order. Pure. */
import type { MonitorRow } from '../api/types.js';
import { conditionOf, needsAttention, rankOf } from './condition.js';
import type { Sort, TableQuery } from './route.js';

/** Of `is`: all conditions that need somebody. */
export const ATTENTION = 'attention';

export function isShown(row: MonitorRow, query: TableQuery): boolean {
  const { q, is, state, health, kind, chain } = query;
  if (state !== '' && row.state !== state) return false;
  if (health !== '' && row.health !== health) return false;
  if (kind !== '' && row.kind !== kind) return false;
  if (chain !== '' && row.chain !== chain) return false;
  if (is === ATTENTION && !needsAttention(conditionOf(row))) return false;
  if (is !== '' && is !== ATTENTION && conditionOf(row) !== is) return false;
  return hasAllWords(row, q);
}

/** Each word somewhere in name, id, kind or chain; letter case does not count. */
function hasAllWords({ name, id, kind, chain }: MonitorRow, q: string): boolean {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = `${name}\n${id}\n${kind}\n${chain}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A new list; equal ones stand by their names, then ids, also when turned round. */
export function tableOf(rows: Iterable<MonitorRow>, query: TableQuery): MonitorRow[] {
  const direction = query.isReversed ? -1 : 1;
  const keyed: { readonly row: MonitorRow; readonly key: string | number }[] = [];
  for (const row of rows) if (isShown(row, query)) keyed.push({ row, key: keyOf(row, query.sort) });
  return keyed
    .sort(
      (a, b) =>
        direction * compared(a.key, b.key) ||
        compared(a.row.name, b.row.name) ||
        compared(a.row.id, b.row.id),
    )
    .map(({ row }) => row);
}

/** The first of the order `worst` without sorting all of them. */
export function worstOf(rows: Iterable<MonitorRow>, most: number): MonitorRow[] {
  const found: MonitorRow[] = [];
  for (const row of rows) if (needsAttention(conditionOf(row))) found.push(row);
  return found
    .sort(
      (a, b) =>
        rankOf(conditionOf(a)) - rankOf(conditionOf(b)) ||
        (b.since ?? 0) - (a.since ?? 0) ||
        compared(a.id, b.id),
    )
    .slice(0, most);
}

/** What a filter can be set to: values with their numbers, most first. */
export function choicesOf(
  rows: Iterable<MonitorRow>,
  field: 'kind' | 'chain' | 'state' | 'health',
): readonly { readonly value: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { [field]: value } of rows) {
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compared(a.value, b.value));
}

function keyOf(row: MonitorRow, sort: Sort): string | number {
  switch (sort) {
    case 'worst':
      return rankOf(conditionOf(row));
    case 'lastRound':
      // Newest first is what one looks for.
      return -(row.lastRound?.at ?? 0);
    case 'restarts':
      return -row.restarts;
    default:
      return row[sort].toLowerCase();
  }
}

function compared<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
