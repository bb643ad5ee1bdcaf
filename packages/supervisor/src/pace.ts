/** An even pace with a small burst (GCRA). Pure: one number is all there is to remember. */
export interface Pace {
  /** Between two grants in the long run. */
  readonly intervalMs: number;
  /** Grants that may come together after a pause. */
  readonly burst: number;
}

/** `perSecond` may be Infinity: no pace at all. A tenth of a second's grants may come together. */
export function paceOf(perSecond: number): Pace {
  return { intervalMs: 1000 / perSecond, burst: Math.max(1, Math.round(perSecond / 10)) };
}

/** The account after a grant at `now`; `account` starts at -Infinity. `share`: what it counts of a whole one. */
export function afterGrant(pace: Pace, account: number, now: number, share = 1): number {
  return Math.max(account, now) + pace.intervalMs * share;
}

/** How long the next grant must wait. */
export function waitMs(pace: Pace, account: number, now: number): number {
  if (pace.intervalMs === 0) return 0;
  return Math.max(0, account - (pace.burst - 1) * pace.intervalMs - now);
}
