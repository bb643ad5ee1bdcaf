/** The broker is killed under 100 monitors and starts again after 30 s. */
import { connect } from 'node:net';
import { EXCHANGES } from '@vedette/contract';
import { eventually } from '../../support/eventually.js';
import { startRabbit } from '../../support/rabbitmq.js';
import { Fleet } from '../support/fleet.js';
import { areWell, NEIGHBOURS, neighbourIds } from '../support/neighbours.js';
import { RabbitSide } from '../support/rabbit-side.js';
import { atMost, exactly, mostInOneSecond, type Campaign } from './campaign.js';

const AWAY_MS = 30_000;

export const brokerRestart: Campaign = {
  name: 'broker-restart',
  question: 'broker killed, back after 30 s, 100 monitors: how soon are all links up, and is anything lost?',
  async run({ progress }) {
    const rabbit = await startRabbit();
    const side = await new RabbitSide(rabbit).plug();
    const fleet = await new Fleet({ brokerUrl: rabbit.url, supervisor: { echo: true } }).start();
    try {
      const kept = new Outboxes(fleet);
      const arrived = new Set<string>();
      side.onContent = (content) => arrived.add(content);
      const opens: number[] = [];
      fleet.supervisor.on('monitor.link-changed', ({ link }) => {
        if (link === 'connected') opens.push(performance.now());
      });
      progress('killed');
      await rabbit.kill();
      const killedAt = performance.now();
      await eventually(() => performance.now() - killedAt >= AWAY_MS, { deadlineMs: AWAY_MS + 5_000 });
      progress('starts again');
      const accepted = acceptsAt(rabbit.port);
      await rabbit.start();
      const acceptsSince = await accepted;
      const isUp = (): boolean =>
        fleet.supervisor.snapshot().every(({ link }) => link === 'connected') &&
        fleet.broker.link === 'connected';
      await eventually(isUp, { deadlineMs: 60_000, everyMs: 5, what: 'all links back' });
      const backMs = performance.now() - acceptsSince;
      progress(`all links back ${backMs.toFixed(0)} ms after it accepts`);
      await eventually(() => kept.areSent, { deadlineMs: 30_000, what: 'what was kept is sent' });
      await side.unplug();
      await side.plug();
      await eventually(() => kept.missingIn(arrived) === 0, { deadlineMs: 10_000 }).catch(() => undefined);
      const missing = kept.missingIn(arrived);
      const counted = fleet.supervisor
        .snapshot()
        .filter(({ id, replaced }) => replaced === kept.expectedReplaced(id));
      await areWell(fleet.supervisor);
      fleet.expectOneWorkerEach();
      return [
        atMost('all links back after it accepts', backMs / 1_000, 5, ' s'),
        atMost('connection opens within any one second', mostInOneSecond(opens), 99),
        exactly('monitors whose newest result was not delivered', missing, 0),
        exactly('monitors whose count of replaced results is exact', counted.length, NEIGHBOURS),
      ];
    } finally {
      await fleet.manager.stop();
      await side.unplug();
      await rabbit.stop();
    }
  },
};

/** The instant from which a TCP connection is accepted. */
async function acceptsAt(port: number): Promise<number> {
  const isAccepted = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  await eventually(isAccepted, { deadlineMs: 60_000, everyMs: 10, what: 'the broker accepts' });
  return performance.now();
}

/** What each worker kept while its link was down, by the workers' own reports of every publish. */
class Outboxes {
  /** By monitor id: contents that were kept, in order, and which of them were sent after all. */
  readonly #kept = new Map<string, Map<string, { readonly key: string; isSent: boolean }>>();

  /** Before this outage: rounds may begin while a new worker's link is still being opened. */
  readonly #replacedBefore: ReadonlyMap<string, number>;

  constructor({ supervisor }: Fleet) {
    this.#replacedBefore = new Map(supervisor.snapshot().map(({ id, replaced }) => [id, replaced]));
    supervisor.on('message.published', ({ id, message, outcome }) => {
      const { exchange, routingKey, content } = message;
      const mine = this.#kept.get(id) ?? new Map<string, { readonly key: string; isSent: boolean }>();
      this.#kept.set(id, mine);
      const known = mine.get(content);
      if (outcome === 'deferred' && known === undefined)
        mine.set(content, { key: `${exchange} ${routingKey}`, isSent: false });
      else if (known !== undefined) known.isSent = outcome === 'confirmed' || known.isSent;
    });
  }

  /** The newest kept message of each key was confirmed in every outbox. */
  get areSent(): boolean {
    const all = [...this.#kept.values()];
    return all.length === NEIGHBOURS && all.every((mine) => newestOf(mine).every(([, { isSent }]) => isSent));
  }

  /** All that were kept but the newest of each key. */
  expectedReplaced(id: string): number {
    const mine = this.#kept.get(id) ?? new Map<string, { readonly key: string; isSent: boolean }>();
    return (this.#replacedBefore.get(id) ?? 0) + mine.size - newestOf(mine).length;
  }

  /** Monitors whose newest kept result did not arrive, although it was confirmed. */
  missingIn(contents: ReadonlySet<string>): number {
    return neighbourIds().filter((id) => {
      const newest = newestOf(this.#kept.get(`light:${id}`) ?? new Map()).find(([, { key }]) =>
        key.startsWith(EXCHANGES.rawData),
      );
      return newest === undefined || !contents.has(newest[0]);
    }).length;
  }
}

function newestOf<T extends { readonly key: string }>(mine: ReadonlyMap<string, T>): [content: string, T][] {
  return [...new Map([...mine].map((entry) => [entry[1].key, entry])).values()];
}
