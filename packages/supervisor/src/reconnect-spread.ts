/** Keeps a fleet whose links fall together from coming back together. Pure. */

/** RabbitMQ's advice is under 100 connection opens a second; 67 on average leave room for chance. */
const SPREAD_PER_MONITOR_MS = 15;

/** Each of `monitors` that draws its wait from this span: together they stay below 100 opens a second. */
export function reconnectSpreadMs(monitors: number): number {
  return SPREAD_PER_MONITOR_MS * Math.max(0, monitors);
}
