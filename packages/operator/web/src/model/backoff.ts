/** How long to wait before the stream is asked for again. Pure. */

const FIRST_MS = 1_000;
const LONGEST_MS = 15_000;

/** `attempt` counts from 0; `random` from 0 up to 1, so that many pages do not come at once. */
export function waitBefore(attempt: number, random: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.75 + random / 4));
}
