/**
 * One AMQP connection for several publishers, each with a channel of its own. Promise: to each it is like a link
 * of its own; one that comes later finds the connection there, and the last to leave closes it.
 */
import type { ConfirmChannel } from 'amqplib';
import type { LinkWord, VedetteError } from '@vedette/contract';
import { lostError } from './amqp-errors.js';
import {
  AmqpLink,
  SETUP_DEADLINE_MS,
  type AmqpLinkHooks,
  type AmqpLinkOptions,
  type LinkListener,
} from './amqp-link.js';
import type { AmqpSession } from './amqp-session.js';
import type { PublisherLink } from './publisher-link.js';

export class AmqpSharedLink {
  readonly #link: AmqpLink;
  readonly #members = new Set<Member>();
  #session: AmqpSession | null = null;
  #isClosed = false;

  /** Connects at once. Throws BROKER_BAD_URL. */
  constructor(options: AmqpLinkOptions) {
    this.#link = new AmqpLink(options, {
      setUp: async (session) => {
        this.#session = session;
        await Promise.all([...this.#members].map((member) => member.setUp(session)));
      },
      onUp: () => {
        for (const member of this.#members) member.up();
      },
      onDown: (error) => {
        this.#session = null;
        for (const member of this.#members) member.down(error);
      },
      onBlocked: () => {
        for (const member of this.#members) member.blocked();
      },
    });
  }

  /** Nobody uses it any more, and nobody can: the next needs a new one. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** For `linkFor` of a publisher. */
  join(hooks: AmqpLinkHooks): PublisherLink {
    const member: Member = new Member(hooks, this.#link, (deadlineMs, channel) =>
      this.#leave(member, deadlineMs, channel),
    );
    this.#members.add(member);
    if (this.#session !== null) void this.#catchUp(member, this.#session);
    return member;
  }

  /** The connection is there already. */
  async #catchUp(member: Member, session: AmqpSession): Promise<void> {
    try {
      await session.race(member.setUp(session), SETUP_DEADLINE_MS, 'setting a channel up');
    } catch (error) {
      // As at the set-up of the whole: what cannot be set up in time is tried again on a new connection.
      if (this.#members.has(member)) session.fail(lostError(error, 'broker'));
      return;
    }
    if (this.#session !== session) return;
    if (this.#link.word === 'connected') member.up();
    if (this.#link.word === 'blocked') member.blocked();
  }

  async #leave(member: Member, deadlineMs: number, channel: ConfirmChannel | null): Promise<void> {
    this.#members.delete(member);
    if (this.#members.size === 0) {
      this.#isClosed = true;
      await this.#link.close(deadlineMs);
      return;
    }
    const session = this.#session;
    if (channel === null || session === null) return;
    // A channel that the broker ended just now throws.
    const closed = Promise.resolve().then(() => channel.close());
    await session.race(closed, deadlineMs, 'closing a channel').catch(() => undefined);
  }
}

/** The link as one publisher sees it: up when its own channel is. */
class Member implements PublisherLink {
  readonly #hooks: AmqpLinkHooks;
  readonly #whole: AmqpLink;
  readonly #leave: (deadlineMs: number, channel: ConfirmChannel | null) => Promise<void>;
  readonly #listeners = new Set<LinkListener>();
  #word: LinkWord = 'connecting';
  #errorCode: string | null = null;
  #isReady = false;

  constructor(
    hooks: AmqpLinkHooks,
    whole: AmqpLink,
    leave: (deadlineMs: number, channel: ConfirmChannel | null) => Promise<void>,
  ) {
    this.#hooks = hooks;
    this.#whole = whole;
    this.#leave = leave;
  }

  get word(): LinkWord {
    return this.#word;
  }

  onChanged(listener: LinkListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  ready(deadlineMs: number): Promise<void> {
    return this.#whole.ready(deadlineMs);
  }

  async close(deadlineMs: number, channel: ConfirmChannel | null): Promise<void> {
    await this.#leave(deadlineMs, channel);
    this.#change('closed', null);
  }

  async setUp(session: AmqpSession): Promise<void> {
    this.#isReady = false;
    await this.#hooks.setUp(session);
    this.#isReady = true;
  }

  up(): void {
    if (this.#isReady) this.#change('connected', null, () => this.#hooks.onUp());
  }

  blocked(): void {
    if (this.#isReady) this.#change('blocked', null, () => this.#hooks.onBlocked());
  }

  down(error: VedetteError): void {
    this.#isReady = false;
    this.#change('disconnected', error, () => this.#hooks.onDown(error));
  }

  /** As {@link AmqpLink}: hooks run when the word has changed and before listeners hear of it. */
  #change(word: LinkWord, error: VedetteError | null, before: () => void = () => undefined): void {
    if (this.#word === 'closed') return;
    const isSame = this.#word === word && this.#errorCode === (error?.code ?? null);
    this.#word = word;
    this.#errorCode = error?.code ?? null;
    before();
    if (isSame) return;
    for (const listener of [...this.#listeners]) listener(word, error);
  }
}
