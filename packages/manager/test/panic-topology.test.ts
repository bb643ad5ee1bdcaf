/** On a real RabbitMQ that holds PANIC's topology: what PANIC declared is used as it is, and nothing piles up. */
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { expect } from 'chai';
import { EXCHANGES, FAMILIES, FAMILY_NAMES, silentLogger, systemClock } from '@vedette/contract';
import { createBroker, parseBrokerUrl } from '@vedette/broker';
import { Supervisor } from '@vedette/supervisor';
import { eventually } from '../../../test/support/eventually.js';
import { startRabbit, type Rabbit } from '../../../test/support/rabbitmq.js';
import { RabbitSource } from '../src/intake/rabbit-source.js';
import { MonitorsManager } from '../src/monitors-manager.js';
import { StrategyRegistry } from '../src/strategy-registry.js';
import { STRATEGIES } from './support/a-manager.js';
import { InstantHost } from './support/instant-host.js';
import { bodyOf, evmNode, mongoNode } from './support/panic-configs.js';

const PATIENCE = { deadlineMs: 10_000 };
const NODES = 'chains.chainlink.bsc.nodes_config';
const EVM = 'chains.chainlink.bsc.evm_nodes_config';
const STORE_QUEUE = 'monitorable_store_input_queue';

describe('the manager on a RabbitMQ that holds the topology of PANIC', () => {
  let rabbit: Rabbit;
  let connection: ChannelModel;
  let channel: Channel;
  let manager: MonitorsManager | null = null;
  let host: InstantHost;
  let beats: Record<string, unknown>[] = [];

  before(async function () {
    this.timeout(90_000);
    rabbit = await startRabbit();
    connection = await connect(rabbit.url);
    channel = await connection.createChannel();
    await channel.assertExchange('health_check', 'topic', { durable: true });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'health_check', 'heartbeat.manager');
    await channel.consume(
      queue,
      (message) => {
        if (message !== null) beats.push(JSON.parse(message.content.toString()) as Record<string, unknown>);
      },
      { noAck: true },
    );
  });
  after(async () => {
    await connection.close();
    await rabbit.stop();
  });

  /** As PANIC's managers and `run_alerter.py` declare it. */
  const declareAsPanic = async (): Promise<void> => {
    for (const exchange of ['config', 'health_check', 'monitorable', 'raw_data']) {
      await channel.assertExchange(exchange, 'topic', { durable: true, autoDelete: false, internal: false });
    }
    for (const family of FAMILY_NAMES) {
      const { configQueue, heartbeatQueue, configKeys } = FAMILIES[family];
      await channel.assertQueue(heartbeatQueue, { durable: true, exclusive: false, autoDelete: false });
      await channel.bindQueue(heartbeatQueue, 'health_check', 'ping');
      await channel.assertQueue(configQueue, { durable: true, exclusive: false, autoDelete: false });
      for (const key of configKeys) await channel.bindQueue(configQueue, 'config', key);
    }
  };
  const empty = async (): Promise<void> => {
    for (const family of FAMILY_NAMES) {
      await channel.deleteQueue(FAMILIES[family].configQueue);
      await channel.deleteQueue(FAMILIES[family].heartbeatQueue);
    }
    await channel.deleteQueue(STORE_QUEUE);
    await declareAsPanic();
  };
  beforeEach(async () => {
    await empty();
    beats = [];
  });
  afterEach(async () => {
    await manager?.stop();
    manager = null;
  });

  const start = async (): Promise<MonitorsManager> => {
    const address = parseBrokerUrl(rabbit.url);
    const logger = silentLogger;
    const clock = systemClock;
    const broker = createBroker(address, { name: 'vedette test', clock, random: Math.random, logger });
    host = new InstantHost();
    const supervisor = new Supervisor({ host, broker: address, beatMs: 60_000 });
    manager = new MonitorsManager({
      broker,
      supervisor,
      registry: new StrategyRegistry(STRATEGIES),
      source: new RabbitSource({ broker, clock, logger }),
      monitorablesQuietMs: 300,
    });
    await manager.start();
    return manager;
  };
  const publish = (key: string, body: unknown): boolean =>
    channel.publish('config', key, Buffer.from(JSON.stringify(body)), { persistent: true });
  const ping = (): boolean =>
    channel.publish('health_check', 'ping', Buffer.from('ping'), { persistent: true });
  const waiting = async (): Promise<number> => {
    let total = 0;
    for (const family of FAMILY_NAMES) {
      for (const queue of [FAMILIES[family].configQueue, FAMILIES[family].heartbeatQueue]) {
        total += (await channel.checkQueue(queue)).messageCount;
      }
    }
    return total;
  };
  const named = (name: string): Record<string, unknown>[] =>
    beats.filter((one) => one['component_name'] === name);

  it('uses what PANIC declared, and leaves it as PANIC will declare it again', async () => {
    await start();
    publish(EVM, bodyOf(evmNode('a')));
    await eventually(() => host.running.length === 1, PATIENCE);
    await declareAsPanic();
    for (const family of FAMILY_NAMES) {
      const { configQueue, heartbeatQueue } = FAMILIES[family];
      expect((await channel.checkQueue(configQueue)).consumerCount, configQueue).to.equal(1);
      expect((await channel.checkQueue(heartbeatQueue)).consumerCount, heartbeatQueue).to.equal(1);
    }
  });

  it('takes configs that waited before it started, all four copies, and leaves the queues empty', async () => {
    publish(NODES, bodyOf(mongoNode('a'), mongoNode('b')));
    publish(EVM, bodyOf(evmNode('c')));
    publish('general.github_repos_config', {});
    await eventually(async () => (await waiting()) === 6, PATIENCE);
    await start();
    await eventually(() => host.running.length === 3, PATIENCE);
    await eventually(async () => (await waiting()) === 0, PATIENCE);
    await eventually(() => manager?.counters.accepted === 6, PATIENCE);
    await manager?.stop();
    // What was taken is acknowledged: nothing comes back to the queue.
    expect(await waiting()).to.equal(0);
  });

  it('answers pings that piled up while nobody consumed once, and each later ping again', async () => {
    for (let queued = 0; queued < 200; queued += 1) ping();
    await eventually(async () => (await waiting()) === 1_200, PATIENCE);
    await start();
    await eventually(() => beats.length >= 7, PATIENCE);
    expect(beats).to.have.length(7);
    expect(await waiting()).to.equal(0);
    ping();
    await eventually(() => beats.length >= 14, PATIENCE);
    for (const family of FAMILY_NAMES) {
      expect(named(FAMILIES[family].managerName), family).to.have.length(2);
    }
  });

  it('tells the monitorable store, once it is there, what it could not be told before', async () => {
    await start();
    publish(EVM, bodyOf(evmNode('a')));
    publish('chains.chainlink.eth.evm_nodes_config', bodyOf(evmNode('b')));
    await eventually(() => manager?.counters.accepted === 2, PATIENCE);
    await eventually(async () => (await waiting()) === 0, PATIENCE);
    await channel.assertQueue(STORE_QUEUE, { durable: true });
    await channel.bindQueue(STORE_QUEUE, EXCHANGES.monitorable, '*.*');
    const message = await eventually(() => channel.get(STORE_QUEUE, { noAck: true }), PATIENCE);
    expect(message.fields.routingKey).to.equal('chainlink.nodes');
    expect(message.properties.deliveryMode).to.equal(2);
    expect(message.properties.contentType).to.equal(undefined);
    expect(JSON.parse(message.content.toString())).to.deep.equal({
      manager_name: 'Node Monitors Manager',
      sources: [
        { chain_id: 'parent-1', chain_name: 'bsc', source_id: 'a', source_name: 'geth a' },
        { chain_id: 'parent-1', chain_name: 'eth', source_id: 'b', source_name: 'geth b' },
      ],
    });
    expect(await channel.get(STORE_QUEUE, { noAck: true })).to.equal(false);
  });

  it('goes on with config after its connection was cut, and starts nothing a second time', async () => {
    await start();
    publish(EVM, bodyOf(evmNode('a')));
    await eventually(() => host.running.length === 1, PATIENCE);
    await rabbit.ctl('close_all_connections', '--vhost', '/', 'test');
    connection = await connect(rabbit.url);
    channel = await connection.createChannel();
    publish(EVM, bodyOf(evmNode('a'), evmNode('b')));
    await eventually(() => host.running.length === 2, { deadlineMs: 15_000 });
    expect(host.mostPerId).to.equal(1);
    expect(host.spawned).to.have.length(2);
  });
});
