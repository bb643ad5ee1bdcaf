/** What a monitor's author writes: `open`, `round`, `close`. Everything else is the run loop's. */
import type {
  Facts,
  JsonObject,
  JsonValue,
  LogFields,
  LogLevel,
  ReportedError,
  WireObject,
} from '@vedette/contract';

/** What a monitor knows about itself. */
export interface MonitorIdentity {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** `monitor_name` on the wire, for example `Node monitor (geth 1)`. */
  readonly componentName: string;
  /** Id of the watched thing on the wire (`node_id`, `system_id`). */
  readonly configId: string;
  readonly parentId: string;
  readonly baseChain: string;
  readonly subChain: string;
}

/** What `open`, `round` and `close` are given. */
export interface MonitorContext<S = JsonObject> {
  readonly monitor: MonitorIdentity;
  readonly settings: S;
  /** Aborts when the round's deadline passes or the monitor is asked to stop. Pass it on. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds; two calls never give the same or an earlier value within one run. */
  now(): number;
  log(level: LogLevel, sentence: string, fields?: LogFields): void;
  /** Marks progress inside a long round; shown in status, changes nothing else. */
  step(): void;
}

/** A message for the broker; sent with confirm, after the round. */
export interface OutgoingMessage {
  /** Default `raw_data`. */
  readonly exchange?: string;
  readonly routingKey: string;
  readonly body: WireObject;
}

/** What a round returns; checked before anything of it is published. */
export interface RoundResult {
  readonly messages: readonly OutgoingMessage[];
  /** Given to the next round, also after a restart. Plain JSON. */
  readonly state?: JsonValue;
  readonly facts?: Facts;
  /** Set when the message says `error`: its code and text. */
  readonly reported?: ReportedError;
}

/** What a monitor's author writes. Everything else is the run loop's. */
export interface MonitorDefinition<S = JsonObject> {
  /** Before the first round. A throw is tried again with back-off. */
  open?(context: MonitorContext<S>): void | Promise<void>;
  /** One observation. `state` is what the last round returned, or null. Must tolerate any old state. */
  round(context: MonitorContext<S>, state: JsonValue): RoundResult | Promise<RoundResult>;
  /** At an orderly stop; bounded by the stop deadline. */
  close?(context: MonitorContext<S>): void | Promise<void>;
}

const BRAND = Symbol.for('vedette.monitor');

/** Marks a definition as a monitor; a module's default export. */
export function defineMonitor<S = JsonObject>(definition: MonitorDefinition<S>): MonitorDefinition<S> {
  return Object.assign(definition, { [BRAND]: true });
}

/** True for what {@link defineMonitor} made, also of another copy of this package. */
export function isMonitorDefinition(value: unknown): value is MonitorDefinition {
  return typeof value === 'object' && value !== null && BRAND in value;
}
