/**
 * Broker inside this process, for stand-alone use. Promise: what a caller can see is what RabbitMQ would show
 * it, except that nothing outlives the process and the link is never down.
 */
import {
  silentLogger,
  VedetteError,
  type BrokerReply,
  type BrokerRequest,
  type LinkWord,
  type Logger,
  type PublishOutcome,
  type WireMessage,
} from '@vedette/contract';
import type {
  Broker,
  ConsumeOptions,
  Delivery,
  LinkChange,
  Lock,
  Locks,
  PublishOptions,
  Subscription,
  Topology,
} from '../broker.js';
import { EmbeddedTopology } from './embedded-topology.js';
import type { ConsumeMessage, Queue } from 'smqp';

/** smqp wants a number; this many deliveries are as good as no limit. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** What an {@link EmbeddedBroker} is told. */
export interface EmbeddedBrokerOptions {
  readonly logger?: Logger;
}

/** A broker in this process: no server, nothing durable. `handle` answers the workers. */
export class EmbeddedBroker implements Broker, Locks {
  readonly #topology = new EmbeddedTopology();
  readonly #logger: Logger;
  readonly #settledListeners = new Set<(message: WireMessage, outcome: PublishOutcome) => void>();
  readonly #linkListeners = new Set<(change: LinkChange) => void>();
  /** Handlers run later than the publish that caused them, in order, as deliveries from a socket do. */
  #deliveries: (() => void)[] = [];
  #consumers = 0;
  #isClosed = false;

  constructor(options: EmbeddedBrokerOptions = {}) {
    this.#logger = options.logger ?? silentLogger;
  }

  get link(): LinkWord {
    return this.#isClosed ? 'closed' : 'connected';
  }

  /** Always 0: the link is never down. */
  get replaced(): number {
    return 0;
  }

  ready(_deadlineMs: number): Promise<void> {
    return this.#isClosed ? Promise.reject(closedError()) : Promise.resolve();
  }

  publish(message: WireMessage, options: PublishOptions = {}): Promise<PublishOutcome> {
    const outcome = this.#isClosed
      ? 'dropped'
      : this.#topology.route(message, options.headers ?? {})
        ? 'confirmed'
        : 'unroutable';
    for (const listener of [...this.#settledListeners]) listener(message, outcome);
    return Promise.resolve(outcome);
  }

  /** Answers a worker's `EmbeddedClient`; never rejects. */
  async handle(request: BrokerRequest): Promise<BrokerReply> {
    const { headers } = request;
    return {
      id: request.id,
      outcome: await this.publish(request.message, headers === undefined ? {} : { headers }),
    };
  }

  async declare(topology: Topology): Promise<void> {
    if (this.#isClosed) throw closedError();
    this.#topology.declare(topology);
    return Promise.resolve();
  }

  async consume(
    queueName: string,
    options: ConsumeOptions,
    handler: (delivery: Delivery) => void,
  ): Promise<Subscription> {
    if (this.#isClosed) throw closedError();
    const queue = this.#topology.queue(queueName);
    if (queue === undefined) throw refused(queueName, 'there is no such queue');
    this.#consumers += 1;
    const tag = `consumer-${this.#consumers}`;
    const { autoAck = false, isExclusive = false, prefetch } = options;
    const state = { isCancelled: false };
    const onMessage = (_key: string, message: ConsumeMessage) => {
      this.#later(() => {
        if (this.#isClosed) return;
        if (state.isCancelled) message.nack(false, true);
        else
          this.#deliver(
            queueName,
            toDelivery(message, autoAck, () => this.#isClosed),
            handler,
          );
      });
    };
    try {
      queue.consume(onMessage, {
        consumerTag: tag,
        noAck: autoAck,
        exclusive: isExclusive,
        // RabbitMQ has no prefetch for deliveries that need no ack either.
        prefetch: prefetch === 0 || autoAck ? UNLIMITED : prefetch,
      });
    } catch (error) {
      throw refused(queueName, error instanceof Error ? error.message : 'unknown');
    }
    return Promise.resolve({
      cancel: () => {
        if (!state.isCancelled) cancel(queue, tag);
        state.isCancelled = true;
        return Promise.resolve();
      },
    });
  }

  /** Held always: nobody outside this process can reach this broker. */
  lock(_name: string): Lock {
    return {
      word: 'held',
      error: null,
      look: () => Promise.resolve('free'),
      take: () => Promise.resolve('held'),
      release: () => Promise.resolve(),
      onChanged: () => () => undefined,
    };
  }

  consumersOf(queueName: string): Promise<number | null> {
    return Promise.resolve(this.#topology.queue(queueName)?.consumerCount ?? null);
  }

  onSettled(listener: (message: WireMessage, outcome: PublishOutcome) => void): () => void {
    this.#settledListeners.add(listener);
    return () => this.#settledListeners.delete(listener);
  }

  onLinkChanged(listener: (change: LinkChange) => void): () => void {
    this.#linkListeners.add(listener);
    return () => this.#linkListeners.delete(listener);
  }

  close(_deadlineMs?: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.#topology.clear();
    for (const listener of [...this.#linkListeners]) listener({ link: 'closed', replaced: 0, error: null });
    return Promise.resolve();
  }

  #deliver(queue: string, delivery: Delivery, handler: (delivery: Delivery) => void): void {
    try {
      handler(delivery);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#logger.log('error', 'A delivery handler threw', { queue, reason });
    }
  }

  #later(action: () => void): void {
    this.#deliveries.push(action);
    if (this.#deliveries.length > 1) return;
    setImmediate(() => {
      const batch = this.#deliveries;
      this.#deliveries = [];
      for (const next of batch) next();
    });
  }
}

function toDelivery(message: ConsumeMessage, isAutoAck: boolean, isClosed: () => boolean): Delivery {
  let isSettled = isAutoAck;
  const settle = (action: () => void) => {
    if (isSettled || isClosed()) return;
    isSettled = true;
    action();
  };
  const { exchange, routingKey, redelivered } = message.fields;
  const { headers } = message.properties as { headers?: Readonly<Record<string, unknown>> };
  return {
    exchange,
    routingKey,
    content: message.content as Buffer,
    headers: { ...headers },
    // smqp sets it on requeued messages only.
    isRedelivered: redelivered ?? false,
    ack: () => settle(() => message.ack()),
    requeue: () => settle(() => message.nack(false, true)),
  };
}

function cancel(queue: Queue, tag: string): void {
  // Deliveries on their way to the handler go back; those it has stay with it.
  queue.cancel(tag, { keepPending: true });
}

function refused(queue: string, why: string): VedetteError {
  return new VedetteError(
    'BROKER_TOPOLOGY_REFUSED',
    `The broker refused a consumer of queue "${queue}": ${why}`,
  );
}

function closedError(): VedetteError {
  return new VedetteError('BROKER_CLOSED', 'The embedded broker is closed');
}
