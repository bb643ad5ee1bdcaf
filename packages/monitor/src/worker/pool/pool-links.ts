/**
 * The broker links of one pool thread. Promise: `kept` holds one connection whatever the number of monitors;
 * `per-round` holds one for what one round publishes, and none between rounds.
 */
import type { BrokerAddress, BrokerReply, FromPoolThread, FromWorker, PoolStart } from '@vedette/contract';
import type { Publisher } from '@vedette/broker';
import { systemClock, type WireMessage } from '@vedette/contract';
import type { Log } from '../context.js';
import { createPublisher, type BrokerLink } from '../publisher.js';
import { reportable } from '../report.js';
import type { RoundPublisher } from './pool-job.js';

export interface PoolLinksParts {
  readonly connection: 'kept' | 'per-round';
  readonly name: string;
  readonly post: (message: FromPoolThread) => void;
  readonly log: Log;
}

/** Longest goodbye of a connection per round. */
const GOODBYE_MS = 500;

export class PoolLinks {
  readonly #parts: PoolLinksParts;
  readonly #kept = new Map<string, Promise<Publisher>>();
  /** By key, over a kept connection: the same for each round. */
  readonly #rounds = new Map<number, Promise<RoundPublisher>>();
  /** By key: a broker inside the host is reached by messages, and needs no connection. */
  readonly #embedded = new Map<number, BrokerLink>();
  /** Whose a kept connection's message is, as long as the message is known at all. */
  readonly #senders = new WeakMap<WireMessage, (message: FromWorker) => void>();

  #hasToldLink = false;

  constructor(parts: PoolLinksParts) {
    this.#parts = parts;
  }

  /** For one round of one monitor. Rejects with BROKER_*. */
  publisher(key: number, start: PoolStart, post: (message: FromWorker) => void): Promise<RoundPublisher> {
    if (start.broker.type === 'embedded') return this.#embeddedFor(key, start, post);
    if (this.#parts.connection === 'per-round') return this.#once(start, post);
    let known = this.#rounds.get(key);
    if (known === undefined) {
      known = this.#keptFor(start, post);
      this.#rounds.set(key, known);
    }
    return known;
  }

  /** Connects before it is needed. Never rejects: a round says why it could not publish. */
  async prepare(start: PoolStart): Promise<void> {
    if (start.broker.type === 'embedded' || this.#parts.connection === 'per-round') {
      // Such a link is there when it is needed, and has no word of its own.
      if (!this.#hasToldLink) this.#tell({ link: 'connected', replaced: 0, error: null });
      return;
    }
    await this.#keptTo(start.broker, start).catch(() => undefined);
  }

  reply(key: number, reply: BrokerReply): void {
    this.#embedded.get(key)?.onReply(reply);
  }

  forget(key: number): void {
    this.#embedded.delete(key);
    this.#rounds.delete(key);
  }

  async #keptFor(start: PoolStart, post: (message: FromWorker) => void): Promise<RoundPublisher> {
    const link = await this.#keptTo(start.broker, start);
    return {
      publish: (message, options) => {
        if (start.echo) this.#senders.set(message, post);
        return link.publish(message, options);
      },
      done: () => Promise.resolve(),
    };
  }

  #keptTo(address: BrokerAddress, start: PoolStart): Promise<Publisher> {
    const place = JSON.stringify(address);
    const known = this.#kept.get(place);
    if (known !== undefined) return known;
    const made = this.#connect(start);
    this.#kept.set(place, made);
    return made;
  }

  async #connect({ broker, reconnectSpreadMs }: PoolStart): Promise<Publisher> {
    const { name, log } = this.#parts;
    const { publisher } = await createPublisher(
      { broker, reconnectSpreadMs, spec: { id: name, kind: 'pool' } },
      () => undefined,
      log,
    );
    publisher.onLinkChanged((change) => this.#tell(change));
    this.#tell({ link: publisher.link, replaced: publisher.replaced, error: null });
    publisher.onSettled((message, outcome) => {
      this.#senders.get(message)?.({ type: 'published', message, outcome, at: systemClock.now() });
    });
    return publisher;
  }

  async #embeddedFor(
    key: number,
    start: PoolStart,
    post: (message: FromWorker) => void,
  ): Promise<RoundPublisher> {
    let link = this.#embedded.get(key);
    if (link === undefined) {
      link = await createPublisher(start, post, this.#parts.log);
      this.#embedded.set(key, link);
      if (start.echo) echo(link.publisher, post);
    }
    const { publisher } = link;
    return {
      publish: (message, options) => publisher.publish(message, options),
      done: () => Promise.resolve(),
    };
  }

  /** Nothing is kept for a link that is down: with the round its connection ends. */
  async #once(start: PoolStart, post: (message: FromWorker) => void): Promise<RoundPublisher> {
    const { publisher } = await createPublisher(start, () => undefined, this.#parts.log);
    if (start.echo) echo(publisher, post);
    await untilConnected(publisher, start.broker.confirmTimeoutMs);
    return {
      publish: (message, options) => publisher.publish(message, { ...options, whenDown: 'drop' }),
      done: () => publisher.close(GOODBYE_MS),
    };
  }

  #tell({ link, replaced, error }: Parameters<Parameters<Publisher['onLinkChanged']>[0]>[0]): void {
    this.#hasToldLink = true;
    this.#parts.post({
      from: 'link',
      link,
      replaced,
      error: error === null ? null : reportable(error),
    });
  }
}

function echo(publisher: Publisher, post: (message: FromWorker) => void): void {
  publisher.onSettled((message, outcome) => {
    post({ type: 'published', message, outcome, at: systemClock.now() });
  });
}

/** Resolves in any case, by the deadline. */
function untilConnected(publisher: Publisher, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      off();
      resolve();
    };
    const cancel = systemClock.after(deadlineMs, end);
    const off = publisher.onLinkChanged(({ link }) => {
      if (link === 'connected' || link === 'closed') end();
    });
    if (publisher.link === 'connected') end();
  });
}
