/** What every Broker must do, told by what a caller can see. Run by amqp.test.ts and embedded.test.ts. */
import { expect } from 'chai';
import { isVedetteError, type PublishOutcome, type WireMessage } from '@vedette/contract';
import { eventually } from '../../../test/support/eventually.js';
import type { Broker, ConsumeOptions, Delivery } from '../src/broker.js';

export interface BrokerUnderTest {
  readonly broker: Broker;
  /** Closes the broker and deletes what the test declared, where it would stay. */
  end(exchanges: readonly string[], queues: readonly string[]): Promise<void>;
}

let serial = 0;

/** A name no other test uses, also on a broker shared with other runs. */
export function uniqueName(word: string): string {
  serial += 1;
  return `vedette_test_${word}_${process.pid}_${serial}`;
}

/** Consumes and keeps what comes; acknowledges at once unless told otherwise. */
export async function collect(
  broker: Broker,
  queue: string,
  options: Partial<ConsumeOptions> & { isHeld?: boolean } = {},
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  const { isHeld = false, ...consume } = options;
  await broker.consume(queue, { prefetch: 0, ...consume }, (delivery) => {
    deliveries.push(delivery);
    if (!isHeld) delivery.ack();
  });
  return deliveries;
}

export const text = (delivery: Delivery): string => delivery.content.toString('utf8');

/** The code a promise rejected with, or `none`. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return isVedetteError(error) ? error.code : `not coded: ${String(error)}`;
  }
}

export function brokerContract(create: () => Promise<BrokerUnderTest>): void {
  let subject: BrokerUnderTest;
  let broker: Broker;
  let exchange: string;
  let queue: string;
  const exchanges: string[] = [];
  const queues: string[] = [];

  beforeEach(async () => {
    subject = await create();
    broker = subject.broker;
    await broker.ready(5_000);
    exchanges.push((exchange = uniqueName('exchange')));
    queues.push((queue = uniqueName('queue')));
  });

  afterEach(async () => {
    await subject.end(exchanges.splice(0), queues.splice(0));
  });

  const declare = (...patterns: string[]) =>
    broker.declare({
      exchanges: [exchange],
      queues: [{ name: queue, bindings: patterns.map((pattern) => ({ exchange, pattern })) }],
    });
  const message = (routingKey: string, content = '{}'): WireMessage => ({ exchange, routingKey, content });
  const publish = (routingKey: string, content?: string): Promise<PublishOutcome> =>
    broker.publish(message(routingKey, content));

  it('is connected when ready', () => {
    expect(broker.link).to.equal('connected');
    expect(broker.replaced).to.equal(0);
  });

  const routes: readonly (readonly [pattern: string, key: string, isRouted: boolean])[] = [
    ['ping', 'ping', true],
    ['ping', 'pong', false],
    ['ping', 'Ping', false],
    ['chains.*.*.nodes_config', 'chains.cosmos.regen.nodes_config', true],
    ['chains.*.*.nodes_config', 'chains.cosmos.nodes_config', false],
    ['chains.*.*.nodes_config', 'chains.cosmos.regen.x.nodes_config', false],
    ['*', 'one', true],
    ['*', 'one.two', false],
    ['#', 'any.thing.at.all', true],
    ['#', '', true],
    ['a.#', 'a', true],
    ['a.#', 'a.b.c', true],
    ['a.#', 'ab', false],
    ['#.z', 'z', true],
    ['#.z', 'x.y.z', true],
    ['a.#.z', 'a.z', true],
    ['a.#.z', 'a.b.c.z', true],
    ['a.*.#', 'a', false],
  ];
  it('routes by topic pattern with * and #, and says unroutable where nothing matches', async () => {
    await broker.declare({ exchanges: [exchange], queues: [] });
    for (const [pattern, key, isRouted] of routes) {
      const name = uniqueName('route');
      queues.push(name);
      await broker.declare({
        exchanges: [],
        queues: [{ name, bindings: [{ exchange, pattern }], autoDelete: true }],
      });
      expect(await publish(key), `${pattern} ← "${key}"`).to.equal(isRouted ? 'confirmed' : 'unroutable');
      // Its last consumer gone, the queue goes too, and the next pattern stands alone.
      const gone = await broker.consume(name, { prefetch: 0, autoAck: true }, () => undefined);
      await gone.cancel();
    }
  });

  it('delivers body, routing key, exchange and headers as published', async () => {
    await declare('#');
    const body = '{"näme": "ключ 🦉", "value": 26.0}';
    await broker.publish(message('k.1', body), { headers: { reason: 'bad', count: 3, isFinal: true } });
    const deliveries = await collect(broker, queue);
    const delivery = await eventually(() => deliveries[0]);
    expect(text(delivery)).to.equal(body);
    expect(delivery).to.include({ exchange, routingKey: 'k.1', isRedelivered: false });
    expect(delivery.headers).to.deep.equal({ reason: 'bad', count: 3, isFinal: true });
  });

  it('delivers a message once to a queue that matches by several bindings', async () => {
    await declare('a.*', '*.b', '#');
    await publish('a.b', '1');
    await publish('a.b', '2');
    const deliveries = await collect(broker, queue);
    await eventually(() => deliveries.length >= 2);
    expect(deliveries.map(text)).to.deep.equal(['1', '2']);
  });

  it('copies a message into each queue that matches', async () => {
    const other = uniqueName('queue');
    queues.push(other);
    await declare('a.*');
    await broker.declare({
      exchanges: [],
      queues: [{ name: other, bindings: [{ exchange, pattern: '*.b' }] }],
    });
    await publish('a.b', 'both');
    const [one, two] = [await collect(broker, queue), await collect(broker, other)];
    await eventually(() => one.length === 1 && two.length === 1);
  });

  it('keeps the order of one queue over 2,000 messages', async () => {
    await declare('#');
    const deliveries = await collect(broker, queue, { prefetch: 50 });
    const bodies = Array.from({ length: 2_000 }, (_, index) => String(index));
    const outcomes = await Promise.all(bodies.map((body) => publish('k', body)));
    expect(new Set(outcomes)).to.deep.equal(new Set(['confirmed']));
    await eventually(() => deliveries.length >= bodies.length);
    expect(deliveries.map(text)).to.deep.equal(bodies);
  });

  it('settles 1,000 concurrent publishes of one routing key and body by their own route', async () => {
    const unbound = uniqueName('exchange');
    exchanges.push(unbound);
    await declare('#');
    await broker.declare({ exchanges: [unbound], queues: [] });
    const targets = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? exchange : unbound));
    const outcomes = await Promise.all(
      targets.map((target) => broker.publish({ exchange: target, routingKey: 'k', content: 'same' })),
    );
    expect(outcomes).to.deep.equal(
      targets.map((target) => (target === exchange ? 'confirmed' : 'unroutable')),
    );
  });

  it('says unroutable for an exchange that does not exist, and goes on', async () => {
    await declare('#');
    const missing = { exchange: uniqueName('missing'), routingKey: 'k', content: '{}' };
    const outcomes = await Promise.all([publish('k', '1'), broker.publish(missing), publish('k', '2')]);
    expect(outcomes).to.deep.equal(['confirmed', 'unroutable', 'confirmed']);
    const deliveries = await collect(broker, queue);
    await eventually(() => deliveries.length >= 2);
    expect(deliveries.map(text)).to.include.members(['1', '2']);
  });

  it('reports every settled publish to listeners, until they unsubscribe', async () => {
    await declare('a');
    const seen: string[] = [];
    const stop = broker.onSettled((settled, outcome) => seen.push(`${settled.routingKey} ${outcome}`));
    await publish('a');
    await publish('b');
    stop();
    await publish('a');
    expect(seen).to.deep.equal(['a confirmed', 'b unroutable']);
  });

  it('honours prefetch: no more unacknowledged deliveries than asked for', async () => {
    await declare('#');
    await Promise.all(['1', '2', '3', '4', '5'].map((body) => publish('k', body)));
    const deliveries = await collect(broker, queue, { prefetch: 2, isHeld: true });
    await eventually(() => deliveries.length === 2);
    // A second queue of the same broker answers while the first one waits.
    const probe = uniqueName('queue');
    queues.push(probe);
    await broker.declare({
      exchanges: [],
      queues: [{ name: probe, bindings: [{ exchange, pattern: 'p' }] }],
    });
    const probes = await collect(broker, probe);
    await publish('p');
    await eventually(() => probes.length === 1);
    expect(deliveries.map(text)).to.deep.equal(['1', '2']);
    deliveries[0]?.ack();
    await eventually(() => deliveries.length === 3);
    expect(deliveries.map(text)).to.deep.equal(['1', '2', '3']);
  });

  it('delivers a requeued message again, first in line and marked as redelivered', async () => {
    await declare('#');
    await publish('k', '1');
    await publish('k', '2');
    const deliveries = await collect(broker, queue, { prefetch: 1, isHeld: true });
    (await eventually(() => deliveries[0])).requeue();
    const again = await eventually(() => deliveries[1]);
    expect([text(again), again.isRedelivered]).to.deep.equal(['1', true]);
    again.ack();
    const next = await eventually(() => deliveries[2]);
    expect([text(next), next.isRedelivered]).to.deep.equal(['2', false]);
  });

  it('ignores a second settlement of one delivery', async () => {
    await declare('#');
    await publish('k', '1');
    const deliveries = await collect(broker, queue, { prefetch: 1, isHeld: true });
    const first = await eventually(() => deliveries[0]);
    first.ack();
    first.requeue();
    first.ack();
    await publish('k', '2');
    expect(text(await eventually(() => deliveries[1]))).to.equal('2');
    expect(broker.link).to.equal('connected');
  });

  it('needs no ack where acks are automatic', async () => {
    await declare('#');
    const deliveries = await collect(broker, queue, { prefetch: 1, autoAck: true, isHeld: true });
    await Promise.all(['1', '2', '3'].map((body) => publish('k', body)));
    await eventually(() => deliveries.length === 3);
    deliveries[0]?.ack();
    deliveries[1]?.requeue();
    await publish('k', '4');
    await eventually(() => deliveries.length === 4);
    expect(deliveries.map(text)).to.deep.equal(['1', '2', '3', '4']);
  });

  it('stops deliveries on cancel and leaves what is unacknowledged to be settled', async () => {
    await declare('#');
    await publish('k', '1');
    const held: Delivery[] = [];
    const subscription = await broker.consume(queue, { prefetch: 1 }, (delivery) => held.push(delivery));
    const first = await eventually(() => held[0]);
    await subscription.cancel();
    await subscription.cancel();
    await publish('k', '2');
    first.requeue();
    const later = await collect(broker, queue);
    await eventually(() => later.length === 2);
    expect(later.map(text)).to.deep.equal(['1', '2']);
    expect(held).to.have.length(1);
  });

  it('declares the same topology again without effect', async () => {
    await declare('#');
    await publish('k', 'kept');
    await declare('#');
    await declare('#');
    const deliveries = await collect(broker, queue);
    await publish('k', 'new');
    await eventually(() => deliveries.length >= 2);
    expect(deliveries.map(text)).to.deep.equal(['kept', 'new']);
  });

  it('refuses a queue that exists with other arguments, names it, and stays usable', async () => {
    await declare('#');
    const other = { name: queue, bindings: [], arguments: { 'x-max-length': 5 } };
    const refusal = broker.declare({ exchanges: [], queues: [other] });
    expect(await codeOf(refusal)).to.equal('BROKER_TOPOLOGY_REFUSED');
    await refusal.catch((error: unknown) => expect(String(error)).to.contain(queue));
    expect(await publish('k')).to.equal('confirmed');
    expect(broker.link).to.equal('connected');
  });

  it('refuses a binding to an exchange that does not exist', async () => {
    const bindings = [{ exchange: uniqueName('missing'), pattern: '#' }];
    const refusal = broker.declare({ exchanges: [], queues: [{ name: queue, bindings }] });
    expect(await codeOf(refusal)).to.equal('BROKER_TOPOLOGY_REFUSED');
  });

  it('refuses a consumer of a queue that does not exist', async () => {
    const refusal = broker.consume(uniqueName('missing'), { prefetch: 1 }, () => undefined);
    expect(await codeOf(refusal)).to.equal('BROKER_TOPOLOGY_REFUSED');
    expect(broker.link).to.equal('connected');
  });

  it('keeps the newest messages of a queue with a length limit', async () => {
    const limited = { name: queue, bindings: [{ exchange, pattern: '#' }], arguments: { 'x-max-length': 3 } };
    await broker.declare({ exchanges: [exchange], queues: [limited] });
    for (const body of ['1', '2', '3', '4', '5']) expect(await publish('k', body)).to.equal('confirmed');
    const deliveries = await collect(broker, queue);
    await eventually(() => deliveries.length >= 3);
    expect(deliveries.map(text)).to.deep.equal(['3', '4', '5']);
  });

  it('carries a body of a megabyte, an empty one, and one with a broken surrogate', async () => {
    await declare('#');
    const bodies = ['x'.repeat(1024 * 1024), '', 'broken \ud800 half'];
    for (const body of bodies) expect(await publish('k', body)).to.equal('confirmed');
    expect(
      await broker.publish({ exchange: '', routingKey: uniqueName('none'), content: bodies[2] ?? '' }),
    ).to.equal('unroutable');
    const deliveries = await collect(broker, queue);
    await eventually(() => deliveries.length === 3);
    expect(deliveries.map(text)).to.deep.equal(bodies.map((body) => Buffer.from(body).toString()));
  });

  it('survives a handler that throws', async () => {
    await declare('#');
    const seen: string[] = [];
    await broker.consume(queue, { prefetch: 0 }, (delivery) => {
      seen.push(text(delivery));
      if (seen.length === 1) throw new Error('thrown by the test');
      delivery.ack();
    });
    await publish('k', '1');
    await publish('k', '2');
    await eventually(() => seen.length === 2);
    expect(broker.link).to.equal('connected');
  });

  it('closes once however often it is asked, says so, and drops later publishes', async () => {
    await declare('#');
    const words: string[] = [];
    broker.onLinkChanged(({ link }) => words.push(link));
    const last = publish('k', 'last');
    await Promise.all([broker.close(), broker.close()]);
    await broker.close();
    expect(await last).to.equal('confirmed');
    expect(broker.link).to.equal('closed');
    expect(words).to.deep.equal(['closed']);
    expect(await publish('k')).to.equal('dropped');
    expect(await codeOf(broker.ready(100))).to.equal('BROKER_CLOSED');
  });
}
