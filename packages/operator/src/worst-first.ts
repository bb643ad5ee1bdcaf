/** The order in which monitors need an operator. Pure, and light to import. */

/** Of a monitor, in the words in which the API lists it. */
export interface Condition {
  readonly state: string;
  readonly health: string;
  /** Of the error that its kind reports of what it watches. */
  readonly reportedCode: number | null;
}

/** 0 (failed) to 7 (nothing is wrong): a rank to sort by, without unit. Source: the API's `sort=worst`. Never throws. */
export function badness({ state, health, reportedCode }: Condition): number {
  if (state === 'failed') return 0;
  if (health === 'hung') return 1;
  if (state === 'backoff') return 2;
  if (health === 'failing') return 3;
  if (health === 'late') return 4;
  if (reportedCode !== null) return 5;
  return state === 'running' ? 7 : 6;
}
