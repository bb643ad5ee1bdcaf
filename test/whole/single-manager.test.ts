import { expect } from 'chai';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { startRabbit, type Rabbit } from '../support/rabbitmq.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { startVedette, type Vedette } from '../support/vedette.js';

const KEY = 'chains.chainlink.local.evm_nodes_config';
const QUEUE = 'node_monitors_manager_configs_queue';

describe('two managers on the same queues', function () {
  this.timeout(90_000);
  let rabbit: Rabbit;
  let proxy: TcpProxy;
  let connection: ChannelModel;
  let channel: Channel;
  let node: JsonRpcNode;
  let folder: string;
  let running: Vedette[] = [];

  const plug = async (): Promise<void> => {
    connection = await connect(rabbit.url);
    connection.on('error', () => undefined);
    channel = await connection.createChannel();
  };
  before(async () => {
    rabbit = await startRabbit();
    await plug();
    node = await startJsonRpcNode(50);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-single-'));
    proxy = await startTcpProxy({ port: rabbit.port });
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
    await channel.deleteQueue(QUEUE);
    await proxy.close();
    await rm(folder, { recursive: true });
  });
  after(async () => {
    await connection.close();
    await rabbit.stop();
    await node.close();
  });

  const start = (options: { standby?: boolean; url?: string } = {}): Vedette => {
    const { standby = false, url = rabbit.url } = options;
    const words = ['run', '--broker', url, '--state', join(folder, 'state'), '--log-level', 'debug'];
    const vedette = startVedette([...words, ...(standby ? ['--standby'] : [])], {
      env: { NODE_MONITOR_PERIOD_SECONDS: '0.3' },
    });
    running.push(vedette);
    return vedette;
  };
  const throughProxy = (): string => `amqp://guest:guest@127.0.0.1:${proxy.port}`;
  const entry = (id: string): Record<string, string> => ({
    id,
    parent_id: 'local',
    name: `node ${id}`,
    node_http_url: node.url,
    monitor_node: 'true',
  });
  const send = (...ids: string[]): boolean =>
    channel.publish(
      'config',
      KEY,
      Buffer.from(JSON.stringify(Object.fromEntries(ids.map((id) => [id, entry(id)])))),
      { persistent: true },
    );
  /** Live links of the monitors of one id: each worker has one of its own. */
  const linksOf = async (id: string): Promise<number> =>
    (await rabbit.ctl('list_connections', 'client_properties'))
      .split('\n')
      .filter((line) => line.includes(`evm-node:${id}"`)).length;
  const consumers = async (): Promise<number> => (await channel.assertQueue(QUEUE)).consumerCount;
  const atWork = async (options: Parameters<typeof start>[0] = {}, ...ids: string[]): Promise<Vedette> => {
    const active = start(options);
    await eventually(async () => (await consumers()) === 1, { deadlineMs: 20_000 });
    send(...(ids.length > 0 ? ids : ['a']));
    await active.says(/Config applied .*started=[1-9]/, 20_000);
    return active;
  };

  it('refuses the second with exit 1 and says what to do, and the first works on', async () => {
    const first = await atWork();
    const second = await start().ended;
    expect(second.code).to.equal(1);
    expect(second.stderr).to.include('MANAGER_ALREADY_RUNNING').and.include('--standby');
    expect(second.stderr).to.not.include('Config applied');
    expect(await consumers()).to.equal(1);
    send('a', 'b');
    await first.says(/Config applied .*started=1 restarted=0 stopped=0 kept=1/);
    expect((await first.stop()).code).to.equal(0);
  });

  it('lets in exactly one of two that start together', async () => {
    const both = [start(), start()];
    const loser = await Promise.race(both.map((one) => one.ended));
    expect(loser.code).to.equal(1);
    expect(loser.stderr).to.include('MANAGER_ALREADY_RUNNING');
    await eventually(async () => (await consumers()) === 1, { deadlineMs: 20_000 });
    expect(both.filter(({ child }) => child.exitCode === null)).to.have.length(1);
  });

  for (const [how, signal] of [
    ['is killed', 'SIGKILL'],
    ['is stopped', 'SIGTERM'],
  ] as const) {
    it(`has the standby run every monitor after the first ${how}`, async () => {
      const first = await atWork({}, 'a', 'b');
      const standby = start({ standby: true });
      await standby.says('Waiting as standby');
      expect(standby.stderr()).to.not.include('Config applied');
      first.child.kill(signal);
      await first.ended;
      await standby.says(/Config applied .*scope=restored started=2/);
      await eventually(async () => (await linksOf('a')) + (await linksOf('b')) === 2, { deadlineMs: 20_000 });
      await eventually(async () => (await consumers()) === 1, { deadlineMs: 20_000 });
      send('a');
      await standby.says(/Config applied .*stopped=1 kept=1/);
      expect((await standby.stop()).code).to.equal(0);
    });
  }

  it('keeps the standby waiting where the first loses its link for a moment', async () => {
    const first = await atWork({ url: throughProxy() });
    const standby = start({ standby: true });
    await standby.says('Waiting as standby');
    proxy.cut();
    await eventually(async () => (await consumers()) === 1, { deadlineMs: 20_000 });
    send('a', 'b');
    await first.says(/Config applied .*started=1 restarted=0 stopped=0 kept=1/);
    expect(standby.stderr()).to.not.include('taking over');
  });

  it('stops the first when the standby took over while it was cut off', async () => {
    const first = await atWork({ url: throughProxy() });
    const standby = start({ standby: true });
    await standby.says('Waiting as standby');
    proxy.refuse();
    await standby.says(/Config applied .*scope=restored started=1/);
    proxy.heal();
    const { code, stderr } = await first.ended;
    expect(code).to.equal(1);
    expect(stderr).to.include('MANAGER_ALREADY_RUNNING');
    expect(await consumers()).to.equal(1);
    expect(await linksOf('a')).to.equal(1);
  });

  it('makes the first the standby of its successor where it was started with --standby', async () => {
    const first = await atWork({ url: throughProxy(), standby: true });
    const second = start({ standby: true });
    await second.says('Waiting as standby');
    proxy.refuse();
    await second.says(/Config applied .*scope=restored started=1/);
    proxy.heal();
    await first.says(/MANAGER_ALREADY_RUNNING[^]*Waiting as standby/, 20_000);
    await eventually(async () => (await linksOf('a')) === 1, { deadlineMs: 20_000 });
    second.child.kill('SIGKILL');
    await second.ended;
    await first.says(/MANAGER_ALREADY_RUNNING[^]*Config applied .*scope=restored started=1/);
    expect((await first.stop()).code).to.equal(0);
  });

  it('leaves exactly one at work after a restart of the broker: the one that was', async () => {
    const first = await atWork();
    const standby = start({ standby: true });
    await standby.says('Waiting as standby');
    await connection.close();
    await rabbit.kill();
    await rabbit.start();
    await plug();
    await eventually(async () => (await consumers()) === 1, { deadlineMs: 30_000 });
    send('a', 'b');
    await first.says(/Config applied .*started=1 restarted=0 stopped=0 kept=1/, 20_000);
    expect(standby.stderr()).to.not.include('taking over');
    expect(first.child.exitCode).to.equal(null);
    expect(await linksOf('b')).to.equal(1);
  });

  it("refuses to work beside one of PANIC's managers, and as standby waits for its end", async () => {
    await channel.assertQueue(QUEUE);
    const old = await connect(rabbit.url);
    await (await old.createChannel()).consume(QUEUE, () => undefined);
    const refused = await start().ended;
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.include('MANAGER_ALREADY_RUNNING').and.include(QUEUE);
    const standby = start({ standby: true });
    await standby.says('Another program consumes a config queue', 20_000);
    await old.close();
    await standby.says('taking over', 20_000);
    expect((await standby.stop()).code).to.equal(0);
  });

  it('stops waiting at a signal, with exit 0', async () => {
    await atWork();
    const standby = start({ standby: true });
    await standby.says('Waiting as standby');
    expect((await standby.stop()).code).to.equal(0);
  });
});
