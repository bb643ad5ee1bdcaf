/** The supervisor's events: one object each, named noun.past-participle. Logs and metrics subscribe. */
import type {
  Health,
  JsonValue,
  LinkWord,
  LogFields,
  LogLevel,
  MonitorSpec,
  MonitorState,
  PublishOutcome,
  RestartCause,
  SerialisedError,
  StateName,
  WireMessage,
} from '@vedette/contract';
import type { ForcedStep } from './run.js';
import type { LastRound } from './account.js';

/** Which monitor, which of its runs. */
export interface OfMonitor {
  readonly id: string;
  readonly spec: MonitorSpec;
  readonly attempt: number;
}

/** A monitor moved from one state to the next, as the table of states allows. */
export interface StateChanged extends OfMonitor {
  readonly from: StateName;
  readonly to: MonitorState;
  /** Why, where it is leaving a run; null for a start and for a removal. */
  readonly cause: RestartCause | null;
  readonly error: SerialisedError | null;
}
/** The health of a running monitor is another. */
export interface HealthChanged extends OfMonitor {
  readonly from: Health;
  readonly to: Health;
}
/** A round is over, however it ended. */
export interface RoundEnded extends OfMonitor {
  readonly round: LastRound;
  /** What the round left for the next; plain JSON, not to be changed. */
  readonly state: JsonValue;
}
/** A run follows another; told when the new one is spawned, with its attempt. */
export interface Restarted extends OfMonitor {
  readonly cause: RestartCause;
  readonly error: SerialisedError | null;
}
/** A monitor stood still and will be replaced. */
export interface Hung extends OfMonitor {
  readonly cause: 'hung' | 'round-timeout';
  /** How long nothing moved. */
  readonly forMs: number;
}
/** A worker had to be ended by force, or could not be. */
export interface Forced extends OfMonitor {
  readonly step: ForcedStep;
  readonly error: SerialisedError;
}
/** A monitor's own link to the broker. */
export interface LinkChanged extends OfMonitor {
  readonly link: LinkWord;
  readonly replaced: number;
  readonly error: SerialisedError | null;
}
/** A message of a monitor is settled; told only with `echo`. */
export interface Published extends OfMonitor {
  readonly message: WireMessage;
  readonly outcome: PublishOutcome;
  /** Wall clock, epoch milliseconds. */
  readonly at: number;
}
/** A line a monitor wrote, with credentials masked. */
export interface Logged extends OfMonitor {
  readonly level: LogLevel;
  readonly sentence: string;
  readonly fields: LogFields;
}
/** A removed monitor is gone: its series and rows can go too. */
export interface Removed {
  readonly id: string;
  readonly spec: MonitorSpec;
}

/** All events of a {@link Supervisor}, one object each. */
export interface SupervisorEvents {
  'monitor.state-changed': [StateChanged];
  'monitor.health-changed': [HealthChanged];
  'monitor.round-ended': [RoundEnded];
  'monitor.restarted': [Restarted];
  'monitor.paused': [OfMonitor];
  'monitor.resumed': [OfMonitor];
  'monitor.hung': [Hung];
  'monitor.forced': [Forced];
  'monitor.link-changed': [LinkChanged];
  'monitor.logged': [Logged];
  'monitor.removed': [Removed];
  'message.published': [Published];
}

export type Emit = <K extends keyof SupervisorEvents>(name: K, payload: SupervisorEvents[K][0]) => void;
