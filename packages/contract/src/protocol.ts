/** What crosses the border between a host and its worker: closed unions of plain data, versioned. */
import type { SerialisedError } from './errors.js';
import type { JsonObject, JsonValue } from './json.js';
import type { LogLevel } from './logger.js';
import type { MonitorSpec } from './spec.js';

/** Of the messages between host and worker; a worker of another version does not start. */
export const PROTOCOL_VERSION = 1;

/** How a worker reaches the broker. */
export type BrokerAddress =
  | {
      readonly type: 'amqp';
      /** With credentials; never logged. */
      readonly url: string;
      /** AMQP heartbeat in seconds. */
      readonly heartbeatSeconds: number;
      /** A publish not confirmed by then has failed. */
      readonly confirmTimeoutMs: number;
    }
  /** In the main process, reached through `broker` messages of this protocol. */
  | { readonly type: 'embedded'; readonly confirmTimeoutMs: number };

/** All that a worker is told at its start. */
export interface StartData {
  readonly version: number;
  /** Goes up with each run of one id; words of an older run are dropped. */
  readonly attempt: number;
  readonly spec: MonitorSpec;
  readonly broker: BrokerAddress;
  /** What the last finished round left, or null. */
  readonly state: JsonValue;
  readonly vitals: SharedArrayBuffer;
  readonly slot: number;
  /** Longest pause between two beats of a work loop that is not blocked. */
  readonly beatMs: number;
  /** Spread of the first round, milliseconds. */
  readonly firstRoundDelayMs: number;
  /** Tries to reconnect are spread over at least this, so that a fleet does not come back at one moment. */
  readonly reconnectSpreadMs: number;
  /** Also send every settled publish to the parent, as `published`. */
  readonly echo: boolean;
  readonly logLevel: LogLevel;
}

/** A message as it goes to a broker; `content` is the body's UTF-8 text. */
export interface WireMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: string;
}

/**
 * How a publish ended. `unroutable`: confirmed by the broker but returned, it reached no queue.
 * `deferred`: the link is down, the newest message per key is kept and sent when it is back.
 * `dropped`: the link is down and the message was not to be kept.
 */
export type PublishOutcome = 'confirmed' | 'unroutable' | 'nacked' | 'timeout' | 'deferred' | 'dropped';

/** Messages by how their publish ended. */
export type PublishCounts = Readonly<Partial<Record<PublishOutcome, number>>>;

/** Where a link to a broker stands. `blocked`: the broker takes nothing for want of memory or disk. */
export type LinkWord = 'connecting' | 'connected' | 'blocked' | 'disconnected' | 'closed';

/** How a round ended. */
export type RoundOutcome =
  /** Observed and handed to the broker, or kept for it. An unreachable node is a good round too. */
  | 'ok'
  /** Threw: nothing was published. */
  | 'failed'
  /** Passed its deadline and was aborted. */
  | 'timeout';

/** All that a host may say to its worker. */
export type ToWorker =
  | { readonly type: 'stop' }
  /** Abort the round under way; the first step of the ladder. */
  | { readonly type: 'abort' }
  /** Run a round now instead of waiting for the period. */
  | { readonly type: 'round' }
  | { readonly type: 'broker'; readonly reply: BrokerReply };

/** All that a worker may say. A closed union: a host ignores what it does not know. */
export type FromWorker =
  | { readonly type: 'ready' }
  | {
      readonly type: 'round-ended';
      readonly outcome: RoundOutcome;
      readonly durationMs: number;
      /** Wall clock, epoch milliseconds. */
      readonly at: number;
      readonly state: JsonValue;
      /** Numbers the monitor observed; null where a source gave none. */
      readonly facts: Facts;
      /** The coded error a round published, for example 5015; null for a result. */
      readonly reported: ReportedError | null;
      readonly error: SerialisedError | null;
      /** What became of the messages of the round, its heartbeat not among them. Absent: not told. */
      readonly publishes?: PublishCounts;
    }
  | {
      readonly type: 'published';
      readonly message: WireMessage;
      readonly outcome: PublishOutcome;
      readonly at: number;
    }
  | {
      readonly type: 'link-changed';
      readonly link: LinkWord;
      /** Messages replaced by newer ones while the link was down, so far. */
      readonly replaced: number;
      readonly error: SerialisedError | null;
    }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly sentence: string;
      readonly fields: JsonObject;
    }
  | { readonly type: 'broker'; readonly request: BrokerRequest }
  /** The run cannot go on. `permanent`: a restart would not heal it. */
  | { readonly type: 'failed'; readonly error: SerialisedError; readonly permanent: boolean }
  | { readonly type: 'stopped' };

/** Named observations: snake_case names with a unit suffix where there is a unit. */
export type Facts = Readonly<Record<string, number | null>>;
/** What an `error` message on `raw_data` says. */
export interface ReportedError {
  readonly code: number;
  readonly message: string;
}

/** What a worker asks the embedded broker of its host. */
export type BrokerRequest = {
  readonly id: number;
  readonly op: 'publish';
  readonly message: WireMessage;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
};
/** The answer to a {@link BrokerRequest} of the same id. */
export type BrokerReply = { readonly id: number; readonly outcome: PublishOutcome };
