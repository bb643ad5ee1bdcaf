/** A validator's stake in an era, of whichever generation: one record, or an overview and pages. */
import { isJsonObject, type JsonValue } from '@vedette/contract';
import type { Account } from '../chain/account.js';
import { amountOf, integerOf } from '../chain/answers.js';
import type { ChainReader } from '../chain/chain-reader.js';
import type { StorageItem } from '../chain/runtime.js';

/** Exactly these keys: consumers drop more. Amounts in the chain's smallest unit, as number or 0x text. */
export interface Exposure {
  readonly total: JsonValue;
  readonly own: JsonValue;
  readonly others: readonly { readonly who: JsonValue; readonly value: JsonValue }[];
}

export const NO_EXPOSURE: Exposure = { total: 0, own: 0, others: [] };

export async function readExposure(reader: ChainReader, era: number, stash: Account): Promise<Exposure> {
  const at = (item: string, ...more: number[]): StorageItem => ({
    pallet: 'staking',
    item,
    args: [era, stash.hex, ...more],
  });
  if (!isPaged(reader)) return exposureOf((await reader.readOne(at('erasStakers')))?.toJSON());
  const overview = (await reader.readOne(at('erasStakersOverview')))?.toJSON();
  if (!isJsonObject(overview)) {
    // An era from before the pages.
    if (!reader.runtime.has('staking', 'erasStakers')) return NO_EXPOSURE;
    return exposureOf((await reader.readOne(at('erasStakers')))?.toJSON());
  }
  const count = integerOf(overview['pageCount'], 'The number of pages of an exposure');
  const pages = await reader.read(
    Array.from({ length: count }, (_none, index) => at('erasStakersPaged', index)),
  );
  return {
    total: overview['total'] ?? 0,
    own: overview['own'] ?? 0,
    others: pages.flatMap((page) => othersOf(page?.toJSON())),
  };
}

/** Pages to be claimed in each era; 0 where the stash had no stake. */
export async function readPages(
  reader: ChainReader,
  eras: readonly number[],
  stash: Account,
): Promise<Map<number, number>> {
  const items = (item: string, of: readonly number[]): StorageItem[] =>
    of.map((era) => ({ pallet: 'staking', item, args: [era, stash.hex] }));
  const pages = new Map<number, number>();
  if (isPaged(reader)) {
    const overviews = await reader.read(items('erasStakersOverview', eras));
    for (const [index, era] of eras.entries()) {
      const overview = overviews[index]?.toJSON();
      if (!isJsonObject(overview)) continue;
      const count = integerOf(overview['pageCount'], 'The number of pages of an exposure');
      pages.set(era, isZero(overview['total']) ? 0 : Math.max(1, count));
    }
  }
  const left = eras.filter((era) => !pages.has(era));
  const isSingle = reader.runtime.has('staking', 'erasStakers');
  const records = isSingle && left.length > 0 ? await reader.read(items('erasStakers', left)) : [];
  for (const [index, era] of left.entries()) {
    pages.set(era, isZero(exposureOf(records[index]?.toJSON()).total) ? 0 : 1);
  }
  return pages;
}

export function isPaged(reader: ChainReader): boolean {
  return reader.runtime.has('staking', 'erasStakersOverview');
}

function exposureOf(record: unknown): Exposure {
  if (!isJsonObject(record)) return NO_EXPOSURE;
  return { total: record['total'] ?? 0, own: record['own'] ?? 0, others: othersOf(record) };
}

function othersOf(record: unknown): Exposure['others'] {
  const others = isJsonObject(record) ? record['others'] : null;
  if (!Array.isArray(others)) return [];
  return others.filter(isJsonObject).map(({ who = null, value = null }) => ({ who, value }));
}

function isZero(amount: JsonValue | undefined): boolean {
  return amount === undefined || amount === null || amountOf(amount, 'An exposure') === 0n;
}
