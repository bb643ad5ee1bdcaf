/** When the next round is due. Start to start on a fixed grid: no drift, and no burst after a late round. */

/**
 * `due` is when the last round was due, `now` when it ended. Slots that passed meanwhile are skipped.
 * All in monotonic milliseconds.
 */
export function nextDue(due: number, now: number, periodMs: number): number {
  const passed = Math.floor((now - due) / periodMs);
  return due + (Math.max(0, passed) + 1) * periodMs;
}
