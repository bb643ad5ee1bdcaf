/** How long to wait before the next attempt. Pure: the same step and chance give the same delay. */
export interface Backoff {
  /** First delay. Default 500. */
  readonly initialMs: number;
  /** No delay is longer. Default 30,000. */
  readonly maxMs: number;
  /** Growth per step. Default 2. */
  readonly factor: number;
  /** Share of a delay that chance may take off, 0 to 1, so that many do not wake together. Default 0.2. */
  readonly jitter: number;
}

/** `step` counts from 0; `chance` is in [0, 1). */
export function backoffMs(backoff: Backoff, step: number, chance: number): number {
  const full = Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** step);
  return Math.round(full * (1 - backoff.jitter * chance));
}
