/** What the monitor keeps between rounds, as plain JSON. Promise: any old or foreign state is read safely. */
import { numberOf, objectOf, textOf, type JsonValue } from '@vedette/contract';
import type { Feed } from './contract-list.js';
import type { Progress } from './rounds.js';

/** When something was last had, and last tried; epoch milliseconds. */
export interface Attempt {
  readonly at: number | null;
  readonly triedAt: number | null;
}

export interface ContractsMemory {
  readonly list: Attempt & { readonly feeds: readonly Feed[] };
  /** By node id. */
  readonly addresses: Readonly<Record<string, Attempt & { readonly address: string | null }>>;
  /** Proxy to the ids of nodes that take part. Feeds in which none does have an empty list. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Which list and addresses `members` is complete for. */
  readonly membersOf: string | null;
  readonly descriptions: Readonly<Record<string, string>>;
  /** Node id to proxy to progress. */
  readonly progress: Readonly<Record<string, Readonly<Record<string, Progress>>>>;
  readonly evmUrl: string | null;
  /** EVM nodes that refuse batches. */
  readonly single: readonly string[];
  /** Blocks of logs to ask for at most. */
  readonly span: number;
}

export const LARGEST_SPAN = 2_000;
export const SMALLEST_SPAN = 10;

export function readMemory(state: JsonValue): ContractsMemory {
  const fields = objectOf(state);
  const list = objectOf(fields['list']);
  const span = numberOf(fields['span']) ?? LARGEST_SPAN;
  return {
    list: { ...attemptOf(list), feeds: listOf(list['feeds']).flatMap(feedOf) },
    addresses: mapOf(fields['addresses'], (value) => {
      const one = objectOf(value);
      return { ...attemptOf(one), address: textOf(one['address']) };
    }),
    members: mapOf(fields['members'], (value) => listOf(value).filter((id) => typeof id === 'string')),
    membersOf: textOf(fields['membersOf']),
    descriptions: mapOf(fields['descriptions'], (value) => textOf(value) ?? undefined),
    progress: mapOf(fields['progress'], (value) => mapOf(value, progressOf)),
    evmUrl: textOf(fields['evmUrl']),
    single: listOf(fields['single']).filter((url) => typeof url === 'string'),
    span: Math.max(SMALLEST_SPAN, Math.min(LARGEST_SPAN, Math.trunc(span))),
  };
}

/** Compact: hundreds of feeds must fit what the manager keeps over a restart. */
export function writeMemory(memory: ContractsMemory): JsonValue {
  const { list, members, descriptions, progress, addresses, single, ...rest } = memory;
  return {
    ...rest,
    single: [...single],
    list: {
      at: list.at,
      triedAt: list.triedAt,
      feeds: list.feeds.map(({ proxy, aggregator, version }) => [proxy, aggregator, version]),
    },
    addresses: mapOf(addresses, (one) => ({ ...one })),
    members: Object.fromEntries(
      Object.entries(members).flatMap(([proxy, ids]) => (ids.length === 0 ? [] : [[proxy, [...ids]]])),
    ),
    descriptions: { ...descriptions },
    progress: mapOf(progress, (feeds) => mapOf(feeds, ({ block, lastRound }) => [block, lastRound])),
  };
}

function attemptOf(fields: Readonly<Record<string, JsonValue>>): Attempt {
  return { at: numberOf(fields['at']), triedAt: numberOf(fields['triedAt']) };
}

function feedOf(value: JsonValue): Feed[] {
  const [proxy, aggregator, version] = listOf(value);
  if (typeof proxy !== 'string' || typeof aggregator !== 'string') return [];
  return version === 3 || version === 4 ? [{ proxy, aggregator, version }] : [];
}

function progressOf(value: JsonValue): Progress | undefined {
  const [block, lastRound = null] = listOf(value);
  if (typeof block !== 'number' || !Number.isSafeInteger(block)) return undefined;
  return { block, lastRound: typeof lastRound === 'number' ? lastRound : null };
}

function mapOf<V, T>(
  value: Readonly<Record<string, V>> | JsonValue | undefined,
  read: (one: V) => T | undefined,
): Record<string, T> {
  const entries = Object.entries(objectOf(value as JsonValue)) as [string, V][];
  return Object.fromEntries(
    entries.flatMap(([key, one]) => {
      const made = read(one);
      return made === undefined ? [] : [[key, made] as const];
    }),
  );
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
