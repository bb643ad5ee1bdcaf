/**
 * Every kind on every host, stand-alone and with RabbitMQ, as `vedette run` starts them from their bundles: what they
 * publish is, byte for byte, what the golden of the kind says. An eleventh kind or a sixth host fails until it is here.
 */
import { expect } from 'chai';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STRATEGIES } from '@vedette/cli/kinds';
import { HOST_WORDS } from '@vedette/contract';
import { eventually } from '../support/eventually.js';
import { asGolden, startKindScenes, type KindScene } from '../support/kind-scenes.js';
import { startRabbit, type Rabbit } from '../support/rabbitmq.js';
import { runVedette, startVedette, type Vedette } from '../support/vedette.js';

/** The options of each host, and where its monitors then say they run. */
const HOSTS: readonly (readonly [name: string, args: readonly string[], place: RegExp])[] = [
  ['thread', ['--host', 'thread'], /^thread:\d+$/],
  ['dense', ['--host', 'dense'], /^thread:\d+\/\d+$/],
  ['process', ['--host', 'process'], /^process:\d+$/],
  ['cell', ['--host', 'cell'], /^cell:\d+\/\d+$/],
  ['cell that packs', ['--host', 'cell', '--density', '10'], /^cell:\d+\/\d+$/],
  ['pool', ['--host', 'pool', '--threads', '2'], /^pool:\d+$/],
  ['auto', ['--host', 'auto'], /^cell:\d+\/\d+$/],
];
/** So long that each has one round: its first, which is what the goldens show. */
const PERIOD = '600';
/** Generous: what is judged here is bytes. */
const PATIENCE_MS = 60_000;
const TWIN = '-twin';
/** Sentences of the supervisor for what must not happen; a start that took too long is the machine's. */
const DOWN = /^(?!.*"cause":"start-timeout").*(went down|stays down|by force|was forced|cannot be stopped)/;

interface Message {
  readonly key: string;
  readonly text: string;
}

describe('the goldens of all kinds on every host', function () {
  this.timeout(PATIENCE_MS + 30_000);
  let scenes: readonly KindScene[];
  let closeScenes: () => Promise<void>;
  let byKey: ReadonlyMap<string, KindScene>;
  let folder: string;
  let vedette: Vedette | null = null;

  before(async () => {
    const started = await startKindScenes();
    ({ scenes, close: closeScenes } = started);
    const keyOf = new Map(STRATEGIES.map(({ kind, docs }) => [kind, docs?.publishes[0]?.routingKey ?? '']));
    byKey = new Map(scenes.map((scene) => [keyOf.get(scene.kind) ?? '', scene]));
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-goldens-'));
  });
  afterEach(async () => {
    await vedette?.stop();
    vedette = null;
    await rm(folder, { recursive: true });
  });
  after(() => closeScenes());

  const configOf = (ids: (scene: KindScene) => readonly string[]): string =>
    JSON.stringify({
      monitors: scenes.flatMap((scene) => {
        const { kind, name, chain, settings } = scene;
        const common = { kind, name, chain, parentId: 'chain_1', period: `${PERIOD}s`, settings };
        return ids(scene).map((id) => ({ ...common, id }));
      }),
    });

  /**
   * `each`: how many monitors of a kind there are, and so how many messages. A pool thread that stands still for want
   * of processor time is given up, and its rounds run again: then a message may come twice, and never another one.
   */
  const compare = (messages: readonly Message[], each: number, name: string): void => {
    for (const scene of scenes) {
      const texts = messages.filter(({ key }) => byKey.get(key) === scene).map(({ text }) => text);
      const shown = texts.map((text) => asGolden(text.replaceAll(`${scene.id}${TWIN}`, scene.id), scene));
      const count = name === 'pool' ? Math.max(shown.length, each) : each;
      expect(shown, scene.kind).to.deep.equal(Array.from({ length: count }, () => scene.golden));
    }
    expect(messages.filter(({ key }) => !byKey.has(key))).to.deep.equal([]);
  };
  /** Until each kind has its messages; past the deadline the error tells of which kinds there are too few, and why. */
  const arrive = async (messages: () => readonly Message[] | Promise<readonly Message[]>, each: number) => {
    await eventually(
      async () => {
        const keys = (await messages()).map(({ key }) => key);
        const few = [...byKey.keys()].filter((wanted) => keys.filter((key) => key === wanted).length < each);
        if (few.length === 0) return true;
        throw new Error(`too few of ${few.join(', ')}\n${vedette?.stderr().slice(-6_000) ?? ''}`);
      },
      { deadlineMs: PATIENCE_MS, everyMs: 50, what: 'a message of each monitor' },
    );
  };
  const endsWell = async (place: RegExp, monitors: number): Promise<void> => {
    const { code, stderr } = (await vedette?.stop()) ?? { code: null, stderr: '' };
    expect(code, stderr).to.equal(0);
    const places = [...stderr.matchAll(/"message":"Monitor is running".*?"host":"([^"]+)"/g)];
    expect(places.map(([, host]) => host).filter((host = '') => !place.test(host))).to.deep.equal([]);
    expect(places).to.have.lengthOf(monitors);
    expect(stderr.split('\n').filter((line) => DOWN.test(line))).to.deep.equal([]);
  };

  it('has every host there is', () => {
    const words = HOSTS.map(([, args]) => args[1]);
    expect([...HOST_WORDS, 'auto'].filter((word) => !words.includes(word))).to.deep.equal([]);
  });

  for (const [name, args, place] of HOSTS) {
    // Two of each, so that a host that shares has something to share.
    it(`stand-alone on ${name}: two of each kind publish what the golden says, and nothing else`, async () => {
      const [file, output] = [join(folder, 'monitors.json'), join(folder, 'out.jsonl')];
      await writeFile(
        file,
        configOf(({ id }) => [id, `${id}${TWIN}`]),
      );
      const words = ['run', file, ...args, '--output', output, '--state', join(folder, 'state')];
      vedette = startVedette([...words, '--log-format', 'json']);
      const published = async (): Promise<Message[]> => rawMessages(await readFile(output, 'utf8'));
      await arrive(published, 2);
      await endsWell(place, scenes.length * 2);
      compare(await published(), 2, name);
    });
  }

  describe('with RabbitMQ', () => {
    let rabbit: Rabbit;
    let connection: ChannelModel;
    let channel: Channel;
    const messages: Message[] = [];

    before(async function () {
      this.timeout(90_000);
      // Of its own: the names of PANIC's queues are fixed, so tests would meet in a shared one.
      rabbit = await startRabbit();
      connection = await connect(rabbit.url, { noDelay: true });
      channel = await connection.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      for (const exchange of ['raw_data', 'health_check']) {
        await channel.assertExchange(exchange, 'topic', { durable: true });
        await channel.bindQueue(queue, exchange, '#');
      }
      await channel.consume(
        queue,
        (message) => {
          if (message?.fields.exchange !== 'raw_data') return;
          messages.push({ key: message.fields.routingKey, text: message.content.toString() });
        },
        { noAck: true },
      );
    });
    after(async () => {
      await connection.close();
      await rabbit.stop();
    });

    for (const [name, args, place] of HOSTS) {
      it(`on ${name}: config comes and goldens go over the broker`, async () => {
        messages.length = 0;
        const file = join(folder, 'monitors.json');
        await writeFile(
          file,
          configOf(({ id }) => [id]),
        );
        const published = await runVedette(['publish', file, '--broker', rabbit.url]);
        expect(published.code, published.stderr).to.equal(0);
        const words = ['run', '--broker', rabbit.url, ...args, '--state', join(folder, 'state')];
        const env = Object.fromEntries(STRATEGIES.map(({ period }) => [period.env, PERIOD]));
        vedette = startVedette([...words, '--log-format', 'json'], { env });
        await arrive(() => messages, 1);
        await endsWell(place, scenes.length);
        compare(messages, 1, name);
      });
    }
  });
});

/** Lines of `--output`: the body stands in them as published. */
function rawMessages(lines: string): Message[] {
  const pattern = /^\{"exchange":"raw_data","routingKey":"([^"]+)","body":(.*),"at":[\d.]+\}$/gm;
  return [...lines.matchAll(pattern)].map(([, key = '', text = '']) => ({ key, text }));
}
