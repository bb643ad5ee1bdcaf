/** One call of `round()` under its deadline: a result counts only if it came before any abort. */
import { isVedetteError, VedetteError, type Clock } from '@vedette/contract';
import type { RoundResult } from '../define-monitor.js';
import type { Abort } from './abort.js';
import type { Pulse, Watched } from './pulse.js';
import { checkResult, type CheckedResult } from './round-result.js';

export type Observed =
  | { readonly outcome: 'ok'; readonly result: CheckedResult }
  | { readonly outcome: 'failed' | 'timeout'; readonly error: VedetteError };

export interface Observation {
  readonly abort: Abort;
  readonly watched: Watched<RoundResult>;
  readonly startedAt: number;
  readonly roundTimeoutMs: number;
  /** Monotonic instant that ends the wait for an aborted round early: the deadline of a stop. */
  readonly giveUpBy: () => number;
}

/** From the abort of a round to giving it up; the supervisor counts it as hung then. */
export const ABORT_GRACE_MS = 500;

/** Resolves when the round settled, or at the latest {@link ABORT_GRACE_MS} after its abort. */
export async function observe(pulse: Pulse, clock: Clock, round: Observation): Promise<Observed> {
  const { abort, watched, startedAt, roundTimeoutMs } = round;
  const isSettled = (): boolean => watched.outcome !== null;
  await pulse.until(
    () => isSettled() || abort.aborted,
    () => startedAt + roundTimeoutMs,
  );
  if (!isSettled()) {
    const text = `the round passed its deadline of ${roundTimeoutMs} ms`;
    // Does nothing if a stop or the supervisor aborted it before.
    abort.abort(new VedetteError('MONITOR_ROUND_TIMEOUT', text, { details: { roundTimeoutMs } }));
    const givenUpAt = clock.monotonic() + ABORT_GRACE_MS;
    await pulse.until(isSettled, () => Math.min(givenUpAt, round.giveUpBy()));
  }
  const { outcome } = watched;
  if (outcome === null || outcome.isLate) {
    return { outcome: 'timeout', error: coded(abort.reason) };
  }
  if (!outcome.isOk) return { outcome: 'failed', error: coded(outcome.error) };
  try {
    return { outcome: 'ok', result: checkResult(outcome.value) };
  } catch (error) {
    return { outcome: 'failed', error: coded(error) };
  }
}

/** Errors with a code of ours stay as they are. */
function coded(error: unknown): VedetteError {
  if (isVedetteError(error)) return error;
  return new VedetteError('MONITOR_ROUND_FAILED', `round() failed: ${textOf(error)}`, { cause: error });
}

/** One line for people about anything thrown. */
export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : `${typeof error} was thrown`;
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
