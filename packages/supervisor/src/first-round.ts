/** Spreads first rounds, so that many new monitors do not all ask at once. Pure. */

/** Time a newcomer adds to the spread: 100 monitors share one second. */
const SPREAD_PER_MONITOR_MS = 10;

/** The same id gives the same share of the window; one monitor alone hardly waits. */
export function firstRoundDelayMs(id: string, periodMs: number, monitors: number): number {
  const window = Math.floor(Math.min(periodMs, SPREAD_PER_MONITOR_MS * monitors));
  return window <= 0 ? 0 : hash(id) % window;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}
