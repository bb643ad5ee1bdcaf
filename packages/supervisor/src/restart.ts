/** Whether and when an ended run is followed by another. Pure; the supervisor only obeys. */
import type { RestartCause } from '@vedette/contract';
import { backoffMs, type Backoff } from './backoff.js';

/** When a run follows another. All times in milliseconds. */
export interface RestartPolicy extends Backoff {
  /** A run up for this long clears the history. Default 60,000 ms. */
  readonly stableAfterMs: number;
  /** More failures than `max` within `withinMs` and the monitor stays down. Default null: never gives up. */
  readonly limit: { readonly max: number; readonly withinMs: number } | null;
}

/** Back-off from 0.5 s to 30 s with jitter, and no limit: an operator wants the monitor back. */
export const DEFAULT_RESTART_POLICY: RestartPolicy = {
  initialMs: 500,
  maxMs: 30_000,
  factor: 2,
  jitter: 0.2,
  stableAfterMs: 60_000,
  limit: null,
};

/** Instants are monotonic milliseconds. */
export interface RestartHistory {
  /** Failures in a row. */
  readonly failures: number;
  /** When the last failures were, oldest first; only as many as the limit needs. */
  readonly failedAt: readonly number[];
  readonly memoryMarkAt: number | null;
}

export const NO_HISTORY: RestartHistory = { failures: 0, failedAt: [], memoryMarkAt: null };

export interface EndedRun {
  readonly cause: RestartCause;
  /** A restart cannot heal it. */
  readonly isPermanent: boolean;
  /** From ready to end; 0 if it was never ready. */
  readonly upMs: number;
}

export type RestartDecision =
  | { readonly type: 'restart-at-once' }
  | { readonly type: 'back-off'; readonly delayMs: number }
  | { readonly type: 'give-up' }
  | { readonly type: 'never-heal' };

/** There may be room again soon, and asking costs little. */
const ROOM_MS = 5_000;
/** A second memory mark within this time is no longer a tidy recycling but a fast leak. */
const FAST_LEAK_MS = 60_000;
const AT_ONCE: RestartDecision = { type: 'restart-at-once' };

export function decideRestart(
  policy: RestartPolicy,
  known: RestartHistory,
  ended: EndedRun,
  now: number,
  chance: number,
): { readonly decision: RestartDecision; readonly history: RestartHistory } {
  if (ended.cause === 'config-changed' || ended.cause === 'requested') {
    return { decision: AT_ONCE, history: NO_HISTORY };
  }
  if (ended.cause === 'refused') {
    return {
      decision: { type: 'back-off', delayMs: ROOM_MS + Math.round(ROOM_MS * chance) },
      history: known,
    };
  }
  // A neighbour's fault: its own past counts as before.
  if (ended.cause === 'moved') return { decision: AT_ONCE, history: known };
  const history =
    ended.upMs >= policy.stableAfterMs ? { ...NO_HISTORY, memoryMarkAt: known.memoryMarkAt } : known;
  if (ended.isPermanent) return { decision: { type: 'never-heal' }, history };

  const isMark = ended.cause === 'memory-mark';
  if (isMark && (history.memoryMarkAt === null || now - history.memoryMarkAt >= FAST_LEAK_MS)) {
    return { decision: AT_ONCE, history: { ...history, memoryMarkAt: now } };
  }
  const failedAt = withinLimit(policy, [...history.failedAt, now], now);
  // The mark that started a fast leak stands for the first failure, the one that costs no delay.
  const failures = Math.max(history.failures, isMark ? 1 : 0) + 1;
  const next: RestartHistory = { failures, failedAt, memoryMarkAt: isMark ? now : history.memoryMarkAt };
  if (policy.limit !== null && failedAt.length > policy.limit.max) {
    return { decision: { type: 'give-up' }, history: next };
  }
  if (failures === 1) return { decision: AT_ONCE, history: next };
  return { decision: { type: 'back-off', delayMs: backoffMs(policy, failures - 2, chance) }, history: next };
}

function withinLimit(policy: RestartPolicy, failedAt: readonly number[], now: number): readonly number[] {
  const { limit } = policy;
  if (limit === null) return [];
  return failedAt.filter((at) => now - at < limit.withinMs).slice(-(limit.max + 1));
}
