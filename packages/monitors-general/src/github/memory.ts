/** What the monitor keeps between rounds, as plain JSON. Promise: any old or foreign state is read safely. */
import { isJsonObject, type JsonValue } from '@vedette/contract';
import { MAX_KEPT, type Release, type Told } from './releases.js';

export interface GithubMemory {
  readonly told: Told | null;
  /** Of the answer `told` comes from; null if it must be asked for again. */
  readonly etag: string | null;
  /** Epoch milliseconds before which GitHub is not asked. */
  readonly limitedUntil: number | null;
}

/** Characters of all releases: the manager keeps no state over a restart that is larger than 64 KiB. */
const MAX_TEXT = 30_000;

export function readMemory(state: JsonValue): GithubMemory {
  const fields = isJsonObject(state) ? state : {};
  const { count, releases, etag, limitedUntil } = fields;
  const kept = Array.isArray(releases) ? releases.flatMap(releaseOf).slice(0, MAX_KEPT) : null;
  const isTold = kept !== null && typeof count === 'number' && Number.isInteger(count) && count >= 0;
  return {
    told: isTold ? { count: Math.min(count, kept.length), releases: kept } : null,
    etag: isTold && kept.length > 0 && typeof etag === 'string' ? etag : null,
    limitedUntil: typeof limitedUntil === 'number' ? limitedUntil : null,
  };
}

export function writeMemory({ told, etag, limitedUntil }: GithubMemory): JsonValue {
  if (told === null) return { limitedUntil };
  let size = 0;
  const releases = told.releases
    .map(({ id, name, tag }) => [id, name, tag])
    .filter((one) => (size += JSON.stringify(one).length) <= MAX_TEXT);
  const isComplete = releases.length >= told.count;
  return {
    count: Math.min(told.count, releases.length),
    releases,
    etag: isComplete && etag !== null && etag.length < 500 ? etag : null,
    limitedUntil,
  };
}

function releaseOf(value: JsonValue): Release[] {
  if (!Array.isArray(value)) return [];
  const [id, name = null, tag] = value;
  if (typeof id !== 'string' || typeof tag !== 'string') return [];
  return [{ id, name: typeof name === 'string' ? name : null, tag }];
}
