/**
 * What a registry says about its limits, and until when it is left alone. Pure. Promise: no header, however odd,
 * keeps a monitor away for longer than a day.
 */
import type { JsonValue } from '@vedette/contract';
import { headerOf, type JsonPage } from '@vedette/monitor';

const LONGEST_MS = 24 * 3_600_000;
/** GitHub's advice where it says no time. */
const UNTOLD_MS = 60_000;
/** Larger numbers are epoch seconds, smaller ones seconds from now. */
const EPOCH = 1_000_000_000;

/** Epoch milliseconds before which not to ask again; null where no limit was hit. */
export function limitedUntil(page: JsonPage, nowMs: number): number | null {
  const isUsedUp = headerOf(page, 'x-ratelimit-remaining')?.trim() === '0';
  const isRefused = page.status === 429 || (page.status === 403 && isLimit(page, isUsedUp));
  if (!isRefused && !isUsedUp) return null;
  const said =
    timeOf(headerOf(page, 'retry-after'), nowMs) ??
    timeOf(headerOf(page, 'x-retry-after'), nowMs) ??
    (isUsedUp ? timeOf(headerOf(page, 'x-ratelimit-reset'), nowMs) : null);
  if (said === null) return isRefused ? nowMs + UNTOLD_MS : null;
  return said <= nowMs ? null : Math.min(said, nowMs + LONGEST_MS);
}

/** False for a time that cannot be ours: of a clock that was set back, or no number at all. */
export function isStillLimited(untilMs: JsonValue | undefined, nowMs: number): untilMs is number {
  return typeof untilMs === 'number' && untilMs > nowMs && untilMs <= nowMs + LONGEST_MS;
}

/** GitHub's secondary limits come as 403 with a time to wait; other 403s mean no access. */
function isLimit(page: JsonPage, isUsedUp: boolean): boolean {
  return isUsedUp || headerOf(page, 'retry-after') !== undefined;
}

function timeOf(text: string | undefined, nowMs: number): number | null {
  if (text === undefined) return null;
  if (/^\s*\d{1,12}(\.\d+)?\s*$/.test(text)) {
    const seconds = Number(text);
    return seconds >= EPOCH ? seconds * 1000 : nowMs + seconds * 1000;
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : date;
}
