/**
 * Publisher over one supervised link. Promise: every publish settles within the confirm timeout, and a message
 * that was to be kept is sent when the link is back unless a newer one of its key replaced it.
 *
 * At least once: what was unconfirmed when the link was lost is sent again.
 */
import { Buffer } from 'node:buffer';
import type { ConfirmChannel, Message } from 'amqplib';
import {
  silentLogger,
  systemClock,
  type Clock,
  type LinkWord,
  type Logger,
  type PublishOutcome,
  type WireMessage,
} from '@vedette/contract';
import { backoffMs } from '../backoff.js';
import type { LinkChange, Publisher, PublishOptions } from '../broker.js';
import { DEFAULT_CONFIRM_TIMEOUT_MS } from '../defaults.js';
import { Outbox } from '../outbox.js';
import { Outstanding } from '../outstanding.js';
import { exchangeOf, lostError, refusedError, replyCode } from './amqp-errors.js';
import { AmqpLink, type AmqpLinkHooks, type AmqpLinkOptions } from './amqp-link.js';
import { AmqpPublish } from './amqp-publish.js';
import type { AmqpSession } from './amqp-session.js';
import { openConfirmChannel } from './confirm-channel.js';
import { ConfirmWindow } from './confirm-window.js';
import type { PublisherLink } from './publisher-link.js';

/** Unconfirmed messages on the wire at a time; more wait in line. */
const WINDOW = 1_024;
const MAX_STRIKES = 5;
const PREPARE_DEADLINE_MS = 3_000;
const CLOSE_DEADLINE_MS = 5_000;
/** Least time for the goodbye, however long the confirms took. */
const GOODBYE_MS = 500;

export interface AmqpPublisherOptions extends AmqpLinkOptions {
  /** Gives the link; default: one of its own, opened at once. */
  readonly linkFor?: (hooks: AmqpLinkHooks) => PublisherLink;
  /** A publish not confirmed by then settles as `timeout`. Default 10,000. */
  readonly confirmTimeoutMs?: number;
  /** Topic exchanges declared on each new channel; one the broker refuses is logged and left as it is. */
  readonly exchanges?: readonly string[];
  /** Awaited before a new channel carries messages; its failure is not ours. `hasReopened`: on a living link. */
  readonly prepare?: (hasReopened: boolean) => Promise<void>;
}

export class AmqpPublisher implements Publisher {
  readonly #link: PublisherLink;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #logger: Logger;
  readonly #confirmTimeoutMs: number;
  readonly #exchanges: readonly string[];
  readonly #prepare: (hasReopened: boolean) => Promise<void>;
  readonly #outbox = new Outbox<AmqpPublish>();
  readonly #settledListeners = new Set<(message: WireMessage, outcome: PublishOutcome) => void>();
  readonly #outstanding = new Outstanding<AmqpPublish>();
  /** Waits for room in the window, for an equal message to be confirmed, or for a new channel. */
  #line: AmqpPublish[] = [];
  #window = new ConfirmWindow<AmqpPublish>();
  #channel: ConfirmChannel | null = null;
  #reopenings = 0;
  #closing: Promise<void> | null = null;

  /** Connects at once. Throws BROKER_BAD_URL. */
  constructor(options: AmqpPublisherOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#logger = options.logger ?? silentLogger;
    this.#confirmTimeoutMs = options.confirmTimeoutMs ?? DEFAULT_CONFIRM_TIMEOUT_MS;
    this.#exchanges = options.exchanges ?? [];
    this.#prepare = options.prepare ?? (() => Promise.resolve());
    const linkFor = options.linkFor ?? ((hooks: AmqpLinkHooks) => new AmqpLink(options, hooks));
    this.#link = linkFor({
      setUp: (session) => this.#openChannel(session, false),
      onUp: () => this.#flush(),
      onDown: () => this.#keepAll(),
      onBlocked: () => this.#keepLine(),
    });
  }

  get link(): LinkWord {
    return this.#link.word;
  }

  get replaced(): number {
    return this.#outbox.replaced;
  }

  /** As of {@link AmqpLink.ready}: at once BROKER_ACCESS_REFUSED, after the deadline BROKER_UNREACHABLE. */
  ready(deadlineMs: number): Promise<void> {
    return this.#link.ready(deadlineMs);
  }

  publish(message: WireMessage, options: PublishOptions = {}): Promise<PublishOutcome> {
    const publish = new AmqpPublish(message, options, (settled, outcome) => {
      this.#report(settled, outcome);
    });
    if (this.#closing !== null) publish.settle('dropped');
    else if (this.#link.word === 'connected') this.#enqueue(publish);
    else this.#keep([publish]);
    this.#pump();
    return publish.outcome;
  }

  onSettled(listener: (message: WireMessage, outcome: PublishOutcome) => void): () => void {
    this.#settledListeners.add(listener);
    return () => this.#settledListeners.delete(listener);
  }

  onLinkChanged(listener: (change: LinkChange) => void): () => void {
    return this.#link.onChanged((link, error) => listener({ link, replaced: this.replaced, error }));
  }

  close(deadlineMs: number = CLOSE_DEADLINE_MS): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<void> {
    const endsAt = this.#clock.monotonic() + deadlineMs;
    if (this.#link.word === 'connected') await this.#outstanding.whenNone(this.#clock, deadlineMs);
    await this.#link.close(Math.max(GOODBYE_MS, endsAt - this.#clock.monotonic()), this.#channel);
    for (const publish of this.#unsettled()) if (publish.isPending) publish.settle('timeout');
    for (const publish of this.#outbox.drain()) publish.settle('dropped');
  }

  #report(publish: AmqpPublish, outcome: PublishOutcome): void {
    for (const listener of [...this.#settledListeners]) listener(publish.message, outcome);
    this.#outstanding.delete(publish);
  }

  #enqueue(publish: AmqpPublish): void {
    publish.begin(this.#clock, this.#confirmTimeoutMs, () => {
      // On the wire it stays in the window: the channel still counts it, and a lost link sends it again.
      this.#line = this.#line.filter((waiting) => waiting !== publish);
      publish.settle('timeout');
      this.#pump();
    });
    this.#outstanding.add(publish);
    this.#line.push(publish);
  }

  /** Sends from the line, in order, as far as the window lets it. */
  #pump(): void {
    for (let head = this.#line[0]; head !== undefined && this.#channel !== null; head = this.#line[0]) {
      // Behind an equal message the whole line waits, so that order holds and returns stay unambiguous.
      if (this.#window.size >= WINDOW || this.#window.has(head.message)) return;
      // Taken out first: a listener that publishes while this one settles comes back here.
      this.#line.shift();
      if (this.#send(this.#channel, head)) continue;
      this.#line.unshift(head);
      return;
    }
  }

  /** False if the channel is ending; its `close` will follow. */
  #send(channel: ConfirmChannel, publish: AmqpPublish): boolean {
    const { exchange, routingKey, content } = publish.message;
    const { headers } = publish.options;
    try {
      channel.publish(exchange, routingKey, Buffer.from(content), {
        mandatory: true,
        persistent: true,
        ...(headers === undefined ? {} : { headers }),
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'IllegalOperationError') return false;
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#logger.log('error', 'A message cannot be written as AMQP', { exchange, routingKey, reason });
      publish.settle('nacked');
      return true;
    }
    this.#window.add(publish.message, publish);
    return true;
  }

  #confirm(tag: number, isMultiple: boolean, isAck: boolean): void {
    this.#reopenings = 0;
    for (const { item, isReturned } of this.#window.settle(tag, isMultiple)) {
      if (item.isPending) item.settle(!isAck ? 'nacked' : isReturned ? 'unroutable' : 'confirmed');
    }
    this.#pump();
  }

  async #openChannel(session: AmqpSession, hasReopened: boolean): Promise<void> {
    // What is not ready by then comes later; the channel does not depend on it.
    const prepared = this.#prepare(hasReopened);
    await session.race(prepared, PREPARE_DEADLINE_MS, 'preparing a channel').catch(() => undefined);
    const channel = await openConfirmChannel(session, {
      exchanges: this.#exchanges,
      logger: this.#logger,
      onClosed: (closed, error) => {
        if (this.#channel === closed) this.#onChannelClosed(session, error);
      },
    });
    this.#adopt(channel);
  }

  #adopt(channel: ConfirmChannel): void {
    this.#channel = channel;
    this.#window = new ConfirmWindow();
    channel.on('return', ({ fields, content }: Message) => {
      const { exchange, routingKey } = fields;
      this.#window.returned({ exchange, routingKey, content: content.toString() });
    });
    channel.on('ack', ({ deliveryTag, multiple }: { deliveryTag: number; multiple: boolean }) => {
      if (this.#channel === channel) this.#confirm(deliveryTag, multiple, true);
    });
    channel.on('nack', ({ deliveryTag, multiple }: { deliveryTag: number; multiple: boolean }) => {
      if (this.#channel === channel) this.#confirm(deliveryTag, multiple, false);
    });
  }

  /**
   * The broker closes a channel over one bad publish, usually to a missing exchange, and drops all that was
   * published behind it. Also comes just before the loss of the whole session, then without an error.
   */
  #onChannelClosed(session: AmqpSession, error: unknown): void {
    this.#channel = null;
    const code = replyCode(error);
    const culprit = code === 404 || code === 403 ? exchangeOf(error) : null;
    const again: AmqpPublish[] = [];
    for (const { item, isReturned } of this.#window.drain()) {
      if (error !== undefined) item.strikes += 1;
      if (isReturned || item.message.exchange === culprit || item.strikes >= MAX_STRIKES) {
        const outcome = isReturned || code === 404 ? 'unroutable' : 'nacked';
        if (item.isPending) item.settle(outcome);
      } else if (item.isPending || item.isKept) again.push(item);
    }
    this.#line = [...again, ...this.#line];
    if (error === undefined) return;
    const fields = { code, exchange: culprit, reason: refusedError(error, 'a publish').message };
    this.#logger.log('warn', 'The broker closed the publishing channel, it is opened again', fields);
    void this.#reopen(session);
  }

  async #reopen(session: AmqpSession): Promise<void> {
    const waitMs = this.#reopenings === 0 ? 0 : backoffMs(this.#reopenings - 1, this.#random);
    this.#reopenings += 1;
    try {
      await session.pause(waitMs);
      await this.#openChannel(session, true);
      this.#pump();
    } catch (error) {
      session.fail(lostError(error, 'broker'));
    }
  }

  /** The link is up: what was kept goes first, oldest first. */
  #flush(): void {
    for (const publish of this.#outbox.drain()) this.#enqueue(publish);
    this.#pump();
  }

  /** The link is down: keeps the newest of what is not confirmed. */
  #keepAll(): void {
    this.#channel = null;
    // What is in the outbox already is younger than what was on its way.
    const younger = this.#outbox.drain();
    this.#keep([...this.#unsettled(), ...younger]);
  }

  #keepLine(): void {
    this.#keep(this.#line.splice(0));
  }

  /** Empties window and line, oldest first. */
  #unsettled(): AmqpPublish[] {
    const left: AmqpPublish[] = [];
    for (const { item, isReturned } of this.#window.drain()) {
      if (!isReturned) left.push(item);
      else if (item.isPending) item.settle('unroutable');
    }
    return [...left, ...this.#line.splice(0)];
  }

  /** Reports come last: a listener that publishes must not have its newer message replaced by an older one. */
  #keep(publishes: readonly AmqpPublish[]): void {
    const reports: (() => void)[] = [];
    for (const publish of publishes) {
      const isKept = this.#closing === null && publish.isKept;
      if (isKept) {
        const pushedOut = this.#outbox.put(publish.outboxKey, publish);
        if (pushedOut !== null) reports.push(() => pushedOut.settle('dropped'));
      }
      const outcome = isKept ? 'deferred' : this.#closing === null ? 'dropped' : 'timeout';
      if (publish.isUnreported) reports.push(() => publish.settle(outcome));
    }
    for (const report of reports) report();
  }
}
