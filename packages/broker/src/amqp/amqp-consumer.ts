/**
 * One remembered consumer, on a channel of its own so that its refusal stops no other. Promise: until
 * cancelled it consumes whenever its queue can be had, and a settlement of an older channel does nothing.
 */
import type { Channel, ConsumeMessage } from 'amqplib';
import { silentLogger, VedetteError, type Logger } from '@vedette/contract';
import { backoffMs } from '../backoff.js';
import type { ConsumeOptions, Delivery } from '../broker.js';
import { lostError, refusedError, replyCode } from './amqp-errors.js';
import { SETUP_DEADLINE_MS } from './amqp-link.js';
import type { AmqpSession } from './amqp-session.js';

export interface AmqpConsumerOptions extends ConsumeOptions {
  readonly queue: string;
  readonly handler: (delivery: Delivery) => void;
  /** Declares the queue again, as remembered. */
  readonly redeclare: () => Promise<void>;
  readonly random: () => number;
  readonly logger?: Logger;
}

/** A channel and its consumer tag, until the channel closes. */
interface Attachment {
  readonly session: AmqpSession;
  readonly channel: Channel;
  tag: string | null;
  isOpen: boolean;
  unsettled: number;
}

export class AmqpConsumer {
  readonly #options: AmqpConsumerOptions;
  readonly #logger: Logger;
  #attachment: Attachment | null = null;
  #attaching: AmqpSession | null = null;
  #isCancelled = false;

  constructor(options: AmqpConsumerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
  }

  get queue(): string {
    return this.#options.queue;
  }

  /** Starts consuming on this session unless it does so already. Rejects with why it could not. */
  async attach(session: AmqpSession): Promise<void> {
    if (this.#isCancelled || this.#attaching === session) return;
    this.#attaching = session;
    try {
      await this.#attach(session);
    } catch (error) {
      if (this.#attaching === session) this.#attaching = null;
      throw error;
    }
  }

  /** Tries until it consumes, the session is lost or it is cancelled. Never rejects. */
  async heal(session: AmqpSession): Promise<void> {
    for (let attempt = 0; !this.#isCancelled && session.isOpen; attempt += 1) {
      try {
        await session.pause(backoffMs(attempt, this.#options.random));
        await this.#options.redeclare();
        await this.attach(session);
        this.#logger.log('info', 'A queue is consumed again', { queue: this.queue });
        return;
      } catch (error) {
        if (attempt > 0 || !session.isOpen) continue;
        const reason = error instanceof Error ? error.message : 'unknown';
        this.#logger.log('warn', 'A queue cannot be consumed and is tried again', {
          queue: this.queue,
          reason,
        });
      }
    }
  }

  async cancel(): Promise<void> {
    this.#isCancelled = true;
    const attachment = this.#attachment;
    if (attachment?.isOpen !== true || attachment.tag === null) return;
    const cancelled = attachment.channel.cancel(attachment.tag);
    await attachment.session
      .race(cancelled, SETUP_DEADLINE_MS, `cancelling the consumer of ${this.queue}`)
      .catch(() => undefined);
    this.#closeIfSettled(attachment);
  }

  async #attach(session: AmqpSession): Promise<void> {
    const { queue, prefetch, autoAck = false, isExclusive = false } = this.#options;
    const channel = await session.channel(SETUP_DEADLINE_MS);
    const attachment: Attachment = { session, channel, tag: null, isOpen: true, unsettled: 0 };
    channel.once('close', () => {
      attachment.isOpen = false;
      this.#onEnded(attachment);
    });
    try {
      const consuming = channel.prefetch(prefetch).then(() =>
        channel.consume(queue, (message) => this.#onMessage(attachment, message), {
          noAck: autoAck,
          exclusive: isExclusive,
        }),
      );
      // Set before the first delivery can come: both are read in one go.
      this.#attachment = attachment;
      const { consumerTag } = await session.race(consuming, SETUP_DEADLINE_MS, `consuming ${queue}`);
      if (!attachment.isOpen) throw new Error('its channel was closed at once');
      attachment.tag = consumerTag;
    } catch (error) {
      if (this.#attachment === attachment) this.#attachment = null;
      if (attachment.isOpen) channel.close().catch(() => undefined);
      if (replyCode(error) === null) throw lostError(error, 'broker');
      throw refusedError(error, `a consumer of queue "${queue}"`);
    }
    if (this.#isCancelled) await this.cancel();
  }

  #onMessage(attachment: Attachment, message: ConsumeMessage | null): void {
    if (message === null) {
      // The server cancelled the consumer: its queue was deleted, or its node went down.
      attachment.channel.close().catch(() => undefined);
      return;
    }
    attachment.unsettled += this.#options.autoAck === true ? 0 : 1;
    const delivery = this.#delivery(attachment, message);
    if (this.#isCancelled) {
      delivery.requeue();
      return;
    }
    try {
      this.#options.handler(delivery);
    } catch (error) {
      // Thrown further, it would end the channel and bring the same message back for ever.
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#logger.log('error', 'A delivery handler threw', { queue: this.queue, reason });
    }
  }

  #delivery(attachment: Attachment, message: ConsumeMessage): Delivery {
    let isSettled = this.#options.autoAck === true;
    const settle = (send: (channel: Channel) => void) => {
      if (isSettled) return;
      isSettled = true;
      if (!attachment.isOpen) return;
      attachment.unsettled -= 1;
      try {
        send(attachment.channel);
      } catch {
        // The channel is closing: the broker delivers the message again.
        return;
      }
      if (this.#isCancelled) this.#closeIfSettled(attachment);
    };
    return {
      exchange: message.fields.exchange,
      routingKey: message.fields.routingKey,
      content: message.content,
      headers: { ...message.properties.headers },
      isRedelivered: message.fields.redelivered,
      ack: () => settle((channel) => channel.ack(message)),
      requeue: () => settle((channel) => channel.nack(message, false, true)),
    };
  }

  #closeIfSettled(attachment: Attachment): void {
    if (attachment.isOpen && attachment.unsettled === 0) attachment.channel.close().catch(() => undefined);
  }

  #onEnded(attachment: Attachment): void {
    if (this.#attachment !== attachment) return;
    this.#attachment = null;
    if (this.#attaching === attachment.session) this.#attaching = null;
    // Channels close just before their session is marked lost; then the next set-up attaches again.
    if (attachment.tag === null || this.#isCancelled) return;
    void Promise.resolve().then(() => this.heal(attachment.session));
  }
}

/** A consumer may be refused for good, or the session may have gone: only the first is the caller's concern. */
export function isRefusal(error: unknown): error is VedetteError {
  return (
    error instanceof VedetteError &&
    (error.code === 'BROKER_TOPOLOGY_REFUSED' || error.code === 'BROKER_ACCESS_REFUSED')
  );
}
