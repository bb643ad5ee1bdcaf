/** The other side of the broker: publishes config as PANIC does, and looks at queues, results and connections. */
import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { expect } from 'chai';
import { EXCHANGES, FAMILIES, QUEUES } from '@vedette/contract';
import { eventually } from '../../support/eventually.js';
import type { Rabbit } from '../../support/rabbitmq.js';

/** One scope of the light kind. */
export const keyOf = (chain: string): string => `chains.test.${chain}.github_repos_config`;
export const NEIGHBOURS_KEY = keyOf('local');
export const CULPRITS_KEY = keyOf('other');
export const CONFIG_QUEUE = FAMILIES.github.configQueue;

export interface EntryFields {
  readonly fault?: string;
  readonly value?: string;
}

export function entriesOf(
  ids: readonly string[],
  fields: EntryFields = {},
): Record<string, Record<string, string>> {
  return Object.fromEntries(
    ids.map((id) => [id, { id, parent_id: 'local', name: id, value: '0', ...fields }]),
  );
}

/** A live link of a monitor, as the broker sees it. */
interface Link {
  readonly id: string;
  /** Address and port of both ends: two links of one id differ in it. */
  readonly ends: string;
}

export class RabbitSide {
  readonly #rabbit: Rabbit;
  #connection: ChannelModel | null = null;
  #channel: Channel | null = null;
  /** Rounds by monitor name, the newest that arrived since {@link forgetResults}. */
  readonly newest = new Map<string, number>();
  /** Told of each result and heartbeat. */
  onContent: (content: string) => void = () => undefined;

  constructor(rabbit: Rabbit) {
    this.#rabbit = rabbit;
  }

  get channel(): Channel {
    if (this.#channel === null) throw new Error('not plugged in');
    return this.#channel;
  }

  async plug(): Promise<this> {
    const connection = await connect(this.#rabbit.url);
    // The cases kill the broker under it.
    connection.on('error', () => undefined);
    this.#connection = connection;
    this.#channel = await connection.createChannel();
    this.#channel.on('error', () => undefined);
    for (const exchange of [EXCHANGES.config, EXCHANGES.rawData, EXCHANGES.healthCheck]) {
      await this.#channel.assertExchange(exchange, 'topic');
    }
    // Results and heartbeats must reach somebody, or each round is told as not delivered.
    await this.#channel.assertQueue('results', { durable: true, arguments: { 'x-max-length': 50_000 } });
    await this.#channel.bindQueue('results', EXCHANGES.rawData, '#');
    await this.#channel.bindQueue('results', EXCHANGES.healthCheck, 'heartbeat.*');
    const take = (message: ConsumeMessage | null): void => {
      if (message !== null) this.#take(message.fields.exchange, message.content.toString());
    };
    // What comes while we are away waits in the queue.
    await this.#channel.consume('results', take, { noAck: true });
    return this;
  }

  forgetResults(): void {
    this.newest.clear();
  }

  #take(exchange: string, content: string): void {
    this.onContent(content);
    if (exchange !== EXCHANGES.rawData) return;
    const { name, total } = JSON.parse(content) as { name: string; total: number };
    this.newest.set(name, Math.max(this.newest.get(name) ?? 0, total));
  }

  async unplug(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    this.#channel = null;
    await connection?.close().catch(() => undefined);
  }

  send(key: string, body: unknown): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.channel.publish(EXCHANGES.config, key, Buffer.from(text), { persistent: true });
  }

  /** Waiting or unacknowledged config messages. */
  async configsLeft(): Promise<number> {
    const lines = (await this.#rabbit.ctl('list_queues', 'name', 'messages')).split('\n');
    return Number(lines.find((line) => line.startsWith(CONFIG_QUEUE))?.split(/\s+/)[1]);
  }

  async configsAreSettled(): Promise<void> {
    const what = 'an empty config queue';
    await eventually(async () => (await this.configsLeft()) === 0, {
      deadlineMs: 30_000,
      everyMs: 100,
      what,
    });
  }

  async consumers(): Promise<number> {
    return (await this.channel.assertQueue(CONFIG_QUEUE)).consumerCount;
  }

  /** Codes of all parked messages, which are taken out. */
  async parked(): Promise<string[]> {
    const codes: string[] = [];
    for (;;) {
      const message = await this.channel.get(QUEUES.parking, { noAck: true });
      if (message === false) return codes;
      codes.push(String((message.properties.headers as Record<string, unknown>)['x-vedette-code']));
    }
  }

  async #links(): Promise<Link[]> {
    const lines = (await this.#rabbit.ctl('list_connections', 'name', 'state', 'client_properties')).split(
      '\n',
    );
    return lines.flatMap((line) => {
      const [ends = '', state, properties = ''] = line.split('\t');
      const id = /"connection_name","((?:light|broken):[^"]+)"/.exec(properties)?.[1];
      return id === undefined || state !== 'running' ? [] : [{ id, ends }];
    });
  }

  /**
   * Never two live publishers of one monitor. One that is seen twice counts only if both of its links are still
   * there at a second look: the broker lists a link whose end it has not read yet.
   */
  async expectOneLinkEach(): Promise<readonly string[]> {
    const links = await this.#links();
    const first = doubles(links);
    if (first.length === 0) return links.map(({ id }) => id);
    const second = await this.#links();
    const ends = new Set(first.map((link) => link.ends));
    const still = doubles(second.filter((link) => ends.has(link.ends)));
    expect(still.map(({ id }) => id)).to.deep.equal([]);
    return second.map(({ id }) => id);
  }

  /** Exactly these monitors, one link each. */
  async linksAre(ids: readonly string[]): Promise<void> {
    const wanted = [...ids].sort().join();
    const what = `one link each of ${ids.length} monitors`;
    await eventually(async () => [...(await this.expectOneLinkEach())].sort().join() === wanted, {
      deadlineMs: 60_000,
      everyMs: 200,
      what,
    });
  }
}

function doubles(links: readonly Link[]): Link[] {
  return links.filter(({ id }) => links.filter((other) => other.id === id).length > 1);
}
