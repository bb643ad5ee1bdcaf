/** Which run of which monitor publishes what, from its results: the only witness outside the manager. */
import type { Channel } from 'amqplib';
import { EXCHANGES } from '@vedette/contract';
import { eventually } from '../../support/eventually.js';
import type { RabbitSide } from '../support/rabbit-side.js';

interface Result {
  readonly name: string;
  readonly value: string;
  /** Drawn anew by each worker. */
  readonly run: number;
  readonly at: number;
}

const BECOME_MS = 60_000;

export class Runs {
  readonly #channel: Channel;
  #results: Result[] = [];
  #consumerTag = '';

  private constructor(channel: Channel) {
    this.#channel = channel;
  }

  static async watch({ channel }: RabbitSide): Promise<Runs> {
    const runs = new Runs(channel);
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, EXCHANGES.rawData, 'test.light');
    const { consumerTag } = await channel.consume(
      queue,
      (message) => {
        if (message === null) return;
        const { name, value, run } = JSON.parse(message.content.toString()) as Result;
        runs.#results.push({ name, value, run, at: performance.now() });
      },
      { noAck: true },
    );
    runs.#consumerTag = consumerTag;
    return runs;
  }

  /** True once the newest result of each monitor has the wanted value; false if that does not come about. */
  async become(wanted: ReadonlyMap<string, string>): Promise<boolean> {
    this.#results = [];
    const isSo = (): boolean => {
      const newest = new Map(this.#results.map(({ name, value }) => [name, value]));
      return [...wanted].every(([name, value]) => newest.get(name) === value) && newest.size === wanted.size;
    };
    return eventually(isSo, { deadlineMs: BECOME_MS, everyMs: 10 }).then(
      () => true,
      () => false,
    );
  }

  /** How many of them publish from more than one worker, over two results of each from now on. */
  async doubles(names: readonly string[]): Promise<number> {
    this.#results = [];
    const of = (name: string): Result[] => this.#results.filter((one) => one.name === name);
    await eventually(() => names.every((name) => of(name).length >= 2), { deadlineMs: 30_000, everyMs: 20 });
    return names.filter((name) => new Set(of(name).map(({ run }) => run)).size > 1).length;
  }

  async stop(): Promise<void> {
    await this.#channel.cancel(this.#consumerTag);
  }
}
