/** How long to wait before the next try. Pure: randomness is passed in. */
const FIRST_MS = 100;
const LONGEST_MS = 4_000;

/** Full jitter under a ceiling of 100 ms that doubles to 4 s, and is never below `spreadMs`. `attempt` counts from 0. */
export function backoffMs(attempt: number, random: () => number, spreadMs = 0): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 30));
  return Math.round(random() * Math.max(spreadMs, ceiling));
}
