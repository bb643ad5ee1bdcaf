/**
 * Exchanges, queues and routing of the embedded broker, on smqp. Promise: what RabbitMQ refuses is refused,
 * and a message that matches several bindings of one queue reaches it once, as on RabbitMQ.
 */
import { Broker as SmqpBroker, type Queue } from 'smqp';
import { canonicalJson, VedetteError, type WireMessage } from '@vedette/contract';
import type { QueueDeclaration, Topology } from '../broker.js';

/** Arguments that work here; others would be silently without effect. */
const KNOWN_ARGUMENTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  'x-max-length': (value) => Number.isInteger(value) && Number(value) >= 0,
  'x-overflow': (value) => value === 'drop-head',
  'x-queue-type': (value) => value === 'classic',
};

export class EmbeddedTopology {
  readonly #broker = new SmqpBroker();
  /** Flags of each queue as canonical JSON, for the same comparison RabbitMQ makes. */
  readonly #flags = new Map<string, string>();

  /** Throws BROKER_TOPOLOGY_REFUSED. */
  declare(topology: Topology): void {
    for (const name of topology.exchanges) {
      this.#broker.assertExchange(name, 'topic', { durable: true, autoDelete: false });
    }
    for (const queue of topology.queues) this.#declareQueue(queue);
  }

  /** Undefined if it was never declared, or deleted with its last consumer. */
  queue(name: string): Queue | undefined {
    return this.#broker.getQueue(name);
  }

  /** False if the message reached no queue. */
  route(message: WireMessage, headers: Readonly<Record<string, unknown>>): boolean {
    const queues = this.#queuesFor(message);
    const content = Buffer.from(message.content);
    const fields = { exchange: message.exchange, routingKey: message.routingKey };
    for (const queue of queues) {
      queue.queueMessage(fields, content, { headers });
      dropBeyondLimit(queue);
    }
    return queues.size > 0;
  }

  clear(): void {
    this.#broker.reset();
    this.#flags.clear();
  }

  #queuesFor({ exchange, routingKey }: WireMessage): Set<Queue> {
    if (exchange === '') {
      // The default exchange of AMQP: the routing key names a queue.
      const queue = this.queue(routingKey);
      return new Set(queue === undefined ? [] : [queue]);
    }
    const bindings = this.#broker.getExchange(exchange)?.bindings ?? [];
    return new Set(bindings.filter((binding) => binding.testPattern(routingKey)).map(({ queue }) => queue));
  }

  #declareQueue(declaration: QueueDeclaration): void {
    const { name, bindings, durable = true, exclusive = false, autoDelete = false } = declaration;
    const args = declaration.arguments ?? {};
    for (const [argument, value] of Object.entries(args)) {
      if (KNOWN_ARGUMENTS[argument]?.(value) !== true) {
        throw refused(name, `argument ${argument} is not supported by the embedded broker`);
      }
    }
    const flags = canonicalJson({ durable, exclusive, autoDelete, arguments: { ...args } });
    if (this.queue(name) === undefined) this.#flags.delete(name);
    if ((this.#flags.get(name) ?? flags) !== flags)
      throw refused(name, 'it exists with other flags or arguments');
    for (const { exchange } of bindings) {
      if (this.#broker.getExchange(exchange) === undefined)
        throw refused(name, `there is no exchange "${exchange}"`);
    }
    this.#broker.assertQueue(name, { durable, autoDelete, limit: args['x-max-length'] });
    this.#flags.set(name, flags);
    for (const { exchange, pattern } of bindings) this.#broker.bindQueue(name, exchange, pattern);
  }
}

/** RabbitMQ counts waiting messages only; smqp's own limit would count unacknowledged ones too. */
function dropBeyondLimit(queue: Queue): void {
  const limit: unknown = queue.options['limit'];
  if (typeof limit !== 'number') return;
  const { messageCount, unackedCount } = queue.getStats();
  for (let excess = messageCount - unackedCount - limit; excess > 0; excess -= 1) queue.evictFirst();
}

function refused(name: string, why: string): VedetteError {
  return new VedetteError('BROKER_TOPOLOGY_REFUSED', `The broker refused queue "${name}": ${why}`, {
    details: { what: name },
  });
}
