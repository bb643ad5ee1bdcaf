/** A broker whose answers a test gives: what was published is recorded, deliveries are handed in by hand. */
import type { LinkWord, PublishOutcome, WireMessage } from '@vedette/contract';
import type { Broker, Delivery, LinkChange, PublishOptions, Subscription, Topology } from '@vedette/broker';

export interface Settled {
  isAcked: boolean;
  isRequeued: boolean;
}

export class FakeBroker implements Broker {
  link: LinkWord = 'connected';
  readonly replaced = 0;
  readonly published: WireMessage[] = [];
  readonly headers: PublishOptions['headers'][] = [];
  readonly topologies: Topology[] = [];
  /** Answers a publish; may be replaced. */
  answer: (message: WireMessage) => PublishOutcome | Promise<PublishOutcome> = () => 'confirmed';
  /** Throws what a declaration of this queue shall be refused with. */
  refuse: (queue: string) => void = () => undefined;
  readonly #handlers = new Map<string, (delivery: Delivery) => void>();
  readonly #linkListeners = new Set<(change: LinkChange) => void>();

  ready(): Promise<void> {
    return Promise.resolve();
  }
  async declare(topology: Topology): Promise<void> {
    for (const { name } of topology.queues) this.refuse(name);
    this.topologies.push(topology);
  }
  async consume(
    queue: string,
    _options: unknown,
    handler: (delivery: Delivery) => void,
  ): Promise<Subscription> {
    this.#handlers.set(queue, handler);
    return {
      cancel: async () => {
        this.#handlers.delete(queue);
      },
    };
  }
  async publish(message: WireMessage, options: PublishOptions = {}): Promise<PublishOutcome> {
    if (this.link !== 'connected') return options.whenDown === 'drop' ? 'dropped' : 'deferred';
    this.published.push(message);
    this.headers.push(options.headers);
    return this.answer(message);
  }
  onSettled(): () => void {
    return () => undefined;
  }
  onLinkChanged(listener: (change: LinkChange) => void): () => void {
    this.#linkListeners.add(listener);
    return () => this.#linkListeners.delete(listener);
  }
  async close(): Promise<void> {
    this.link = 'closed';
  }

  get consumed(): string[] {
    return [...this.#handlers.keys()];
  }

  become(link: LinkWord): void {
    this.link = link;
    for (const listener of [...this.#linkListeners]) listener({ link, replaced: 0, error: null });
  }

  deliver(queue: string, routingKey: string, body: unknown, isRedelivered = false): Settled {
    const settled: Settled = { isAcked: false, isRequeued: false };
    const handler = this.#handlers.get(queue);
    if (handler === undefined) throw new Error(`nobody consumes ${queue}`);
    handler({
      exchange: 'test',
      routingKey,
      content: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      headers: {},
      isRedelivered,
      ack: () => (settled.isAcked = true),
      requeue: () => (settled.isRequeued = true),
    });
    return settled;
  }

  /** Bodies published under a routing key, as JSON. */
  bodies(exchange: string, routingKey?: string): Record<string, unknown>[] {
    return this.published
      .filter(
        (one) => one.exchange === exchange && (routingKey === undefined || one.routingKey === routingKey),
      )
      .map(({ content }) => JSON.parse(content) as Record<string, unknown>);
  }
}
