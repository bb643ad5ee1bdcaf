/** What was declared, remembered by name. Promise: declaring from memory gives what the declarations gave. */
import type { Channel } from 'amqplib';
import type { QueueDeclaration } from '../broker.js';

export class TopologyMemory {
  readonly #exchanges = new Set<string>();
  readonly #queues = new Map<string, QueueDeclaration>();

  get exchanges(): readonly string[] {
    return [...this.#exchanges];
  }

  get queues(): readonly QueueDeclaration[] {
    return [...this.#queues.values()];
  }

  queue(name: string): QueueDeclaration | undefined {
    return this.#queues.get(name);
  }

  /** Returns what takes it back. */
  addExchange(name: string): () => void {
    if (this.#exchanges.has(name)) return () => undefined;
    this.#exchanges.add(name);
    return () => this.#exchanges.delete(name);
  }

  /** Flags are those of the newest declaration; bindings add up, as on a broker. Returns what takes it back. */
  addQueue(queue: QueueDeclaration): () => void {
    const before = this.#queues.get(queue.name);
    const known = before?.bindings ?? [];
    const isNew = (binding: QueueDeclaration['bindings'][number]) =>
      !known.some(({ exchange, pattern }) => exchange === binding.exchange && pattern === binding.pattern);
    this.#queues.set(queue.name, { ...queue, bindings: [...known, ...queue.bindings.filter(isNew)] });
    return () => {
      if (before === undefined) this.#queues.delete(queue.name);
      else this.#queues.set(queue.name, before);
    };
  }
}

export async function declareExchange(channel: Channel, name: string): Promise<void> {
  await channel.assertExchange(name, 'topic', { durable: true });
}

export async function declareQueue(channel: Channel, queue: QueueDeclaration): Promise<void> {
  await channel.assertQueue(queue.name, {
    durable: queue.durable ?? true,
    exclusive: queue.exclusive ?? false,
    autoDelete: queue.autoDelete ?? false,
    ...(queue.arguments === undefined ? {} : { arguments: queue.arguments }),
  });
  for (const { exchange, pattern } of queue.bindings) await channel.bindQueue(queue.name, exchange, pattern);
}
