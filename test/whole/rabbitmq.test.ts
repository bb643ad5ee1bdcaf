import { expect } from 'chai';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { startRabbit, type Rabbit } from '../support/rabbitmq.js';
import { runVedette, startVedette, type Vedette } from '../support/vedette.js';

interface Seen {
  readonly routingKey: string;
  readonly body: Record<string, unknown>;
}

/** A broker of its own: the names of PANIC's queues are fixed, so tests would meet in a shared one. */
describe('vedette run --broker, config from RabbitMQ', () => {
  let rabbit: Rabbit;
  let connection: ChannelModel;
  let channel: Channel;
  let node: JsonRpcNode;
  let folder: string;
  let vedette: Vedette | null = null;
  const seen: Seen[] = [];

  before(async function () {
    this.timeout(90_000);
    rabbit = await startRabbit();
    connection = await connect(rabbit.url);
    channel = await connection.createChannel();
    for (const exchange of ['raw_data', 'health_check', 'config'])
      await channel.assertExchange(exchange, 'topic');
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'raw_data', '#');
    await channel.bindQueue(queue, 'health_check', 'heartbeat.*');
    await channel.consume(
      queue,
      (message) => {
        if (message === null) return;
        const body = JSON.parse(message.content.toString()) as Record<string, unknown>;
        seen.push({ routingKey: message.fields.routingKey, body });
      },
      { noAck: true },
    );
    node = await startJsonRpcNode(50);
    folder = await mkdtemp(join(tmpdir(), 'vedette-rabbit-'));
  });
  afterEach(async () => {
    await vedette?.stop();
    vedette = null;
  });
  after(async () => {
    await connection.close();
    await rabbit.stop();
    await node.close();
    await rm(folder, { recursive: true });
  });

  const KEY = 'chains.chainlink.local.evm_nodes_config';
  const entry = (id: string, name: string): Record<string, string> => ({
    id,
    parent_id: 'local',
    name,
    node_http_url: node.url,
    monitor_node: 'true',
  });
  const send = (body: unknown, key = KEY): boolean =>
    channel.publish('config', key, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), {
      persistent: true,
    });
  const start = (): Vedette => {
    vedette = startVedette(
      ['run', '--broker', rabbit.url, '--state', join(folder, 'state'), '--log-level', 'debug'],
      {
        env: { NODE_MONITOR_PERIOD_SECONDS: '0.2' },
      },
    );
    return vedette;
  };
  const hears = async (name: string): Promise<void> => {
    const from = seen.length;
    await eventually(
      () => seen.slice(from).some((one) => one.body['component_name'] === `Node monitor (${name})`),
      {
        deadlineMs: 15_000,
      },
    );
  };
  const connections = async (): Promise<string[]> =>
    (await rabbit.ctl('list_connections', 'client_properties'))
      .split('\n')
      .flatMap((line) => /"connection_name","([^"]+)"/.exec(line)?.[1] ?? []);

  it('starts, restarts and stops monitors as the messages of `vedette publish` say', async function () {
    this.timeout(60_000);
    const file = join(folder, 'monitors.yaml');
    const monitorable = (id: string, name: string): string =>
      `  - { kind: evm-node, id: ${id}, name: ${name}, chain: local, settings: { url: '${node.url}' } }\n`;
    await writeFile(file, `monitors:\n${monitorable('a', 'a')}${monitorable('b', 'b')}`);
    const published = await runVedette(['publish', file, '--broker', rabbit.url]);
    expect(published.code, published.stderr).to.equal(0);
    expect(published.stdout).to.include(`published ${KEY}: 2 monitorables`);
    const running = start();
    await hears('a');
    await hears('b');
    await writeFile(file, `monitors:\n${monitorable('a', 'a2')}`);
    await runVedette(['publish', file, '--broker', rabbit.url]);
    await running.says(/Config applied .*started=0 restarted=1 stopped=1 kept=0/);
    await hears('a2');
    await eventually(
      async () => (await connections()).filter((name) => name.includes('evm-node:')).length === 1,
      {
        deadlineMs: 20_000,
      },
    );
    await runVedette(['publish', file, '--remove', '--broker', rabbit.url]);
    await running.says(/Config applied .*stopped=1 kept=0/);
    expect((await running.stop()).code).to.equal(0);
  });

  it('answers a ping with six heartbeats under the old names and one of its own', async () => {
    const running = start();
    send({ a: entry('a', 'pinged') });
    await hears('pinged');
    const from = seen.length;
    channel.publish('health_check', 'ping', Buffer.from('ping'), { persistent: true });
    const beats = (): Seen[] => seen.slice(from).filter((one) => one.routingKey === 'heartbeat.manager');
    await eventually(() => beats().length >= 7, { deadlineMs: 10_000 });
    expect(beats().map(({ body }) => body['component_name'])).to.have.members([
      'System Monitors Manager',
      'GitHub Monitors Manager',
      'DockerHub Monitors Manager',
      'Node Monitors Manager',
      'Contract Monitors Manager',
      'Network Monitors Manager',
      'Vedette Monitors Manager',
    ]);
    const node = beats().find(({ body }) => body['component_name'] === 'Node Monitors Manager')?.body;
    expect(Object.keys(node ?? {})).to.deep.equal([
      'component_name',
      'running_processes',
      'dead_processes',
      'timestamp',
    ]);
    expect(node?.['running_processes']).to.deep.equal(['Node monitor (pinged)']);
    await running.stop();
  });

  it('parks poison without blocking what stands behind it, and refuses single entries', async () => {
    const running = start();
    send('this is no JSON');
    send([1, 2, 3]);
    send({
      bad: { ...entry('bad', 'bad'), node_http_url: 'file:///etc/passwd' },
      good: entry('good', 'behind'),
    });
    await hears('behind');
    await running.says(/Config refused .*CONFIG_NOT_JSON/);
    await running.says(/Config refused .*CONFIG_WRONG_TYPE/);
    await running.says(/Config refused .*CONFIG_INVALID_URL.*configId=bad/);
    const parked = await eventually(() => channel.get('vedette_parking_queue', { noAck: true }));
    expect(parked.content.toString()).to.equal('this is no JSON');
    expect((parked.properties.headers as Record<string, unknown>)['x-vedette-code']).to.equal(
      'CONFIG_NOT_JSON',
    );
    expect((await channel.checkQueue('node_monitors_manager_configs_queue')).messageCount).to.equal(0);
    await running.stop();
  });

  it('runs every accepted config again after kill -9, without a new message', async function () {
    this.timeout(60_000);
    const first = start();
    send({ a: entry('a', 'survivor one'), b: entry('b', 'survivor two') });
    await hears('survivor two');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start();
    await second.says(/Config applied .*scope=restored started=2/);
    await hears('survivor one');
    await hears('survivor two');
    send({ a: entry('a', 'survivor one'), b: entry('b', 'survivor two') });
    await second.says(/Config applied .*scope=node\/\S+ started=0 restarted=0 stopped=0 kept=2/);
    await second.stop();
  });

  it('starts without a broker, runs what is stored, and connects when the broker comes', async function () {
    this.timeout(60_000);
    await connection.close();
    await rabbit.kill();
    const running = start();
    await running.says(/Config applied .*scope=restored/);
    await running.says(/BROKER_UNREACHABLE/);
    await rabbit.start();
    connection = await connect(rabbit.url);
    channel = await connection.createChannel();
    await eventually(
      async () => (await connections()).filter((name) => name.includes('evm-node:')).length === 2,
      {
        deadlineMs: 20_000,
      },
    );
    send({});
    await running.says(/Config applied .*started=0 restarted=0 stopped=2/);
    await running.stop();
  });
});
