/** The worker's link to the broker, begun at once. Only the kind of link in use is evaluated. */
import { EXCHANGES, type BrokerReply, type FromWorker, type StartData } from '@vedette/contract';
import type { Publisher } from '@vedette/broker';
import type { Log } from './context.js';
import type { ThreadLink } from './thread-link.js';

export interface BrokerLink {
  readonly publisher: Publisher;
  /** Takes the host's answers; only an embedded broker has any. */
  readonly onReply: (reply: BrokerReply) => void;
}

/** What of the start data a link needs. */
export type LinkStart = Pick<StartData, 'broker' | 'reconnectSpreadMs'> & {
  readonly spec: { readonly id: string; readonly kind: string };
};

/**
 * The monitor's id is what the broker's administrator sees. `threadLink`: of a thread it shares with others.
 * Rejects with BROKER_BAD_URL.
 */
export async function createPublisher(
  start: LinkStart,
  post: (message: FromWorker) => void,
  log: Log,
  threadLink: ThreadLink | null = null,
): Promise<BrokerLink> {
  const { broker: address, spec, reconnectSpreadMs: spreadMs } = start;
  const { confirmTimeoutMs } = address;
  // Dynamic imports: inside the bundle each module is evaluated when it is asked for, and not before.
  if (address.type === 'embedded') {
    const { EmbeddedClient } = await import('@vedette/broker/embedded-client');
    const client = new EmbeddedClient({
      confirmTimeoutMs,
      post: (request) => {
        post({ type: 'broker', request });
      },
    });
    return {
      publisher: client,
      onReply: (reply) => {
        client.receive(reply);
      },
    };
  }
  const { AmqpPublisher } = await import('@vedette/broker/amqp-publisher');
  const shared = threadLink === null ? {} : { linkFor: await threadLink.linkFor(start, address, log) };
  const publisher = new AmqpPublisher({
    url: address.url,
    name: spec.id,
    heartbeatSeconds: address.heartbeatSeconds,
    spreadMs,
    confirmTimeoutMs,
    // PANIC's monitors declare the two they publish to; whoever comes first creates them.
    exchanges: [EXCHANGES.rawData, EXCHANGES.healthCheck],
    logger: { log },
    ...shared,
  });
  return { publisher, onReply: () => undefined };
}
