/** Filter, order and pages of the list of monitors. Pure. Promise: a page goes on after the last, whatever came between. */
import { VedetteError } from '@vedette/contract';
import { z } from 'zod';
import type { MonitorSummary } from './monitor-schemas.js';
import { badness } from '../worst-first.js';

export const SORTS = [
  'worst',
  'id',
  'name',
  'kind',
  'chain',
  'state',
  'health',
  'restarts',
  'lastRound',
] as const;
type Sort = (typeof SORTS)[number];
export type Order = Sort | `-${Sort}`;
export const ORDERS = SORTS.flatMap((sort) => [sort, `-${sort}`] as const) as [Order, ...Order[]];

export interface Filter {
  readonly state?: string | undefined;
  readonly health?: string | undefined;
  readonly kind?: string | undefined;
  readonly chain?: string | undefined;
  /** In id, name, kind or chain; letter case does not count. */
  readonly q?: string | undefined;
}

export interface Page {
  readonly total: number;
  readonly next: string | null;
  readonly items: MonitorSummary[];
}

type Key = readonly [value: string | number, id: string];
const cursorSchema = z.tuple([z.enum(ORDERS), z.union([z.string(), z.number()]), z.string()]);

export function isMatch(one: MonitorSummary, { state, health, kind, chain, q }: Filter): boolean {
  if (state !== undefined && one.state !== state) return false;
  if (health !== undefined && one.health !== health) return false;
  if (kind !== undefined && one.kind !== kind) return false;
  if (chain !== undefined && one.chain !== chain) return false;
  if (q === undefined || q === '') return true;
  const text = q.toLowerCase();
  return [one.id, one.name, one.kind, one.chain].some((field) => field.toLowerCase().includes(text));
}

/** Throws API_BAD_REQUEST for a cursor that is none, or of another order. */
export function pageOf(
  all: readonly MonitorSummary[],
  {
    order,
    limit,
    cursor,
  }: { readonly order: Order; readonly limit: number; readonly cursor?: string | undefined },
): Page {
  const after = cursor === undefined ? null : readCursor(cursor, order);
  const sort = order.replace('-', '') as Sort;
  const direction = order.startsWith('-') ? -1 : 1;
  const keyed = all.map((one) => ({ one, key: [valueOf(one, sort), one.id] as const }));
  const compare = (a: Key, b: Key): number => direction * compared(a[0], b[0]) || compared(a[1], b[1]);
  const sorted = keyed.sort((a, b) => compare(a.key, b.key));
  const rest = after === null ? sorted : sorted.filter(({ key }) => compare(key, after) > 0);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next = last === undefined || items.length === rest.length ? null : writeCursor(order, last.key);
  return { total: all.length, next, items: items.map(({ one }) => one) };
}

function valueOf(one: MonitorSummary, sort: Sort): string | number {
  if (sort === 'worst') return badness(one);
  if (sort === 'lastRound') return one.lastRound?.at ?? 0;
  return one[sort];
}

function compared(a: string | number, b: string | number): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeCursor(order: Order, [value, id]: Key): string {
  return Buffer.from(JSON.stringify([order, value, id])).toString('base64url');
}

function readCursor(cursor: string, order: Order): Key {
  try {
    const [of, value, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (of === order) return [value, id];
  } catch {
    // Told below.
  }
  throw new VedetteError(
    'API_BAD_REQUEST',
    'query.cursor: not a cursor of this order; leave it out to begin anew',
  );
}
