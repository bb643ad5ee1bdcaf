/** Hears of rounds by what the broker delivers: the same ear for our monitors and those of others. */
import { connect, type ChannelModel } from 'amqplib';
import { latenessOf } from './lateness.js';
import { until } from './until.js';
import { EventEmitter } from 'node:events';

interface Body {
  readonly result: { readonly meta_data: { readonly monitor_name: string; readonly started_us: number } };
}

export class Collector extends EventEmitter<{ heard: [] }> {
  readonly #connection: ChannelModel;
  readonly #starts = new Map<string, number[]>();

  private constructor(connection: ChannelModel) {
    super();
    this.#connection = connection;
  }

  static async open(amqpUrl: string): Promise<Collector> {
    const connection = await connect(amqpUrl, { noDelay: true });
    const collector = new Collector(connection);
    const channel = await connection.createChannel();
    await channel.assertExchange('raw_data', 'topic', { durable: true });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'raw_data', 'node.bench');
    const hear = (content: Buffer): void => {
      const { monitor_name: name, started_us: startedUs } = (JSON.parse(content.toString()) as Body).result
        .meta_data;
      const known = collector.#starts.get(name);
      if (known === undefined) collector.#starts.set(name, [startedUs / 1e3]);
      else known.push(startedUs / 1e3);
      collector.emit('heard');
    };
    await channel.consume(queue, (message) => void (message === null || hear(message.content)), {
      noAck: true,
    });
    return collector;
  }

  /** Resolves when `n` monitors have been heard. */
  async allHeard(n: number): Promise<void> {
    if (this.#starts.size >= n) return;
    await until(this, ['heard'], () => this.#starts.size >= n, `a message of each of ${n} monitors`);
  }

  lateness(periodMs: number, fromMs: number, untilMs: number): number[] {
    return [...this.#starts.values()].flatMap((starts) =>
      latenessOf(
        [...starts].sort((a, b) => a - b),
        { periodMs, fromMs, untilMs },
      ),
    );
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
