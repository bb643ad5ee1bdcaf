/**
 * A lock as an exclusive queue: RabbitMQ refuses it to every other connection and deletes it with its own.
 * Promise: `held` is said only while the queue is there and ours; once asked for, each new session asks again.
 */
import type { Channel } from 'amqplib';
import type { VedetteError } from '@vedette/contract';
import type { Lock, LockWord } from '../broker.js';
import { lostError, refusedError, replyCode } from './amqp-errors.js';
import { SETUP_DEADLINE_MS } from './amqp-link.js';
import type { AmqpSession } from './amqp-session.js';

/** AMQP's reply code for a queue that is exclusive to another connection. */
const RESOURCE_LOCKED = 405;

export interface AmqpLockOptions {
  readonly name: string;
  readonly look: Lock['look'];
  /** The session of now; null while there is none. */
  readonly session: () => AmqpSession | null;
}

export class AmqpLock implements Lock {
  readonly look: Lock['look'];
  readonly #name: string;
  readonly #session: () => AmqpSession | null;
  readonly #listeners = new Set<(word: LockWord) => void>();
  #word: LockWord = 'unknown';
  #error: VedetteError | null = null;
  #isWanted = false;
  #channel: Channel | null = null;
  /** One try per session at a time: a set-up and `take` share it. */
  #attaching: { readonly session: AmqpSession; readonly done: Promise<void> } | null = null;

  constructor(options: AmqpLockOptions) {
    this.#name = options.name;
    this.look = options.look;
    this.#session = options.session;
  }

  get word(): LockWord {
    return this.#word;
  }

  get error(): VedetteError | null {
    return this.#error;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  onChanged(listener: (word: LockWord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async take(): Promise<LockWord> {
    this.#isWanted = true;
    const session = this.#session();
    if (session !== null && this.#word !== 'held') await this.attach(session).catch(() => undefined);
    return this.#word;
  }

  async release(): Promise<void> {
    this.#isWanted = false;
    const session = this.#session();
    const channel = this.#channel;
    this.#channel = null;
    if (session !== null && channel !== null) {
      const deleted = channel.deleteQueue(this.#name).then(() => channel.close());
      await session.race(deleted, SETUP_DEADLINE_MS, `giving back ${this.#name}`).catch(() => undefined);
    }
    this.#change('unknown');
  }

  /** Asks for it on this session if it is wanted. Rejects with what ended the session. */
  attach(session: AmqpSession): Promise<void> {
    if (!this.#isWanted) return Promise.resolve();
    if (this.#attaching?.session === session) return this.#attaching.done;
    const done = this.#attach(session).finally(() => {
      if (this.#attaching?.done === done) this.#attaching = null;
    });
    this.#attaching = { session, done };
    return done;
  }

  /** The session is lost, and the lock with it. */
  detach(): void {
    this.#channel = null;
    this.#attaching = null;
    this.#change('unknown');
  }

  async #attach(session: AmqpSession): Promise<void> {
    const channel = await session.channel(SETUP_DEADLINE_MS);
    try {
      await session.race(this.#declare(channel, session), SETUP_DEADLINE_MS, `taking ${this.#name}`);
    } catch (error) {
      const code = replyCode(error);
      if (code === null) throw lostError(error, 'broker');
      this.#error = code === RESOURCE_LOCKED ? null : refusedError(error, `the lock "${this.#name}"`);
      this.#change('taken');
      return;
    }
    this.#channel = channel;
    this.#error = null;
    this.#change('held');
    channel.once('close', () => {
      // Channels close just before their session is marked lost.
      void Promise.resolve().then(() => {
        if (this.#channel === channel && session.isOpen) this.#lost(session);
      });
    });
  }

  async #declare(channel: Channel, session: AmqpSession): Promise<void> {
    await channel.assertQueue(this.#name, {
      exclusive: true,
      durable: false,
      autoDelete: false,
      arguments: { 'x-max-length': 1 },
    });
    // Takes the probes of others; and the broker tells a consumer when its queue is deleted.
    const onMessage = (message: unknown): void => {
      if (message === null && this.#channel === channel) this.#lost(session);
    };
    await channel.consume(this.#name, onMessage, { noAck: true });
  }

  /**
   * Somebody deleted the queue. The whole session goes, so that nothing is consumed without the lock; the
   * next one asks for it first.
   */
  #lost(session: AmqpSession): void {
    session.fail(lostError(new Error(`${this.#name} was deleted`), 'broker'));
  }

  #change(word: LockWord): void {
    if (this.#word === word) return;
    this.#word = word;
    for (const listener of [...this.#listeners]) listener(word);
  }
}
