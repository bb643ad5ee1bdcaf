/** One question and how it is answered. One file of `benchmarks/` each. */
import type { Lab } from './lab.js';
import type { MeasuredRow } from './rows.js';

export interface Bench {
  readonly name: string;
  /** One line for people. */
  readonly question: string;
  run(lab: Lab): Promise<readonly MeasuredRow[]>;
}
