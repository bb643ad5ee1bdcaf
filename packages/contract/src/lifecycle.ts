/** The life of a monitor: one word, one table. The supervisor's `Supervised` is its only writer. */
import type { SerialisedError } from './errors.js';

/** All instants are wall-clock epoch milliseconds, for people; deadlines use the monotonic clock. */
export type MonitorState =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting'; readonly attempt: number; readonly since: number }
  | { readonly state: 'running'; readonly attempt: number; readonly since: number; readonly hostId: string }
  | {
      readonly state: 'backoff';
      readonly attempt: number;
      readonly until: number;
      readonly reason: SerialisedError;
    }
  | { readonly state: 'stopping'; readonly since: number; readonly deadline: number }
  | { readonly state: 'failed'; readonly error: SerialisedError };

/** The word of a {@link MonitorState}. */
export type StateName = MonitorState['state'];

/** The table of states: which may follow which. */
export const TRANSITIONS: Readonly<Record<StateName, readonly StateName[]>> = {
  stopped: ['starting'],
  starting: ['running', 'stopping', 'backoff', 'failed'],
  running: ['stopping', 'backoff', 'failed'],
  backoff: ['starting', 'stopped'],
  stopping: ['stopped'],
  failed: ['starting', 'stopped'],
};

/** True if {@link TRANSITIONS} has it. */
export function isLegalMove(from: StateName, to: StateName): boolean {
  return TRANSITIONS[from].includes(to);
}

/** A separate axis from state: what its rounds say of a running monitor. */
export const HEALTH_WORDS = ['unknown', 'healthy', 'late', 'failing', 'hung'] as const;
/** One of {@link HEALTH_WORDS}. */
export type Health = (typeof HEALTH_WORDS)[number];

/** Why a run ended or was ended; the label of restart metrics. */
export const RESTART_CAUSES = [
  'exited',
  'crashed',
  'out-of-memory',
  'memory-mark',
  'hung',
  'round-timeout',
  'start-timeout',
  'open-failed',
  'config-changed',
  'requested',
  'moved',
  /** There was no room for it: it did not run. */
  'refused',
] as const;
/** One of {@link RESTART_CAUSES}. */
export type RestartCause = (typeof RESTART_CAUSES)[number];
