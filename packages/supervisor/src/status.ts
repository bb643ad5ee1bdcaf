/** What can be asked about one monitor: plain data, safe to send anywhere. */
import type {
  Health,
  LinkWord,
  MonitorOrigin,
  MonitorSpec,
  MonitorState,
  Placement,
  RestartCause,
  SerialisedError,
  StateName,
  VitalsReading,
} from '@vedette/contract';
import type { Account, LastRound } from './account.js';

/** One monitor at this moment: plain data, safe to send anywhere. */
export interface MonitorStatus {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly componentName: string;
  readonly origin: MonitorOrigin;
  /** The revision wanted; while a restart is under way an older one may still run. */
  readonly revision: string;
  readonly state: MonitorState;
  /** Somebody paused it: it is `stopped`, or on its way there, and stays so until it is resumed. */
  readonly isPaused: boolean;
  readonly health: Health;
  /** The latest run; 0 before the first. */
  readonly attempt: number;
  /** Runs that followed another, whatever the cause. */
  readonly restarts: number;
  readonly restartsByCause: Readonly<Partial<Record<RestartCause, number>>>;
  /** Why the last run ended that was not asked to; null if none did. */
  readonly lastError: SerialisedError | null;
  /** When the next start is due, epoch milliseconds; null if none is waiting for its time. */
  readonly nextStartAt: number | null;
  /** Of this run or an earlier one. */
  readonly lastRound: LastRound | null;
  /** Null while there is no worker. */
  readonly vitals: VitalsReading | null;
  readonly memory: { readonly heapKb: number; readonly externalKb: number } | null;
  /** Where its last start was to run, and why there; null where the supervisor has but one host. */
  readonly placement: Placement | null;
  /** The worker's own link to the broker. */
  readonly link: LinkWord;
  /** Messages of this run replaced by newer ones while its link was down. */
  readonly replaced: number;
}

/** The states as people see them: those of the table, and `paused`. */
export const STATE_WORDS = [
  'stopped',
  'starting',
  'running',
  'backoff',
  'stopping',
  'failed',
  'paused',
] as const satisfies readonly (StateName | 'paused')[];
/** One of {@link STATE_WORDS}. */
export type StateWord = (typeof STATE_WORDS)[number];

export function statusOf(parts: {
  readonly spec: MonitorSpec;
  readonly state: MonitorState;
  readonly isPaused: boolean;
  readonly health: Health;
  readonly attempt: number;
  readonly account: Account;
  readonly nextStartAt: number | null;
  readonly vitals: VitalsReading | null;
  readonly placement: Placement | null;
}): MonitorStatus {
  const { spec, state, isPaused, health, attempt, account, nextStartAt, vitals, placement } = parts;
  return {
    id: spec.id,
    kind: spec.kind,
    name: spec.name,
    componentName: spec.componentName,
    origin: spec.origin,
    revision: spec.revision,
    state,
    isPaused,
    health,
    attempt,
    restarts: account.restarts,
    restartsByCause: { ...account.byCause },
    lastError: account.lastError,
    nextStartAt,
    lastRound: account.lastRound,
    vitals,
    memory: vitals === null ? null : { heapKb: vitals.heapKb, externalKb: vitals.externalKb },
    placement,
    link: account.link,
    replaced: account.replaced,
  };
}

/** The state in one word for people: `paused` where `stopped` is somebody's wish. */
export function stateWord({ state, isPaused }: Pick<MonitorStatus, 'state' | 'isPaused'>): StateWord {
  return isPaused && state.state === 'stopped' ? 'paused' : state.state;
}
