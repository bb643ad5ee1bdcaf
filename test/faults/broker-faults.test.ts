/** RabbitMQ or the line to it fails under a hundred live workers: all links come back, the newest results arrive. */
import { expect } from 'chai';
import { EXCHANGES, systemClock, type LinkWord } from '@vedette/contract';
import { eventually } from '../support/eventually.js';
import { startRabbit, type Rabbit } from '../support/rabbitmq.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { Fleet } from './support/fleet.js';
import { areWell, NEIGHBOURS, neighbourIds } from './support/neighbours.js';
import { CONFIG_QUEUE, entriesOf, NEIGHBOURS_KEY, RabbitSide } from './support/rabbit-side.js';

const IDS = neighbourIds().map((id) => `light:${id}`);

describe('the broker fails under 100 workers', function () {
  this.timeout(180_000);
  let rabbit: Rabbit;
  let proxy: TcpProxy;
  let side: RabbitSide;
  let fleet: Fleet;

  before(async () => {
    rabbit = await startRabbit();
    side = await new RabbitSide(rabbit).plug();
    proxy = await startTcpProxy({ port: rabbit.port });
    const brokerUrl = `amqp://guest:guest@127.0.0.1:${proxy.port}?heartbeat=2`;
    fleet = await new Fleet({ brokerUrl, hasNeighbours: false }).start();
    await eventually(async () => (await side.consumers()) === 1, { deadlineMs: 20_000 });
    side.send(NEIGHBOURS_KEY, entriesOf(neighbourIds()));
    await areWell(fleet.supervisor);
  });
  beforeEach(async () => {
    await allLinks('connected');
    await fleet.watchman.begin();
    fleet.lines.length = 0;
  });
  // Whatever the broker does, no worker is started anew for it and none has two links.
  afterEach(async () => {
    await allLinks('connected');
    await areWell(fleet.supervisor);
    await fleet.watchman.expectUnharmed();
    await side.linksAre(IDS);
    await takesConfig();
  });
  after(async () => {
    await fleet.stop();
    await side.unplug();
    await proxy.close();
    await rabbit.stop();
  });

  const linked = (word: LinkWord): number =>
    fleet.supervisor.snapshot().filter(({ link }) => link === word).length;
  const allLinks = (word: LinkWord): Promise<unknown> =>
    eventually(() => linked(word) === NEIGHBOURS && fleet.broker.link === word, {
      deadlineMs: 60_000,
      what: `all links ${word}`,
    });
  const lineOf = (sentence: string) =>
    fleet.lines.filter((line) => line.sentence === sentence && line.fields['component'] !== 'worker');
  const replug = async (): Promise<void> => {
    await side.unplug();
    await side.plug();
  };
  /** The same set once more: it is taken, and means nothing. */
  const takesConfig = async (): Promise<void> => {
    const { accepted } = fleet.manager.counters;
    side.send(NEIGHBOURS_KEY, entriesOf(neighbourIds()));
    await eventually(() => fleet.manager.counters.accepted > accepted, {
      deadlineMs: 30_000,
      what: 'a config taken',
    });
  };
  /** A result of each since the call before. */
  const newResultOfEach = (): Promise<unknown> => {
    side.forgetResults();
    const what = 'a new result of each';
    return eventually(() => side.newest.size === NEIGHBOURS, { deadlineMs: 60_000, everyMs: 50, what });
  };

  const OUTAGES: readonly (readonly [name: string, begin: () => Promise<void>, end: () => Promise<void>])[] =
    [
      [
        'F21 a clean restart of the broker',
        async () => void (await rabbit.ctl('stop_app')),
        async () => void (await rabbit.ctl('start_app')),
      ],
      ['F21 SIGKILL of the broker', () => rabbit.kill(), () => rabbit.start()],
      ['F21 SIGSTOP of the broker, a half-open line', async () => rabbit.freeze(), async () => rabbit.thaw()],
      ['F21 the broker away, an hour made short', async () => proxy.refuse(), async () => proxy.heal()],
    ];
  for (const [name, begin, end] of OUTAGES) {
    it(`${name}: noticed by all, rounds go on, the newest result of each comes after it, the replaced are counted`, async () => {
      await begin();
      await eventually(() => linked('disconnected') === NEIGHBOURS, {
        deadlineMs: 30_000,
        what: 'the loss noticed',
      });
      const lost = new Map(IDS.map((id) => [id, fleet.rounds(id)]));
      // Long enough that each has results that only replace older ones.
      await eventually(() => IDS.every((id) => fleet.rounds(id) >= (lost.get(id) ?? 0) + 3), {
        deadlineMs: 30_000,
      });
      expect(lineOf('The broker link is down and is tried again until it is back')).to.have.length.within(
        2,
        4,
      );
      await end();
      await allLinks('connected');
      await replug();
      const isNewest = (id: string): boolean =>
        (side.newest.get(id.slice('light:'.length)) ?? 0) >= (lost.get(id) ?? 0) + 3;
      await eventually(() => IDS.every(isNewest), {
        deadlineMs: 60_000,
        everyMs: 50,
        what: 'a newest result of each',
      });
      expect(fleet.supervisor.snapshot().every(({ replaced }) => replaced > 0)).to.equal(true);
      expect(lineOf('The broker link is up again').length).to.be.at.least(2);
    });
  }

  it('F22 all connections closed by an operator, again while they are being set up: no link wedges', async () => {
    proxy.delay(30);
    for (let turn = 0; turn < 3; turn += 1) await rabbit.ctl('close_all_connections', 'F22');
    proxy.heal();
    await allLinks('connected');
    await replug();
    expect(lineOf('The broker link is down and is tried again until it is back').length).to.be.at.least(2);
  });

  it('F23 a binding, a queue and an exchange deleted under live workers: all are there again, or told', async () => {
    await side.channel.unbindQueue(CONFIG_QUEUE, EXCHANGES.config, 'chains.*.*.github_repos_config');
    await side.channel.deleteQueue(CONFIG_QUEUE);
    await side.channel.deleteExchange(EXCHANGES.rawData);
    // Workers declare what they publish to; what is not routed is told once per monitor.
    await eventually(() => fleet.lines.some(({ sentence }) => sentence === 'broker did not take raw data'), {
      deadlineMs: 20_000,
    });
    await eventually(async () => (await side.consumers()) === 1, { deadlineMs: 20_000 });
    await replug();
    await eventually(
      () => fleet.lines.filter(({ sentence }) => sentence === 'broker takes raw data again').length > 0,
      { deadlineMs: 20_000 },
    );
    await newResultOfEach();
  });

  it('F26 a memory alarm: links are blocked, the outbox keeps one message per key, what was kept is sent after it', async () => {
    await rabbit.ctl('set_vm_memory_high_watermark', '0');
    try {
      await eventually(() => linked('blocked') === NEIGHBOURS, {
        deadlineMs: 30_000,
        what: 'all links blocked',
      });
      const blocked = new Map(IDS.map((id) => [id, fleet.rounds(id)]));
      await eventually(() => IDS.every((id) => fleet.rounds(id) >= (blocked.get(id) ?? 0) + 3), {
        deadlineMs: 30_000,
      });
    } finally {
      await rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1GB');
    }
    await allLinks('connected');
    expect(fleet.supervisor.snapshot().every(({ replaced }) => replaced > 0)).to.equal(true);
    await newResultOfEach();
  });

  it('F27 100 links lost at one moment: they come back below 100 opens a second', async () => {
    const opens: number[] = [];
    const note = ({ link }: { link: LinkWord }): void => {
      if (link === 'connected') opens.push(systemClock.monotonic());
    };
    fleet.supervisor.on('monitor.link-changed', note);
    proxy.cut();
    await eventually(() => opens.length >= NEIGHBOURS, {
      deadlineMs: 30_000,
      what: 'all links opened again',
    });
    fleet.supervisor.off('monitor.link-changed', note);
    const most = Math.max(...opens.map((at) => opens.filter((one) => one >= at && one < at + 1_000).length));
    expect(most, 'opens within one second').to.be.below(100);
  });

  it('F27 the right to publish revoked and given back: told, no worker ends, results go on', async () => {
    await rabbit.ctl('set_permissions', 'guest', '.*', '^$', '.*');
    // The broker remembers per channel what was allowed.
    proxy.cut();
    try {
      await eventually(
        () => fleet.lines.filter(({ fields }) => fields['code'] === 'BROKER_NACKED').length >= NEIGHBOURS,
        { deadlineMs: 60_000, what: 'each told once' },
      );
    } finally {
      await rabbit.ctl('set_permissions', 'guest', '.*', '.*', '.*');
    }
    await replug();
    await newResultOfEach();
  });
});
