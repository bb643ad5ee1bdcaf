/** The one place that turns an address into a broker. Promise: it returns at once; `ready` waits. */
import type { BrokerAddress, Clock, Logger } from '@vedette/contract';
import { AmqpBroker } from './amqp/amqp-broker.js';
import { EmbeddedBroker } from './embedded/embedded-broker.js';

/** What a broker is given beside its address. */
export interface BrokerContext {
  /** Shown in logs and as AMQP connection name. */
  readonly name: string;
  readonly clock?: Clock;
  /** 0 to below 1, for the jitter of back-offs. Default Math.random. */
  readonly random?: () => number;
  readonly logger?: Logger;
}

/**
 * Connects at once where there is something to connect to. Throws BROKER_BAD_URL. An `EmbeddedBroker` also
 * answers workers through its `handle`: narrow with `instanceof`.
 */
export function createBroker(address: BrokerAddress, context: BrokerContext): AmqpBroker | EmbeddedBroker {
  if (address.type === 'embedded') {
    return new EmbeddedBroker(context.logger === undefined ? {} : { logger: context.logger });
  }
  const { url, heartbeatSeconds, confirmTimeoutMs } = address;
  return new AmqpBroker({ ...context, url, heartbeatSeconds, confirmTimeoutMs });
}
