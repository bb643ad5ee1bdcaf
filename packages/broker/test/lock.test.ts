import { expect } from 'chai';
import { eventually } from '../../../test/support/eventually.js';
import { sharedRabbit, startRabbit, type Rabbit } from '../../../test/support/rabbitmq.js';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { AmqpBroker, EmbeddedBroker } from '../src/index.js';
import { collect, text, uniqueName } from './broker-contract.js';

describe('lock on RabbitMQ', () => {
  let rabbit: Rabbit;
  let proxy: TcpProxy;
  let name: string;
  const open: { close(): Promise<void> }[] = [];

  before(async function () {
    this.timeout(60_000);
    rabbit = await sharedRabbit();
  });
  beforeEach(async () => {
    proxy = await startTcpProxy({ port: rabbit.port });
    name = uniqueName('lock');
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await proxy.close();
  });

  const client = async (port = rabbit.port): Promise<AmqpBroker> => {
    const broker = new AmqpBroker({ url: `amqp://guest:guest@127.0.0.1:${port}`, name: 'lock test' });
    open.push(broker);
    await broker.ready(5_000);
    return broker;
  };
  const withQueue = async (broker: AmqpBroker, queue: string): Promise<void> => {
    await broker.declare({
      exchanges: [],
      queues: [{ name: queue, bindings: [], arguments: { 'x-expires': 60_000 } }],
    });
  };
  const send = async (broker: AmqpBroker, queue: string, content: string): Promise<void> => {
    expect(await broker.publish({ exchange: '', routingKey: queue, content })).to.equal('confirmed');
  };

  it('is held by one client and taken for every other, until it is released', async () => {
    const [one, two] = [await client(), await client()];
    expect(await one.lock(name).look()).to.equal('free');
    expect(await one.lock(name).take()).to.equal('held');
    expect(await two.lock(name).take()).to.equal('taken');
    expect(two.lock(name).error).to.equal(null);
    expect(await two.lock(name).look()).to.equal('taken');
    expect(await one.lock(name).take()).to.equal('held');
    await one.lock(name).release();
    expect(await two.lock(name).look()).to.equal('free');
    expect(await two.lock(name).take()).to.equal('held');
    expect(two.lock(name).word).to.equal('held');
  });

  it('is free as soon as its holder is gone', async () => {
    const [one, two] = [await client(), await client()];
    await one.lock(name).take();
    await one.close();
    await eventually(async () => (await two.lock(name).look()) === 'free');
    expect(await two.lock(name).take()).to.equal('held');
  });

  it('tells why where another than a holder is the reason', async () => {
    const user = name.replaceAll('_', '-');
    await rabbit.ctl('add_user', user, 'secret');
    await rabbit.ctl('set_permissions', user, '^$', '.*', '.*');
    const url = `amqp://${user}:secret@127.0.0.1:${rabbit.port}`;
    const one = new AmqpBroker({ url, name: 'lock test' });
    open.push(one);
    await one.ready(5_000);
    expect(await one.lock(name).take()).to.equal('taken');
    expect(one.lock(name).error?.code).to.equal('BROKER_ACCESS_REFUSED');
    await rabbit.ctl('delete_user', user);
  });

  it('lets nothing be consumed while it is asked for and not held', async () => {
    const [one, two] = [await client(), await client()];
    const queue = uniqueName('gated');
    await one.lock(name).take();
    await two.lock(name).take();
    await withQueue(two, queue);
    const deliveries = await collect(two, queue);
    expect(await two.consumersOf(queue)).to.equal(0);
    await send(one, queue, 'waits');
    await one.lock(name).release();
    expect(await two.lock(name).take()).to.equal('held');
    await eventually(() => deliveries.length === 1);
    expect(deliveries.map(text)).to.deep.equal(['waits']);
    expect(await one.consumersOf(queue)).to.equal(1);
    expect(await one.consumersOf(uniqueName('none'))).to.equal(null);
  });

  it('is asked for again after a reconnect, before anything is consumed', async () => {
    const one = await client(proxy.port);
    const queue = uniqueName('again');
    await one.lock(name).take();
    await withQueue(one, queue);
    const deliveries = await collect(one, queue);
    const words: string[] = [];
    one.lock(name).onChanged((word) => words.push(word));
    proxy.cut();
    await eventually(() => words.includes('held'));
    expect(words).to.deep.equal(['unknown', 'held']);
    const two = await client();
    expect(await two.lock(name).take()).to.equal('taken');
    await eventually(async () => (await two.consumersOf(queue)) === 1);
    await send(two, queue, 'after');
    await eventually(() => deliveries.length === 1);
  });

  it('stops the loser from consuming when another took it while its link was down', async () => {
    const one = await client(proxy.port);
    const two = await client();
    const queue = uniqueName('loser');
    await withQueue(two, queue);
    await one.lock(name).take();
    const mine = await collect(one, queue);
    const words: string[] = [];
    one.lock(name).onChanged((word) => words.push(word));
    proxy.refuse();
    await eventually(async () => (await two.lock(name).take()) === 'held');
    const theirs = await collect(two, queue);
    proxy.heal();
    await eventually(() => words.at(-1) === 'taken');
    await eventually(() => one.link === 'connected');
    expect(await two.consumersOf(queue)).to.equal(1);
    for (const content of ['a', 'b', 'c', 'd']) await send(two, queue, content);
    await eventually(() => theirs.length === 4);
    expect(mine).to.have.length(0);
  });

  it('is asked for again when somebody deletes its queue', async () => {
    const one = await client();
    await one.lock(name).take();
    const words: string[] = [];
    one.lock(name).onChanged((word) => words.push(word));
    await rabbit.ctl('delete_queue', name);
    await eventually(() => words.includes('held'), { deadlineMs: 10_000 });
    expect(words).to.deep.equal(['unknown', 'held']);
  });

  it('goes to exactly one of two that race for it after the restart of the broker', async function () {
    this.timeout(90_000);
    const own = await startRabbit();
    open.push({ close: () => own.stop() });
    const [one, two] = [await client(own.port), await client(own.port)];
    await one.lock(name).take();
    await two.lock(name).take();
    await own.kill();
    await eventually(() => one.link !== 'connected' && two.link !== 'connected');
    await own.start();
    const words = (): string[] => [one.lock(name).word, two.lock(name).word].sort();
    await eventually(() => !words().includes('unknown'), { deadlineMs: 20_000 });
    expect(words()).to.deep.equal(['held', 'taken']);
    await one.close();
    await two.close();
  });
});

describe('lock on the embedded broker', () => {
  it('is held at once: nobody else can reach that broker', async () => {
    const broker = new EmbeddedBroker();
    expect(broker.lock('any').word).to.equal('held');
    expect(await broker.lock('any').look()).to.equal('free');
    expect(await broker.lock('any').take()).to.equal('held');
    await broker.lock('any').release();
    expect(await broker.consumersOf('none')).to.equal(null);
    await broker.close();
  });
});
