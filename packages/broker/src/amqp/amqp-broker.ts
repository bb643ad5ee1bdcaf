/**
 * Broker over RabbitMQ. Promise: consuming and publishing do not hold each other up.
 *
 * Two connections, as RabbitMQ advises: when an alarm or flow control stops the publishing one, deliveries
 * and acks go on, and the queues can empty. Each consumer has a channel of its own on the consuming one.
 */
import type { LinkWord, PublishOutcome, VedetteError, WireMessage } from '@vedette/contract';
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
import { AmqpConsumers } from './amqp-consumers.js';
import type { AmqpLinkOptions } from './amqp-link.js';
import { AmqpPublisher } from './amqp-publisher.js';

/** How an {@link AmqpBroker} connects and how long it waits. */
export interface AmqpBrokerOptions extends AmqpLinkOptions {
  /** A publish not confirmed by then settles as `timeout`. Default 10,000. */
  readonly confirmTimeoutMs?: number;
}

/** Kept messages wait this long for the queues to be declared again, then go all the same. */
const TOPOLOGY_WAIT_MS = 2_500;
const CLOSE_DEADLINE_MS = 5_000;

/** RabbitMQ for a manager: reconnects by itself, rebuilds topology and consumers, confirms every publish. */
export class AmqpBroker implements Broker, Locks {
  readonly #publisher: AmqpPublisher;
  readonly #consumers: AmqpConsumers;
  readonly #listeners = new Set<(change: LinkChange) => void>();
  #announced: LinkWord = 'connecting';

  /** Connects at once: `NAME` publishes, `NAME consumers` consumes. Throws BROKER_BAD_URL. */
  constructor(options: AmqpBrokerOptions) {
    const { confirmTimeoutMs, ...link } = options;
    this.#consumers = new AmqpConsumers({ ...link, name: `${options.name} consumers` });
    this.#publisher = new AmqpPublisher({
      ...link,
      ...(confirmTimeoutMs === undefined ? {} : { confirmTimeoutMs }),
      prepare: async (hasReopened) => {
        if (hasReopened) await this.#consumers.redeclare();
        else await this.#consumers.link.up(TOPOLOGY_WAIT_MS);
      },
    });
    this.#publisher.onLinkChanged((change) => this.#announce(change.error));
    this.#consumers.link.onChanged((_word, error) => this.#announce(error));
  }

  /** The worse of both connections. */
  get link(): LinkWord {
    const words = [this.#publisher.link, this.#consumers.link.word];
    const worst = (['closed', 'disconnected', 'connecting', 'blocked'] as const).find((word) =>
      words.includes(word),
    );
    return worst ?? 'connected';
  }

  get replaced(): number {
    return this.#publisher.replaced;
  }

  async ready(deadlineMs: number): Promise<void> {
    await Promise.all([this.#publisher.ready(deadlineMs), this.#consumers.link.ready(deadlineMs)]);
  }

  publish(message: WireMessage, options?: PublishOptions): Promise<PublishOutcome> {
    return this.#publisher.publish(message, options);
  }

  declare(topology: Topology): Promise<void> {
    return this.#consumers.declare(topology);
  }

  consume(
    queue: string,
    options: ConsumeOptions,
    handler: (delivery: Delivery) => void,
  ): Promise<Subscription> {
    return this.#consumers.consume(queue, options, handler);
  }

  lock(name: string): Lock {
    return this.#consumers.lock(name, async () => {
      // A probe to the lock's queue: routed, somebody holds it. A declaration would tell too, but each
      // refusal is an error in the broker's log, and a standby asks every second.
      const probe = { exchange: '', routingKey: name, content: 'probe' };
      const outcome = await this.#publisher.publish(probe, { whenDown: 'drop' });
      if (outcome === 'unroutable') return 'free';
      return outcome === 'confirmed' || outcome === 'nacked' ? 'taken' : 'unknown';
    });
  }

  consumersOf(queue: string): Promise<number | null> {
    return this.#consumers.consumersOf(queue);
  }

  onSettled(listener: (message: WireMessage, outcome: PublishOutcome) => void): () => void {
    return this.#publisher.onSettled(listener);
  }

  onLinkChanged(listener: (change: LinkChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(deadlineMs: number = CLOSE_DEADLINE_MS): Promise<void> {
    await Promise.all([this.#publisher.close(deadlineMs), this.#consumers.link.close(deadlineMs)]);
  }

  #announce(error: VedetteError | null): void {
    const link = this.link;
    if (link === this.#announced) return;
    this.#announced = link;
    for (const listener of [...this.#listeners]) listener({ link, replaced: this.replaced, error });
  }
}
