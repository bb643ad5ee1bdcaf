/** When something that lasts a day is asked for again. Pure. */
import type { Attempt } from './memory.js';

export const REFRESH_MS = 24 * 3_600_000;
export const RETRY_MS = 10 * 60_000;

/** What is not had yet is asked for in every round; what is only old, every ten minutes. */
export function isDue({ at, triedAt }: Attempt, nowMs: number): boolean {
  if (at === null) return true;
  if (within(at, nowMs, REFRESH_MS)) return false;
  return triedAt === null || !within(triedAt, nowMs, RETRY_MS);
}

/** A clock that was set back must not freeze anything for ever. */
function within(sinceMs: number, nowMs: number, spanMs: number): boolean {
  return sinceMs <= nowMs && nowMs - sinceMs < spanMs;
}
