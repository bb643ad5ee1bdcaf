/** What the AMQP broker does when RabbitMQ or the line to it misbehaves: real RabbitMQ behind a TCP proxy. */
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { expect } from 'chai';
import type { LogFields, LogLevel, PublishOutcome, WireMessage } from '@vedette/contract';
import { eventually } from '../../../test/support/eventually.js';
import { sharedRabbit, type Rabbit } from '../../../test/support/rabbitmq.js';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { AmqpBroker, type AmqpBrokerOptions } from '../src/amqp/amqp-broker.js';
import { AmqpPublisher, type AmqpPublisherOptions } from '../src/amqp/amqp-publisher.js';
import type { QueueDeclaration } from '../src/broker.js';
import { codeOf, collect, text, uniqueName } from './broker-contract.js';

describe('RabbitMQ broker under faults', () => {
  let rabbit: Rabbit;
  let proxy: TcpProxy;
  let admin: ChannelModel;
  let control: Channel;
  let exchange: string;
  let queue: string;
  const open: (AmqpBroker | AmqpPublisher)[] = [];
  const logs: { level: LogLevel; sentence: string; fields: LogFields | undefined }[] = [];
  const logger = {
    log: (level: LogLevel, sentence: string, fields?: LogFields) =>
      void logs.push({ level, sentence, fields }),
  };

  before(async function () {
    this.timeout(60_000);
    rabbit = await sharedRabbit();
  });

  beforeEach(async () => {
    proxy = await startTcpProxy({ port: rabbit.port });
    admin = await connect(rabbit.url, { noDelay: true });
    admin.on('error', () => undefined);
    control = await admin.createChannel();
    exchange = uniqueName('exchange');
    queue = uniqueName('queue');
    logs.length = 0;
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((broker) => broker.close(500)));
    await proxy.close();
    await admin.close().catch(() => undefined);
  });

  const url = (user = 'guest:guest', vhost = '') => `amqp://${user}@127.0.0.1:${proxy.port}${vhost}`;
  const newBroker = (options: Partial<AmqpBrokerOptions> = {}): AmqpBroker => {
    const broker = new AmqpBroker({
      url: url(),
      name: 'vedette fault test',
      random: () => 0.1,
      logger,
      ...options,
    });
    open.push(broker);
    return broker;
  };
  const newPublisher = (options: Partial<AmqpPublisherOptions> = {}): AmqpPublisher => {
    const publisher = new AmqpPublisher({
      url: url(),
      name: 'vedette worker',
      random: () => 0.1,
      logger,
      ...options,
    });
    open.push(publisher);
    return publisher;
  };
  const topology = (over: Partial<QueueDeclaration> = {}) => ({
    exchanges: [exchange],
    queues: [{ name: queue, bindings: [{ exchange, pattern: '#' }], ...over }],
  });
  const message = (routingKey: string, content: string): WireMessage => ({ exchange, routingKey, content });
  const isLink = (broker: AmqpBroker | AmqpPublisher, word: string) =>
    eventually(() => broker.link === word, { deadlineMs: 10_000, what: `link ${word}` });

  it('connects, declares, consumes and sends what was kept when a broker that was down comes up', async () => {
    proxy.refuse();
    const broker = newBroker();
    const words: string[] = [];
    broker.onLinkChanged(({ link, error }) => words.push(`${link} ${error?.code ?? '-'}`));
    await broker.declare(topology());
    const deliveries = await collect(broker, queue);
    expect(await broker.publish(message('k', 'kept'))).to.equal('deferred');
    expect(await codeOf(broker.ready(50))).to.equal('BROKER_UNREACHABLE');
    await eventually(() => proxy.accepted >= 6, { what: 'a few tries' });
    proxy.heal();
    await broker.ready(10_000);
    await eventually(() => deliveries.length === 1);
    expect(deliveries.map(text)).to.deep.equal(['kept']);
    await isLink(broker, 'connected');
    expect(words).to.deep.equal(['disconnected BROKER_UNREACHABLE', 'connected -']);
    // One record per link when it went down, one when it came up: no noise in between.
    expect(logs.map(({ level }) => level).sort()).to.deep.equal(['info', 'info', 'warn', 'warn']);
  });

  it('rebuilds topology and consumers after a cut and sends the newest kept message per key', async () => {
    const broker = newBroker();
    // Exclusive: gone with its connection, so it can only be there again if it was declared again.
    await broker.declare(topology({ exclusive: true, durable: false }));
    await broker.ready(5_000);
    const deliveries = await collect(broker, queue, { prefetch: 5 });
    const settled: string[] = [];
    broker.onSettled(({ routingKey, content }, outcome) =>
      settled.push(`${routingKey} ${content} ${outcome}`),
    );

    proxy.refuse();
    await isLink(broker, 'disconnected');
    const outcomes: PublishOutcome[] = [];
    for (const content of ['1', '2', '3']) {
      outcomes.push(await broker.publish(message('a', content)));
      outcomes.push(await broker.publish(message('b', content), { key: 'x' }));
      outcomes.push(await broker.publish(message('b', content), { key: 'y' }));
    }
    outcomes.push(await broker.publish(message('a', 'not kept'), { whenDown: 'drop' }));
    expect(outcomes).to.deep.equal([...Array<PublishOutcome>(9).fill('deferred'), 'dropped']);
    expect(broker.replaced).to.equal(6);
    settled.length = 0;

    proxy.heal();
    await isLink(broker, 'connected');
    await eventually(() => deliveries.length >= 3 && settled.length >= 3);
    expect(deliveries.map((delivery) => `${delivery.routingKey} ${text(delivery)}`)).to.deep.equal([
      'a 3',
      'b 3',
      'b 3',
    ]);
    expect(settled).to.deep.equal(['a 3 confirmed', 'b 3 confirmed', 'b 3 confirmed']);
    expect(broker.replaced).to.equal(6);
    expect(await broker.publish(message('a', 'after'))).to.equal('confirmed');
  });

  it('keeps the newest of what was unconfirmed when the link was lost, and sends it again', async () => {
    const broker = newBroker();
    await broker.declare(topology());
    await broker.ready(5_000);
    proxy.halfOpen();
    const outcomes = Promise.all([
      broker.publish(message('a', '1')),
      broker.publish(message('a', '2')),
      broker.publish(message('b', '3')),
      broker.publish(message('c', '4'), { whenDown: 'drop' }),
    ]);
    proxy.cut();
    expect(await outcomes).to.deep.equal(['deferred', 'deferred', 'deferred', 'dropped']);
    expect(broker.replaced).to.equal(1);
    proxy.heal();
    await isLink(broker, 'connected');
    const deliveries = await collect(broker, queue);
    await eventually(() => deliveries.length === 2);
    expect(deliveries.map(text)).to.deep.equal(['2', '3']);
  });

  it('settles as timeout what is not confirmed in time, and still sends it again after a lost link', async () => {
    const publisher = newPublisher({ confirmTimeoutMs: 50, exchanges: [exchange] });
    await publisher.ready(5_000);
    await control.assertQueue(queue);
    await control.bindQueue(queue, exchange, '#');
    const settled: string[] = [];
    publisher.onSettled(({ content }, outcome) => settled.push(`${content} ${outcome}`));
    proxy.halfOpen();
    expect(await publisher.publish(message('a', '1'))).to.equal('timeout');
    expect(await publisher.publish(message('b', '2'), { whenDown: 'drop' })).to.equal('timeout');
    proxy.refuse();
    await isLink(publisher, 'disconnected');
    proxy.heal();
    await eventually(() => settled.length === 3);
    expect(settled).to.deep.equal(['1 timeout', '2 timeout', '1 confirmed']);
    await control.deleteQueue(queue);
  });

  it('notices a half-open link within two AMQP heartbeats', async () => {
    const publisher = newPublisher({ heartbeatSeconds: 2 });
    await publisher.ready(5_000);
    proxy.halfOpen();
    const reason = new Promise<string>((resolve) => {
      publisher.onLinkChanged(({ error }) => resolve(error?.message ?? ''));
    });
    // amqplib alone would need up to three.
    expect(await reason).to.contain('nothing was received for 4000 ms');
    proxy.heal();
    await isLink(publisher, 'connected');
  });

  it('keeps an idle link over several AMQP heartbeats', async () => {
    const publisher = newPublisher({ heartbeatSeconds: 1 });
    await publisher.ready(5_000);
    const words: string[] = [];
    publisher.onLinkChanged(({ link }) => words.push(link));
    // Nothing else comes on an idle connection; RabbitMQ sends one every half a second.
    const before = proxy.chunks;
    const what = 'eight AMQP heartbeats, twice the silence that would end the link';
    await eventually(() => proxy.chunks >= before + 8, { deadlineMs: 15_000, what });
    expect(words).to.deep.equal([]);
    expect(publisher.link).to.equal('connected');
  });

  it('comes up in the end when the line is cut at every single step of the set-up', async () => {
    const broker = newBroker({ random: () => 0 });
    await broker.declare(topology());
    await collect(broker, queue);
    await broker.ready(5_000);
    for (let chunks = 0; chunks <= 14; chunks += 1) {
      proxy.cutAfter(chunks);
      proxy.cut();
      const before = proxy.accepted;
      // Past its last step a link is simply up.
      const hasTried = () => proxy.accepted >= before + 4 || broker.link === 'connected';
      await eventually(hasTried, { what: `tries at chunk ${chunks}` });
      proxy.heal();
      await eventually(async () => (await broker.publish(message('k', `${chunks}`))) === 'confirmed', {
        what: `a confirmed publish after cuts at chunk ${chunks}`,
      });
    }
  });

  it('does not wedge when an operator closes all connections during set-up, again and again', async function () {
    this.timeout(40_000);
    const broker = newBroker();
    await broker.declare(topology());
    await broker.ready(5_000);
    // Slow enough that set-up lasts as long as the closing.
    proxy.delay(40);
    for (let turn = 0; turn < 4; turn += 1) await rabbit.ctl('close_all_connections', 'a test');
    proxy.heal();
    // The last close may still be on its way.
    await eventually(async () => (await broker.publish(message('k', 'still there'))) === 'confirmed', {
      deadlineMs: 10_000,
    });
    await isLink(broker, 'connected');
  });

  it('heals a consumer whose queue was deleted', async () => {
    const broker = newBroker();
    await broker.declare(topology());
    await broker.ready(5_000);
    const deliveries = await collect(broker, queue);
    await control.deleteQueue(queue);
    await eventually(async () => (await broker.publish(message('k', 'again'))) === 'confirmed');
    await eventually(() => deliveries.length >= 1);
    expect(broker.link).to.equal('connected');
  });

  it('declares an exchange again that was deleted under a live broker', async () => {
    const broker = newBroker();
    await broker.declare(topology());
    await broker.ready(5_000);
    await control.deleteExchange(exchange);
    expect(await broker.publish(message('k', '1'))).to.equal('unroutable');
    expect(await broker.publish(message('k', '2'))).to.equal('confirmed');
    expect(broker.link).to.equal('connected');
  });

  it('declares the exchanges of a worker again that were deleted under it', async () => {
    const publisher = newPublisher({ exchanges: [exchange] });
    await publisher.ready(5_000);
    await control.checkExchange(exchange);
    await control.deleteExchange(exchange);
    expect(await publisher.publish(message('k', '1'))).to.equal('unroutable');
    expect(await publisher.publish(message('k', '2'))).to.equal('unroutable');
    await control.checkExchange(exchange);
    expect(publisher.link).to.equal('connected');
  });

  it('uses an exchange as it is when it may not declare it', async () => {
    await control.assertExchange(exchange, 'direct', { durable: true });
    await control.assertQueue(queue, { exclusive: true });
    await control.bindQueue(queue, exchange, 'k');
    const publisher = newPublisher({ exchanges: [exchange] });
    await publisher.ready(5_000);
    expect(await publisher.publish(message('k', '1'))).to.equal('confirmed');
    expect(logs.map(({ fields }) => fields?.['code'])).to.deep.equal(['BROKER_TOPOLOGY_REFUSED']);
  });

  it('never lets an older message replace a newer one that a listener publishes on the loss', async () => {
    const publisher = newPublisher({ exchanges: [exchange] });
    await publisher.ready(5_000);
    await control.assertQueue(queue, { exclusive: true });
    await control.bindQueue(queue, exchange, '#');
    publisher.onSettled(({ content }, outcome) => {
      if (content === '1' && outcome === 'deferred') void publisher.publish(message('k', 'newest'));
    });
    proxy.halfOpen();
    const outcomes = [publisher.publish(message('k', '1')), publisher.publish(message('k', '2'))];
    proxy.refuse();
    expect(await Promise.all(outcomes)).to.deep.equal(['deferred', 'deferred']);
    proxy.heal();
    await isLink(publisher, 'connected');
    await eventually(async () => (await control.checkQueue(queue)).messageCount === 1);
    const got = await control.get(queue, { noAck: true });
    expect(got === false ? '' : got.content.toString()).to.equal('newest');
  });

  it('does nothing when a delivery of a lost connection is acknowledged, and gets it again', async () => {
    const broker = newBroker();
    await broker.declare(topology());
    await broker.ready(5_000);
    const deliveries = await collect(broker, queue, { prefetch: 1, isHeld: true });
    await broker.publish(message('k', '1'));
    const stale = await eventually(() => deliveries[0]);
    proxy.cut();
    const again = await eventually(() => deliveries[1]);
    expect(again.isRedelivered).to.equal(true);
    stale.ack();
    stale.requeue();
    again.ack();
    await broker.publish(message('k', '2'));
    expect(text(await eventually(() => deliveries[2]))).to.equal('2');
    expect(broker.link).to.equal('connected');
  });

  it('tells wrong credentials at once, goes on trying, and shows the password nowhere', async () => {
    const password = 'hunter2-Zq9';
    const broker = newBroker({ url: url(`mallory:${password}`) });
    const errors: unknown[] = [];
    broker.onLinkChanged(({ error }) => errors.push(error));
    const began = performance.now();
    const refusal = await broker.ready(30_000).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).to.include({ code: 'BROKER_ACCESS_REFUSED' });
    expect(performance.now() - began).to.be.below(10_000);
    const seen = proxy.accepted;
    await eventually(() => proxy.accepted > seen, { what: 'another try' });
    const everything = [refusal, ...errors].map(
      (error) => JSON.stringify(error) + String(error) + stackOf(error),
    );
    expect(everything.join() + JSON.stringify(logs)).to.not.contain(password);
    expect(logs.filter(({ level }) => level === 'warn')).to.have.length(2);
  });

  it('says nacked where the user may not publish, and stays connected', async () => {
    await control.assertExchange(exchange, 'topic');
    const user = uniqueName('user');
    await rabbit.ctl('add_user', user, 'secret');
    await rabbit.ctl('set_permissions', user, '.*', '^$', '.*');
    const publisher = newPublisher({ url: url(`${user}:secret`) });
    await publisher.ready(5_000);
    expect(await publisher.publish(message('k', '1'))).to.equal('nacked');
    expect(await publisher.publish(message('k', '2'))).to.equal('nacked');
    expect(publisher.link).to.equal('connected');
    await rabbit.ctl('delete_user', user);
  });

  it('tells a virtual host that does not exist from a broker that cannot be reached', async () => {
    expect(await codeOf(newPublisher({ url: url('guest:guest', '/nowhere') }).ready(5_000))).to.equal(
      'BROKER_ACCESS_REFUSED',
    );
    const nobody = newPublisher({ url: 'amqp://guest:guest@127.0.0.1:1' });
    expect(await codeOf(nobody.ready(300))).to.equal('BROKER_UNREACHABLE');
    await proxy.close();
    proxy = await startTcpProxy({ port: rabbit.port });
    proxy.halfOpen();
    expect(await codeOf(newPublisher().ready(300))).to.equal('BROKER_UNREACHABLE');
  });

  it('keeps messages while a memory alarm blocks publishing, and acks go on', async function () {
    this.timeout(40_000);
    const broker = newBroker();
    await broker.declare(topology());
    await broker.ready(5_000);
    await broker.publish(message('k', 'before'));
    const words: string[] = [];
    broker.onLinkChanged(({ link }) => words.push(link));
    await rabbit.ctl('set_vm_memory_high_watermark', '0');
    try {
      // RabbitMQ says so to a connection only when it publishes after having heard of the alarm itself.
      const probe = { exchange: 'amq.topic', routingKey: uniqueName('probe'), content: '' };
      const isBlocked = () => {
        void broker.publish(probe, { whenDown: 'drop' });
        return broker.link === 'blocked';
      };
      await eventually(isBlocked, { deadlineMs: 10_000, what: 'link blocked' });
      expect(await broker.publish(message('k', 'second'))).to.equal('deferred');
      expect(await broker.publish(message('k', 'third'))).to.equal('deferred');
      expect(broker.replaced).to.equal(1);
      const deliveries = await collect(broker, queue, { prefetch: 1 });
      await eventually(() => deliveries.length === 1);
      await rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1GB');
      await isLink(broker, 'connected');
      await eventually(() => deliveries.length === 2);
      expect(deliveries.map(text)).to.deep.equal(['before', 'third']);
      expect(words).to.deep.equal(['blocked', 'connected']);
    } finally {
      await rabbit.ctl('set_vm_memory_high_watermark', 'absolute', '1GB');
    }
  });

  for (const isFirstRouted of [true, false]) {
    const [one, two] = isFirstRouted ? ['confirmed', 'unroutable'] : ['unroutable', 'confirmed'];
    it(`tells two equal messages in flight apart: first ${one}, then ${two}`, async () => {
      const publisher = newPublisher({ exchanges: [exchange] });
      await publisher.ready(5_000);
      await control.assertQueue(queue, { exclusive: true });
      if (isFirstRouted) await control.bindQueue(queue, exchange, '#');
      const witness = uniqueName('witness');
      await control.assertQueue(witness, { exclusive: true });
      await control.bindQueue(witness, exchange, 'seen');
      // Answers come late: the route changes while the first message is unconfirmed on our side.
      proxy.delay(300);
      const outcomes = [publisher.publish(message('k', 'same'))];
      const seen = publisher.publish(message('seen', ''));
      await eventually(async () => (await control.checkQueue(witness)).messageCount === 1);
      if (isFirstRouted) await control.unbindQueue(queue, exchange, '#');
      else await control.bindQueue(queue, exchange, '#');
      outcomes.push(publisher.publish(message('k', 'same')));
      expect(await Promise.all(outcomes)).to.deep.equal([one, two]);
      expect(await seen).to.equal('confirmed');
    });
  }

  it('refuses a message that AMQP cannot carry, once, also when a listener publishes on that', async () => {
    const publisher = newPublisher({ exchanges: [exchange] });
    await publisher.ready(5_000);
    const settled: string[] = [];
    publisher.onSettled(({ routingKey, content }, outcome) => {
      settled.push(`${content} ${outcome}`);
      if (routingKey.length > 255) void publisher.publish(message('short', '2'));
    });
    expect(await publisher.publish(message('x'.repeat(300), '1'))).to.equal('nacked');
    await eventually(() => settled.length === 2);
    expect(settled).to.deep.equal(['1 nacked', '2 unroutable']);
  });

  it('sends properties with delivery mode 2 and no other', async () => {
    const publisher = newPublisher({ exchanges: [exchange] });
    await publisher.ready(5_000);
    await control.assertQueue(queue, { exclusive: true });
    await control.bindQueue(queue, exchange, '#');
    await publisher.publish(message('k', '{"a": 1}'));
    const got = await control.get(queue, { noAck: true });
    if (got === false) throw new Error('nothing arrived');
    const set = Object.entries(got.properties).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(set)).to.deep.equal({ deliveryMode: 2, headers: {} });
  });

  it('shows its name on the broker, for publishing and consuming', async () => {
    const broker = newBroker({ name: 'vedette named' });
    await broker.ready(5_000);
    const worker = newPublisher({ name: 'vedette system:node-1' });
    await worker.ready(5_000);
    const properties = await rabbit.ctl('list_connections', 'client_properties');
    for (const name of ['vedette named', 'vedette named consumers', 'vedette system:node-1']) {
      expect(properties).to.contain(`"connection_name","${name}"`);
    }
  });

  it('is back with all it had after the broker was killed and started again', async function () {
    this.timeout(60_000);
    const broker = newBroker();
    await broker.declare(topology());
    await broker.ready(5_000);
    await broker.publish(message('k', 'stored'));
    await rabbit.kill();
    await isLink(broker, 'disconnected');
    expect(await broker.publish(message('k', 'kept'))).to.equal('deferred');
    const deliveries = await collect(broker, queue);
    await rabbit.start();
    await eventually(() => deliveries.length === 2, { deadlineMs: 15_000 });
    expect(deliveries.map(text)).to.deep.equal(['stored', 'kept']);
    await isLink(broker, 'connected');
  });
});

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.stack ?? ''}${String(error.cause)}` : '';
}
