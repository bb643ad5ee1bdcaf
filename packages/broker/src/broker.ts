/** What Vedette needs of a broker. Two implementations; one contract suite runs on both. */
import type { LinkWord, PublishOutcome, VedetteError, WireMessage } from '@vedette/contract';

/** What is to become of a message while the link is down, and what goes with it. */
export interface PublishOptions {
  /**
   * While the link is down: `keep-newest` holds the newest message per exchange, routing key and
   * `key` and sends it when the link is back; `drop` gives up at once. Default `keep-newest`.
   */
  readonly whenDown?: 'keep-newest' | 'drop';
  /** Tells messages with one routing key apart, for example a component name. Default empty. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
}

/** What became of a link to a broker. */
export interface LinkChange {
  readonly link: LinkWord;
  /** Messages replaced by newer ones while the link was down, so far. */
  readonly replaced: number;
  /** Why the link went down; null otherwise. Never holds credentials. */
  readonly error: VedetteError | null;
}

/** The sending half: all a worker needs. */
export interface Publisher {
  readonly link: LinkWord;
  /** Messages replaced by newer ones while the link was down, so far. */
  readonly replaced: number;
  /**
   * Publishes persistent and mandatory, and settles when the broker confirmed, returned or refused
   * the message, or the confirm timeout passed. Never rejects and never waits for a lost link.
   * A missing exchange counts as `unroutable`. What is unconfirmed when the link is lost becomes
   * `deferred` or `dropped`; what is kept is sent at least once. After `close`: `dropped`.
   */
  publish(message: WireMessage, options?: PublishOptions): Promise<PublishOutcome>;
  /**
   * Called for every outcome, also for kept messages: with `deferred` and again when they are sent after
   * all. A replaced message is only counted. Returns a function that unsubscribes.
   */
  onSettled(listener: (message: WireMessage, outcome: PublishOutcome) => void): () => void;
  onLinkChanged(listener: (change: LinkChange) => void): () => void;
  /** Waits for outstanding confirms up to the deadline, then closes. Idempotent, never rejects. */
  close(deadlineMs?: number): Promise<void>;
}

/** What of a topic exchange goes into a queue; `*` stands for one word of a routing key, `#` for any number. */
export interface Binding {
  readonly exchange: string;
  readonly pattern: string;
}

/** Defaults: durable, not exclusive, not auto-delete, no arguments. */
export interface QueueDeclaration {
  readonly name: string;
  readonly bindings: readonly Binding[];
  readonly durable?: boolean;
  readonly exclusive?: boolean;
  readonly autoDelete?: boolean;
  readonly arguments?: Readonly<Record<string, string | number | boolean>>;
}

/** Exchanges are always topic and durable. */
export interface Topology {
  readonly exchanges: readonly string[];
  readonly queues: readonly QueueDeclaration[];
}

/** One message of a queue; settle it once, with `ack` or `requeue`. */
export interface Delivery {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly isRedelivered: boolean;
  /** Only the first settlement counts. After a lost link it does nothing: the message is delivered again. */
  ack(): void;
  requeue(): void;
}

/** How a queue is consumed. */
export interface ConsumeOptions {
  /** Unacknowledged deliveries at a time; 0 is unlimited. */
  readonly prefetch: number;
  readonly autoAck?: boolean;
  readonly isExclusive?: boolean;
}

/** A queue that is being consumed. */
export interface Subscription {
  /** Stops deliveries; what is unacknowledged stays so until acked, requeued or the link closes. */
  cancel(): Promise<void>;
}

/**
 * The whole: what a manager needs. Topology and consumers are rebuilt after each reconnect, before the link
 * is `connected` again. Nothing here waits for a link that is down: it is remembered and done on return.
 */
export interface Broker extends Publisher {
  /**
   * Resolves once connected the first time. Rejects at once with BROKER_ACCESS_REFUSED (trying goes on) or
   * BROKER_CLOSED, and with the reason of the last try, such as BROKER_UNREACHABLE, after `deadlineMs`.
   */
  ready(deadlineMs: number): Promise<void>;
  /**
   * Remembered and declared again after a reconnect. Rejects with BROKER_TOPOLOGY_REFUSED or, for want of
   * rights, BROKER_ACCESS_REFUSED; what was refused is not remembered. Refused later: logged, tried again.
   */
  declare(topology: Topology): Promise<void>;
  /**
   * Remembered too, also over the deletion of its queue. The handler must not throw; it settles each delivery
   * itself. Rejects as `declare`, for example if there is no such queue.
   */
  consume(
    queue: string,
    options: ConsumeOptions,
    handler: (delivery: Delivery) => void,
  ): Promise<Subscription>;
}

/** `held`: by this client. `taken`: by another. `unknown`: the link is down, or nothing was asked yet. */
export type LockWord = 'unknown' | 'held' | 'taken';

/** A name that one client of a broker holds at a time; free again as soon as its holder's connection ends. */
export interface Lock {
  readonly word: LockWord;
  /** Why it was refused, where that is not another holder, such as BROKER_ACCESS_REFUSED; null otherwise. */
  readonly error: VedetteError | null;
  /** Whether anybody holds it, without asking for it. */
  look(): Promise<'free' | 'taken' | 'unknown'>;
  /**
   * Asks for it now, and again after each reconnect until released. While it is asked for and not held this
   * client consumes nothing. Never rejects.
   */
  take(): Promise<LockWord>;
  /** Gives it back and asks no more. Never rejects. */
  release(): Promise<void>;
  /** Returns a function that unsubscribes. */
  onChanged(listener: (word: LockWord) => void): () => void;
}

/** What a client needs that must be the only one of its sort. */
export interface Locks {
  /** The same object for the same name. */
  lock(name: string): Lock;
  /** Consumers of a queue, ours included; null if it cannot be asked now or there is no such queue. */
  consumersOf(queue: string): Promise<number | null>;
}
