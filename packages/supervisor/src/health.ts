/** What a running monitor's rounds say of it. Pure; the facts are one reused object, for the watch loop. */
import type { Health, RoundOutcome } from '@vedette/contract';

/** Instants are monotonic milliseconds. */
export interface HealthFacts {
  /** When the run became ready; null while there is none. */
  upAt: number | null;
  /** The ladder against a hang is under way. */
  isHung: boolean;
  /** When the last round of this run ended; null before the first. */
  roundAt: number | null;
  outcome: RoundOutcome | null;
  periodMs: number;
  /** Spread before the first round. */
  firstRoundDelayMs: number;
}

/** Beyond two periods: scheduling and the publish itself. */
const LATE_SLACK_MS = 1_000;

export function healthOf(facts: HealthFacts, now: number): Health {
  if (facts.upAt === null) return 'unknown';
  if (facts.isHung) return 'hung';
  const since = facts.roundAt ?? facts.upAt + facts.firstRoundDelayMs;
  if (now - since > 2 * facts.periodMs + LATE_SLACK_MS) return 'late';
  if (facts.roundAt === null) return 'unknown';
  return facts.outcome === 'ok' ? 'healthy' : 'failing';
}
