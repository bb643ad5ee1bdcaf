/** One line of an operator's table; apart from where it comes from, so that `top` loads no supervisor. Pure. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly health: string;
  /** `cell`, or `process (demoted)`. */
  readonly host: string;
  /** For example `2 s ago, 14 ms`. */
  readonly lastRound: string;
  readonly keyFigure: string;
  readonly restarts: number;
  /** Blocks behind the highest node of the same chain; null where that means nothing. */
  readonly blocksBehind: number | null;
}

/** From this many blocks on, a node is called lagging. */
export const LAGGING_BLOCKS = 3;

/** `3 s`, `2 min`, `5 h`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
