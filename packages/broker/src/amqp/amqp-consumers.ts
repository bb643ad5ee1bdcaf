/**
 * The consuming half of a broker: a link, the topology and the consumers it carries. Promise: whatever was
 * declared and consumed is there again after every reconnect, before the link says `connected`; but nothing
 * is consumed while a lock that was asked for is not held.
 */
import { silentLogger, type Logger } from '@vedette/contract';
import type { ConsumeOptions, Delivery, QueueDeclaration, Subscription, Topology } from '../broker.js';
import { AmqpConsumer, isRefusal } from './amqp-consumer.js';
import { AmqpLink, type AmqpLinkOptions } from './amqp-link.js';
import { AmqpLock } from './amqp-lock.js';
import type { AmqpSession } from './amqp-session.js';
import { declareExchange, declareQueue, TopologyMemory } from './amqp-topology.js';
import { ControlChannel } from './control-channel.js';

interface Current {
  readonly session: AmqpSession;
  readonly control: ControlChannel;
}

export class AmqpConsumers {
  readonly link: AmqpLink;
  readonly #memory = new TopologyMemory();
  readonly #consumers = new Set<AmqpConsumer>();
  readonly #locks = new Map<string, AmqpLock>();
  readonly #logger: Logger;
  readonly #random: () => number;
  /** Names refused when they were declared from memory: said once, tried again at each reconnect. */
  readonly #refused = new Set<string>();
  #current: Current | null = null;

  constructor(options: AmqpLinkOptions) {
    this.#logger = options.logger ?? silentLogger;
    this.#random = options.random ?? Math.random;
    this.link = new AmqpLink(options, {
      setUp: (session) => this.#setUp(session),
      onUp: () => undefined,
      onDown: () => {
        this.#current = null;
        for (const lock of this.#locks.values()) lock.detach();
      },
      onBlocked: () => undefined,
    });
  }

  async declare(topology: Topology): Promise<void> {
    for (const name of topology.exchanges) await this.#declareNew(name, this.#memory.addExchange(name));
    for (const queue of topology.queues) await this.#declareNew(queue, this.#memory.addQueue(queue));
  }

  /** Declares again all that is remembered; nothing if the link is down, for then the reconnect does it. */
  async redeclare(): Promise<void> {
    if (this.#current !== null) await this.#declareAll(this.#current.control);
  }

  async consume(
    queue: string,
    options: ConsumeOptions,
    handler: (delivery: Delivery) => void,
  ): Promise<Subscription> {
    const consumer: AmqpConsumer = new AmqpConsumer({
      ...options,
      queue,
      handler,
      random: this.#random,
      logger: this.#logger,
      redeclare: async () => {
        const known = this.#memory.queue(queue);
        const control = this.#current?.control;
        if (known === undefined || control === undefined) return;
        for (const { exchange } of known.bindings) {
          if (this.#memory.exchanges.includes(exchange)) await declareOne(control, exchange);
        }
        await declareOne(control, known);
      },
    });
    this.#consumers.add(consumer);
    const session = this.#current?.session;
    try {
      if (session !== undefined && this.#isFree) await consumer.attach(session);
    } catch (error) {
      if (isRefusal(error)) {
        this.#consumers.delete(consumer);
        throw error;
      }
      if (session !== undefined) void consumer.heal(session);
    }
    return {
      cancel: async () => {
        this.#consumers.delete(consumer);
        await consumer.cancel();
      },
    };
  }

  /** `look` asks whether anybody holds it; the caller knows how. */
  lock(name: string, look: AmqpLock['look']): AmqpLock {
    const known = this.#locks.get(name);
    if (known !== undefined) return known;
    const lock = new AmqpLock({ name, look, session: () => this.#current?.session ?? null });
    this.#locks.set(name, lock);
    // Held on a living session: what waited for it is consumed from now on.
    lock.onChanged(() => {
      const session = this.#current?.session;
      if (session === undefined || this.link.word !== 'connected') return;
      this.#attachAll(session).catch(() => undefined);
    });
    return lock;
  }

  async consumersOf(queue: string): Promise<number | null> {
    let count: number | null = null;
    const ask = this.#current?.control.run(`queue "${queue}"`, async (channel) => {
      count = (await channel.checkQueue(queue)).consumerCount;
    });
    await ask?.catch(() => undefined);
    return count;
  }

  /** False while a lock that was asked for is not held. */
  get #isFree(): boolean {
    return [...this.#locks.values()].every((lock) => !lock.isWanted || lock.word === 'held');
  }

  async #setUp(session: AmqpSession): Promise<void> {
    const control = new ControlChannel(session);
    // From here on `declare` and `consume` act on this session themselves.
    this.#current = { session, control };
    for (const lock of this.#locks.values()) await lock.attach(session);
    await this.#declareAll(control);
    await this.#attachAll(session);
  }

  async #attachAll(session: AmqpSession): Promise<void> {
    if (!this.#isFree) return;
    for (const consumer of this.#consumers) {
      try {
        await consumer.attach(session);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        void consumer.heal(session);
      }
    }
  }

  async #declareAll(control: ControlChannel): Promise<void> {
    for (const item of [...this.#memory.exchanges, ...this.#memory.queues]) {
      const name = typeof item === 'string' ? item : item.name;
      try {
        await declareOne(control, item);
        this.#refused.delete(name);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        if (this.#refused.has(name)) continue;
        this.#refused.add(name);
        const fields = { name, code: error.code, reason: error.message };
        this.#logger.log('error', 'The broker refuses what it had accepted before', fields);
      }
    }
  }

  /** Remembered already, so a link lost meanwhile declares it when it is back. */
  async #declareNew(item: string | QueueDeclaration, forget: () => void): Promise<void> {
    if (this.#current === null) return;
    try {
      await declareOne(this.#current.control, item);
    } catch (error) {
      if (!isRefusal(error)) return;
      forget();
      throw error;
    }
  }
}

function declareOne(control: ControlChannel, item: string | QueueDeclaration): Promise<void> {
  return typeof item === 'string'
    ? control.run(`exchange "${item}"`, (channel) => declareExchange(channel, item))
    : control.run(`queue "${item.name}"`, (channel) => declareQueue(channel, item));
}
