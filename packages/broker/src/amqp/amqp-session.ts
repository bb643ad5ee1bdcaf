/**
 * One AMQP connection from its opening to its end. Promise: whatever happens to it, `onLost` fires exactly
 * once, its socket is destroyed, and nothing that waits on it waits longer than its deadline.
 */
import { Socket } from 'node:net';
import { connect, type Channel, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { VedetteError, type Clock } from '@vedette/contract';
import type { AmqpTarget } from '../broker-url.js';
import { connectError, lostError } from './amqp-errors.js';
import { gatherWrites } from './gather-writes.js';

/** Looks per silence limit: 40 makes the limit exact to 5 %. */
const LOOKS = 40;
/** Time for the last frame (close-ok) to leave before the socket is destroyed. */
const LINGER_MS = 250;

/** How a session is opened. */
export interface SessionOptions {
  readonly target: AmqpTarget;
  /** Shown by `rabbitmqctl list_connections client_properties`. */
  readonly name: string;
  readonly heartbeatSeconds: number;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  readonly onBlocked: (isBlocked: boolean) => void;
}

/** One open AMQP connection, from the handshake to its end. */
export class AmqpSession {
  readonly #options: SessionOptions;
  readonly #where: string;
  readonly #abort = new AbortController();
  readonly #lostListeners = new Set<(error: VedetteError) => void>();
  #model: ChannelModel | null = null;
  #socket: Socket | null = null;
  #lost: VedetteError | null = null;
  #cancelWatch: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#where = `${options.target.hostname}:${options.target.port}`;
  }

  get isOpen(): boolean {
    return this.#model !== null && this.#lost === null;
  }

  /** Rejects with BROKER_UNREACHABLE or BROKER_ACCESS_REFUSED. */
  async open(): Promise<void> {
    const { target, name, heartbeatSeconds, connectTimeoutMs } = this.#options;
    const socketOptions = {
      noDelay: true,
      timeout: connectTimeoutMs,
      clientProperties: { connection_name: name },
      // Reaches net.connect: the one way to end a connection that is still being opened.
      signal: this.#abort.signal,
    };
    try {
      const model = await this.race(
        connect({ ...target, heartbeat: heartbeatSeconds }, socketOptions).then((opened) => {
          this.#adopt(opened);
          return opened;
        }),
        connectTimeoutMs,
        `opening a connection to ${this.#where}`,
      );
      this.#model = model;
    } catch (error) {
      const coded = this.#lost ?? connectError(error, this.#where);
      this.fail(coded);
      throw coded;
    }
  }

  /** At once if it is lost already. Returns a function that unsubscribes. */
  onLost(listener: (error: VedetteError) => void): () => void {
    if (this.#lost !== null) {
      listener(this.#lost);
      return () => undefined;
    }
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  /** Settles with `work`, or rejects when the session is lost or `deadlineMs` passes, whichever is first. */
  race<T>(work: Promise<T>, deadlineMs: number, what: string): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const cancelTimer = this.#options.clock.after(deadlineMs, () => {
        done();
        reject(lostError(new Error(`${what} took longer than ${deadlineMs} ms`), this.#where));
      });
      const unsubscribe = this.onLost((error) => {
        cancelTimer();
        reject(error);
      });
      const done = () => {
        cancelTimer();
        unsubscribe();
      };
      work.then(
        (value) => {
          done();
          resolve(value);
        },
        (error: unknown) => {
          done();
          reject(error instanceof Error ? error : lostError(error, this.#where));
        },
      );
    });
  }

  /** Waits; rejects when the session is lost before. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let unsubscribe: () => void = () => undefined;
      const cancel = this.#options.clock.after(ms, () => {
        unsubscribe();
        resolve();
      });
      unsubscribe = this.onLost((error) => {
        cancel();
        reject(error);
      });
    });
  }

  /** The caller attaches its own `close` listener at once; `error` has one already. */
  async confirmChannel(deadlineMs: number): Promise<ConfirmChannel> {
    return quiet(await this.race(this.#live().createConfirmChannel(), deadlineMs, 'opening a channel'));
  }

  async channel(deadlineMs: number): Promise<Channel> {
    return quiet(await this.race(this.#live().createChannel(), deadlineMs, 'opening a channel'));
  }

  /** Ends it now, for this reason. */
  fail(error: VedetteError): void {
    this.#lose(error);
    this.#abort.abort();
  }

  /** Says goodbye; by the deadline the socket is destroyed whatever the broker does. Never rejects. */
  async close(deadlineMs: number): Promise<void> {
    const closed = new VedetteError('BROKER_CLOSED', `The connection to ${this.#where} was closed by us`);
    const model = this.#model;
    if (model !== null && this.#lost === null) {
      await this.race(model.close(), deadlineMs, 'closing the connection').catch(() => undefined);
    }
    this.fail(closed);
  }

  #live(): ChannelModel {
    if (this.#lost !== null) throw this.#lost;
    if (this.#model === null) throw lostError(new Error('it is not open yet'), this.#where);
    return this.#model;
  }

  #adopt(model: ChannelModel): void {
    let cause: unknown;
    // Without an `error` listener Node would end the process.
    model.on('error', (error) => {
      cause = error;
    });
    // An operator's close fires `close` alone.
    model.on('close', (error) => {
      this.#lose(lostError(cause ?? error, this.#where));
      const cancel = this.#options.clock.after(LINGER_MS, () => this.#abort.abort());
      socket?.once('close', cancel);
    });
    model.on('blocked', () => this.#options.onBlocked(true));
    model.on('unblocked', () => this.#options.onBlocked(false));
    const socket = socketOf(model);
    // A socket destroyed without an error fires neither `end` nor `error`, which is all amqplib listens to.
    socket?.once('close', () =>
      this.#lose(lostError(cause ?? new Error('the socket was closed'), this.#where)),
    );
    this.#socket = socket;
    // amqplib writes each message by itself, which is a system call and a packet.
    if (socket !== null) gatherWrites(socket);
    if (this.#lost === null) this.#watch();
    else this.#abort.abort();
  }

  /**
   * amqplib needs up to three heartbeats to notice silence; this needs two. RabbitMQ sends something every
   * half heartbeat, so two of silence mean that the other side is gone.
   */
  #watch(): void {
    const limitMs = this.#options.heartbeatSeconds * 2_000;
    const everyMs = limitMs / LOOKS;
    let seen = this.#socket?.bytesRead ?? 0;
    let silentLooks = 0;
    const look = () => {
      const now = this.#socket?.bytesRead ?? 0;
      // Looks are counted, not milliseconds: after a stall of our own the bytes still wait to be read.
      silentLooks = now === seen ? silentLooks + 1 : 0;
      seen = now;
      if (silentLooks >= LOOKS) {
        this.fail(lostError(new Error(`nothing was received for ${limitMs} ms`), this.#where));
        return;
      }
      this.#cancelWatch = this.#options.clock.after(everyMs, look);
    };
    this.#cancelWatch = this.#options.clock.after(everyMs, look);
  }

  #lose(error: VedetteError): void {
    if (this.#lost !== null) return;
    this.#lost = error;
    this.#cancelWatch();
    for (const listener of [...this.#lostListeners]) listener(error);
    this.#lostListeners.clear();
  }
}

function quiet<C extends Channel>(channel: C): C {
  // Every server-side close of a channel is an `error`; what follows, `close`, is what callers act on.
  channel.on('error', () => undefined);
  return channel;
}

/** amqplib does not type its stream; without it there is no watchdog, and its own heartbeat still works. */
function socketOf(model: ChannelModel): Socket | null {
  const { stream } = model.connection as { stream?: unknown };
  return stream instanceof Socket ? stream : null;
}
