/** Releases: out of GitHub's answer, and which of them consumers are told. Pure. */
import { isJsonObject, VedetteError, type JsonValue } from '@vedette/contract';

export interface Release {
  readonly id: string;
  readonly name: string | null;
  readonly tag: string;
}

/** What the last rounds found. */
export interface Told {
  /** How many were published. */
  readonly count: number;
  /** Newest first, as GitHub orders them. */
  readonly releases: readonly Release[];
}

/** What PANIC publishes of a repository it sees for the first time. */
export const PAGE_SIZE = 30;
/** A list this long is cut to a page again in a round without news, when nobody notices. */
const LONG = 60;
/** Never announced at once: more would be a repository that was made anew. */
const MAX_FRESH = 50;
export const MAX_KEPT = LONG + MAX_FRESH;

/** One page of releases, drafts left out. Throws SOURCE_BAD_BODY for JSON of another shape. */
export function releasesOf(value: JsonValue, shownUrl: string): Release[] {
  if (!Array.isArray(value)) throw unusable(shownUrl, 'did not answer with a list of releases');
  return value
    .filter((one) => !(isJsonObject(one) && one['draft'] === true))
    .map((one, index) => {
      const { id, name, tag_name: tag } = isJsonObject(one) ? one : {};
      if (typeof tag !== 'string') throw unusable(shownUrl, `sent a release without a tag, number ${index}`);
      const hasId = typeof id === 'number' || typeof id === 'string';
      return { id: hasId ? String(id) : `tag ${tag}`, name: typeof name === 'string' ? name : null, tag };
    });
}

export interface News {
  /** To publish, in this order. */
  readonly published: readonly Release[];
  readonly fresh: number;
  readonly told: Told;
}

/** `isWhole`: `found` is all there is, so what is not in it was deleted. */
export function newsOf(before: Told | null, found: readonly Release[], isWhole: boolean): News {
  if (before === null) return quiet(found, Math.min(found.length, PAGE_SIZE));
  const known = new Set(before.releases.map(({ id }) => id));
  const lastKnown = found.findLastIndex(({ id }) => known.has(id));
  // Behind the last known one stand old releases that came up because others were deleted.
  const border = lastKnown === -1 ? found.length : lastKnown;
  const fresh = found.filter(({ id }, index) => index < border && !known.has(id)).slice(0, MAX_FRESH);
  const here = new Set(found.map(({ id }) => id));
  const older = isWhole ? [] : before.releases.filter(({ id }) => !here.has(id));
  const all = [...found, ...older].slice(0, MAX_KEPT);
  const isCut = fresh.length === 0 && before.count > LONG;
  const count = Math.min(all.length, isCut ? PAGE_SIZE : before.count + fresh.length);
  if (fresh.length === 0) return quiet(all, count);
  const isFresh = new Set(fresh.map(({ id }) => id));
  const published = [...fresh, ...all.filter(({ id }) => !isFresh.has(id))].slice(0, count);
  return { published, fresh: fresh.length, told: { count, releases: all } };
}

function quiet(releases: readonly Release[], count: number): News {
  return { published: releases.slice(0, count), fresh: 0, told: { count, releases } };
}

function unusable(shownUrl: string, what: string): VedetteError {
  return new VedetteError('SOURCE_BAD_BODY', `${shownUrl} ${what}`, { details: { url: shownUrl } });
}
