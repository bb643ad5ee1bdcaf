/**
 * One supervised link: keeps an AMQP session open and set up, for ever, until closed. Promise: a link that
 * is down is always either being opened (under a deadline) or waiting out a back-off; it never wedges.
 *
 * amqplib's own recovery is not used: it restores no channels, and wedges when the link drops during set-up.
 */
import {
  maskUrl,
  silentLogger,
  systemClock,
  VedetteError,
  type Clock,
  type LinkWord,
  type Logger,
} from '@vedette/contract';
import { backoffMs } from '../backoff.js';
import { amqpTarget } from '../broker-url.js';
import { DEFAULT_HEARTBEAT_SECONDS } from '../defaults.js';
import { lostError } from './amqp-errors.js';
import { AmqpSession } from './amqp-session.js';

/** Longest opening of a socket and AMQP handshake. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Longest set-up of one session; also the longest wait for any one answer of the broker. */
export const SETUP_DEADLINE_MS = 10_000;
/** A session that lasted this long ends the back-off: the next loss is a new one. */
const STABLE_MS = 1_000;

/** How a link to RabbitMQ is made and kept. */
export interface AmqpLinkOptions {
  /** With credentials; never logged. */
  readonly url: string;
  readonly name: string;
  /** AMQP heartbeat in seconds; silence of twice that ends the connection. Default 10. */
  readonly heartbeatSeconds?: number;
  /** Of a fleet of links that are lost together: each wait is drawn from at least this span. Default 0. */
  readonly spreadMs?: number;
  readonly clock?: Clock;
  /** 0 to below 1. Default Math.random. */
  readonly random?: () => number;
  readonly logger?: Logger;
}

/**
 * What the owner of a link does with it. All but `setUp` must not throw; they run when `word` has changed and
 * before listeners hear of it.
 */
export interface AmqpLinkHooks {
  /** Opens channels and declares what is needed; a rejection ends the session and counts as a failed try. */
  setUp(session: AmqpSession): Promise<void>;
  /** The session is set up, or may publish again after `blocked`. */
  onUp(): void;
  /** The session was lost, during its set-up or later. */
  onDown(error: VedetteError): void;
  onBlocked(): void;
}

/** Told of each change of a link. */
export type LinkListener = (link: LinkWord, error: VedetteError | null) => void;

export class AmqpLink {
  readonly #options: Required<AmqpLinkOptions>;
  readonly #hooks: AmqpLinkHooks;
  readonly #listeners = new Set<LinkListener>();
  readonly #fields: { readonly link: string; readonly broker: string };
  #word: LinkWord = 'connecting';
  #error: VedetteError | null = null;
  #session: AmqpSession | null = null;
  #hasBeenUp = false;
  #isClosing = false;
  #attempt = 0;
  #downSince: number;
  #loggedCode: string | null = null;
  #wake: () => void = () => undefined;

  /** Connects at once. Throws BROKER_BAD_URL. */
  constructor(options: AmqpLinkOptions, hooks: AmqpLinkHooks) {
    this.#options = {
      heartbeatSeconds: DEFAULT_HEARTBEAT_SECONDS,
      spreadMs: 0,
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
      ...options,
    };
    this.#hooks = hooks;
    this.#fields = { link: options.name, broker: maskUrl(options.url) };
    this.#downSince = this.#options.clock.monotonic();
    const target = amqpTarget(options.url);
    void this.#run(() => this.#newSession(target));
  }

  get word(): LinkWord {
    return this.#word;
  }

  /** Why it is down; null while up. */
  get error(): VedetteError | null {
    return this.#error;
  }

  onChanged(listener: LinkListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves once the link was up for the first time. Rejects at once with BROKER_ACCESS_REFUSED or
   * BROKER_CLOSED, after `deadlineMs` with the reason of the last try.
   */
  ready(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let cancelTimer: () => void = () => undefined;
      let unsubscribe: () => void = () => undefined;
      const settle = (error: VedetteError | null) => {
        cancelTimer();
        unsubscribe();
        if (error === null) resolve();
        else reject(error);
      };
      const look = () => {
        if (this.#word === 'closed') settle(this.#closedError());
        else if (this.#hasBeenUp) settle(null);
        else if (this.#error?.code === 'BROKER_ACCESS_REFUSED') settle(this.#error);
      };
      cancelTimer = this.#options.clock.after(deadlineMs, () => {
        settle(this.#error ?? this.#lateError(deadlineMs));
      });
      unsubscribe = this.onChanged(look);
      look();
    });
  }

  /** Resolves when the link is up, or after `waitMs` whatever it is. */
  up(waitMs: number): Promise<void> {
    if (this.#word === 'connected') return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        unsubscribe();
        resolve();
      };
      const cancel = this.#options.clock.after(waitMs, done);
      const unsubscribe = this.onChanged((word) => {
        if (word === 'connected' || word === 'closed') done();
      });
    });
  }

  /** Idempotent, never rejects. */
  async close(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    this.#wake();
    await this.#session?.close(deadlineMs);
    this.#change('closed', null);
  }

  async #run(newSession: () => AmqpSession): Promise<void> {
    while (!this.#isClosing) {
      const session = newSession();
      this.#session = session;
      const error = await this.#live(session);
      this.#session = null;
      if (this.#isClosing) return;
      this.#attempt += 1;
      this.#announceDown(error);
      const { random, spreadMs } = this.#options;
      await this.#pause(backoffMs(this.#attempt - 1, random, spreadMs));
    }
  }

  /** Resolves, never rejects, with why the session ended. */
  async #live(session: AmqpSession): Promise<VedetteError> {
    const { clock } = this.#options;
    try {
      await session.open();
      await session.race(this.#hooks.setUp(session), SETUP_DEADLINE_MS, 'setting the link up');
    } catch (error) {
      const coded = lostError(error, this.#fields.broker);
      session.fail(coded);
      this.#hooks.onDown(coded);
      return coded;
    }
    const upSince = clock.monotonic();
    return new Promise((resolve) => {
      let isLost = false;
      // Synchronous with the loss: what is published in the same turn already finds the link down.
      session.onLost((error) => {
        isLost = true;
        if (clock.monotonic() - upSince >= STABLE_MS) this.#attempt = 0;
        if (this.#isClosing) this.#hooks.onDown(error);
        else this.#announceDown(error, () => this.#hooks.onDown(error));
        resolve(error);
      });
      if (!isLost) this.#announceUp();
    });
  }

  #newSession(target: ReturnType<typeof amqpTarget>): AmqpSession {
    return new AmqpSession({
      target,
      name: this.#options.name,
      heartbeatSeconds: this.#options.heartbeatSeconds,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      clock: this.#options.clock,
      onBlocked: (isBlocked) => {
        if (this.#word !== (isBlocked ? 'connected' : 'blocked')) return;
        if (isBlocked) {
          this.#options.logger.log('warn', 'The broker blocks publishing, an alarm is on', this.#fields);
          this.#change('blocked', null, () => this.#hooks.onBlocked());
        } else {
          this.#options.logger.log('info', 'The broker accepts publishing again', this.#fields);
          this.#change('connected', null, () => this.#hooks.onUp());
        }
      },
    });
  }

  #announceUp(): void {
    const { clock, logger } = this.#options;
    this.#hasBeenUp = true;
    if (this.#loggedCode !== null) {
      const afterMs = Math.round(clock.monotonic() - this.#downSince);
      logger.log('info', 'The broker link is up again', {
        ...this.#fields,
        afterMs,
        attempts: this.#attempt,
      });
      this.#loggedCode = null;
    }
    this.#change('connected', null, () => this.#hooks.onUp());
  }

  /** One record per outage, and one more when its reason changes. */
  #announceDown(error: VedetteError, before: () => void = () => undefined): void {
    if (this.#loggedCode === null) this.#downSince = this.#options.clock.monotonic();
    const isNew =
      this.#loggedCode === null ||
      // What follows a loss while the broker is away is the same outage.
      (this.#loggedCode !== error.code && error.code === 'BROKER_ACCESS_REFUSED');
    if (isNew) {
      this.#loggedCode = error.code;
      const fields = { ...this.#fields, code: error.code, reason: error.message };
      this.#options.logger.log('warn', 'The broker link is down and is tried again until it is back', fields);
    }
    this.#change('disconnected', error, before);
  }

  #change(word: LinkWord, error: VedetteError | null, before: () => void = () => undefined): void {
    const isSame = this.#word === word && this.#error?.code === error?.code;
    if (this.#word === 'closed') return;
    this.#word = word;
    this.#error = error;
    before();
    if (isSame) return;
    for (const listener of [...this.#listeners]) listener(word, error);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #closedError(): VedetteError {
    return new VedetteError('BROKER_CLOSED', `The link ${this.#fields.link} is closed`);
  }

  #lateError(deadlineMs: number): VedetteError {
    const message = `The broker at ${this.#fields.broker} did not answer within ${deadlineMs} ms`;
    return new VedetteError('BROKER_UNREACHABLE', message);
  }
}
