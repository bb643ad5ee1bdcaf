/** What the end of a run means for the next. Pure: one account of the past in, one of the future out. */
import type { SerialisedError } from '@vedette/contract';
import { monitorError, unaskedEnd, type EndOfRun } from './errors.js';
import type { WorkerExit } from './hosts/host.js';
import { decideRestart, NO_HISTORY, type RestartHistory, type RestartPolicy } from './restart.js';
import type { Run } from './run.js';
import { PRIORITY } from './start-gate.js';

export interface NextStart {
  /** Monotonic; in the past means now. */
  readonly dueAt: number;
  readonly priority: number;
  /** What ended the last run; null if the next is a first start. */
  readonly why: EndOfRun | null;
  /** Settings of the last run: its delay, and its failure, hold only for these. */
  readonly revision: string | null;
}

export interface Aftermath extends NextStart {
  readonly history: RestartHistory;
  readonly delayMs: number;
  /** We ended it to start it anew. */
  readonly isPlanned: boolean;
  /** It stays down until its settings change or somebody asks. */
  readonly isFinal: boolean;
  /** In any case a reason, for states that carry one. */
  readonly error: SerialisedError;
}

export const FIRST_START: NextStart = {
  dueAt: -Infinity,
  priority: PRIORITY.first,
  why: null,
  revision: null,
};

export function aftermathOf(
  run: Pick<Run, 'spec' | 'attempt' | 'end' | 'upAt'>,
  exit: WorkerExit,
  known: RestartHistory,
  policy: RestartPolicy,
  now: number,
  chance: number,
): Aftermath {
  const { spec, attempt, end } = run;
  const unasked = unaskedEnd(spec, attempt, exit);
  if (end?.cause === 'removed') {
    const { error } = unasked;
    return { ...FIRST_START, history: NO_HISTORY, delayMs: 0, isPlanned: false, isFinal: false, error };
  }
  const why: EndOfRun = end === null ? unasked : { cause: end.cause, error: end.error };
  const upMs = run.upAt === null ? 0 : now - run.upAt;
  const ended = { cause: why.cause, isPermanent: end?.isPermanent ?? false, upMs };
  const { decision, history } = decideRestart(policy, known, ended, now, chance);
  const error = why.error ?? unasked.error;
  const common = { why, revision: spec.revision, history };
  switch (decision.type) {
    case 'restart-at-once': {
      const isPlanned = why.cause === 'config-changed' || why.cause === 'requested';
      const priority = why.cause === 'config-changed' ? PRIORITY.first : PRIORITY.recovery;
      return { ...common, dueAt: now, priority, delayMs: 0, isPlanned, isFinal: false, error };
    }
    case 'back-off': {
      const { delayMs } = decision;
      const dueAt = now + delayMs;
      return {
        ...common,
        dueAt,
        priority: why.cause === 'refused' ? PRIORITY.refused : PRIORITY.recovery,
        delayMs,
        isPlanned: false,
        isFinal: false,
        error,
      };
    }
    case 'never-heal':
    case 'give-up': {
      // Where it was stopping already it cannot become `failed` and comes back after the longest delay.
      const delayMs = policy.maxMs;
      const limit = `used up its ${policy.limit?.max ?? 0} restarts`;
      return {
        ...common,
        dueAt: now + delayMs,
        priority: PRIORITY.recovery,
        delayMs,
        isPlanned: false,
        isFinal: true,
        error:
          decision.type === 'never-heal'
            ? error
            : { ...monitorError('MONITOR_RESTART_LIMIT', spec, limit), cause: error },
      };
    }
  }
}
