/** Tags out of a page of Docker Hub. Pure. Promise: a time is the very double Python makes of the same text. */
import { isJsonObject, VedetteError, type JsonValue } from '@vedette/contract';

export interface Tag {
  readonly name: string;
  /** Epoch seconds with microseconds. */
  readonly lastUpdated: number;
}

export interface TagsPage {
  readonly tags: readonly Tag[];
  /** Tags that could not be used. */
  readonly unreadable: number;
  /** As sent; null at the end. */
  readonly next: string | null;
  /** Of all pages; null where none is said. */
  readonly count: number | null;
}

/** Throws SOURCE_BAD_BODY for JSON of another shape. */
export function tagsOf(value: JsonValue, shownUrl: string): TagsPage {
  const { results, next, count } = isJsonObject(value) ? value : {};
  // `next` decides whether there is more: an answer without it may be anything.
  if (!Array.isArray(results) || next === undefined) {
    throw new VedetteError('SOURCE_BAD_BODY', `${shownUrl} did not answer with tags`, {
      details: { url: shownUrl },
    });
  }
  const tags = results.flatMap((one) => {
    const { name, last_updated: text } = isJsonObject(one) ? one : {};
    const lastUpdated = typeof text === 'string' ? epochOf(text) : null;
    return typeof name === 'string' && lastUpdated !== null ? [{ name, lastUpdated }] : [];
  });
  return {
    tags,
    unreadable: results.length - tags.length,
    next: typeof next === 'string' && next !== '' ? next : null,
    count: countOf(count),
  };
}

const ISO =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(?:(Z|UTC)|([+-])(\d{2}):?(\d{2})?)?\s*$/i;

/**
 * Epoch seconds. A `Date` keeps milliseconds; consumers compare for equality with what Python stored, so the
 * microseconds are counted as an integer and divided once, as Python does. No zone means local time.
 */
export function epochOf(text: string): number | null {
  const [
    ,
    year,
    month,
    day,
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    utc,
    sign,
    zoneHour,
    zoneMinute = '0',
  ] = ISO.exec(text) ?? [];
  if (year === undefined) return null;
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const asUtc = new Date(0);
  asUtc.setUTCFullYear(parts[0], parts[1] - 1, parts[2]);
  asUtc.setUTCHours(parts[3], parts[4], parts[5]);
  // What rolled over (31 February, 25 o'clock) is no date.
  const isReal = asUtc
    .toISOString()
    .startsWith(`${year}-${month ?? ''}-${day ?? ''}T${hour.padStart(2, '0')}:`);
  if (!isReal || parts[4] > 59 || parts[5] > 59) return null;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  if (sign === undefined && utc === undefined) {
    const local = new Date(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
    // Python adds the fraction afterwards where it reads local time.
    return local.getTime() / 1000 + micros / 1_000_000;
  }
  const offset = Number(zoneHour ?? 0) * 3600 + Number(zoneMinute) * 60;
  const seconds = asUtc.getTime() / 1000 - (sign === '-' ? -offset : offset);
  return (seconds * 1_000_000 + micros) / 1_000_000;
}

function countOf(value: JsonValue | undefined): number | null {
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' ? count : null;
}
