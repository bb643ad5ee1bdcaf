/** One question and how it is answered. One file of `benchmarks/` each. */
import type { Lab } from './lab.js';
import type { MeasuredRow } from './rows.js';

export interface Bench {
  readonly name: string;
  /** One line for people. */
  readonly question: string;
  /** Seconds it may take in a run of all benches, which together stay within half an hour. */
  readonly budgetS: number;
  run(lab: Lab): Promise<readonly MeasuredRow[]>;
}
