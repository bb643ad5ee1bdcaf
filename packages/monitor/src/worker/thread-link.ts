/**
 * The broker connection of a thread that holds several monitors. Promise: there is at most one, it is there while
 * a monitor is, and it is told of in the name of a monitor that is still there.
 */
import { threadId } from 'node:worker_threads';
import type { BrokerAddress } from '@vedette/contract';
import type { AmqpPublisherOptions } from '@vedette/broker/amqp-publisher';
import type { AmqpSharedLink } from '@vedette/broker/amqp-shared-link';
import type { Log } from './context.js';
import type { LinkStart } from './publisher.js';

type LinkFor = NonNullable<AmqpPublisherOptions['linkFor']>;

export class ThreadLink {
  #link: AmqpSharedLink | null = null;
  readonly #logs = new Set<Log>();

  /** The thread's connection is that of the first monitor: a host packs only what has one broker. */
  async linkFor(
    { spec, reconnectSpreadMs: spreadMs }: LinkStart,
    { url, heartbeatSeconds }: Extract<BrokerAddress, { type: 'amqp' }>,
    log: Log,
  ): Promise<LinkFor> {
    // Evaluated when it is asked for: an embedded broker needs none of it.
    const { AmqpSharedLink: Link } = await import('@vedette/broker/amqp-shared-link');
    return (hooks) => {
      if (this.#link === null || this.#link.isClosed) {
        const name = `${spec.kind} (thread ${threadId})`;
        const logger = { log: this.#tell };
        this.#link = new Link({ url, name, heartbeatSeconds, spreadMs, logger });
      }
      this.#logs.add(log);
      return this.#link.join(hooks);
    };
  }

  leave(log: Log): void {
    this.#logs.delete(log);
  }

  readonly #tell: Log = (level, sentence, fields) => {
    const [first] = this.#logs;
    first?.(level, sentence, fields);
  };
}
