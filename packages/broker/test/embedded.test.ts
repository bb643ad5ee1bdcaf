import { MessageChannel } from 'node:worker_threads';
import { expect } from 'chai';
import type { BrokerReply, BrokerRequest } from '@vedette/contract';
import { eventually } from '../../../test/support/eventually.js';
import { createBroker } from '../src/connect.js';
import { EmbeddedBroker } from '../src/embedded/embedded-broker.js';
import { EmbeddedClient } from '../src/embedded/embedded-client.js';
import { brokerContract, collect, text, codeOf } from './broker-contract.js';

describe('embedded broker', () => {
  brokerContract(() => {
    const broker = createBroker({ type: 'embedded', confirmTimeoutMs: 1_000 }, { name: 'test' });
    return Promise.resolve({ broker, end: () => broker.close() });
  });

  it('refuses a queue argument it could not honour', async () => {
    const broker = new EmbeddedBroker();
    const queue = { name: 'q', bindings: [], arguments: { 'x-message-ttl': 5 } };
    expect(await codeOf(broker.declare({ exchanges: [], queues: [queue] }))).to.equal(
      'BROKER_TOPOLOGY_REFUSED',
    );
    await broker.close();
  });

  it('counts only waiting messages against a length limit', async () => {
    const broker = new EmbeddedBroker();
    const queue = {
      name: 'q',
      bindings: [{ exchange: 'e', pattern: '#' }],
      arguments: { 'x-max-length': 1 },
    };
    await broker.declare({ exchanges: ['e'], queues: [queue] });
    const deliveries = await collect(broker, 'q', { prefetch: 2, isHeld: true });
    for (const content of ['1', '2', '3', '4'])
      await broker.publish({ exchange: 'e', routingKey: 'k', content });
    await eventually(() => deliveries.length === 2);
    for (const delivery of [...deliveries]) delivery.ack();
    await eventually(() => deliveries.length === 3);
    expect(deliveries.map(text)).to.deep.equal(['1', '2', '4']);
    await broker.close();
  });

  it('hands a second consumer only what an exclusive one leaves: nothing', async () => {
    const broker = new EmbeddedBroker();
    await broker.declare({ exchanges: [], queues: [{ name: 'q', bindings: [] }] });
    await broker.consume('q', { prefetch: 1, isExclusive: true }, () => undefined);
    const second = broker.consume('q', { prefetch: 1 }, () => undefined);
    expect(await codeOf(second)).to.equal('BROKER_TOPOLOGY_REFUSED');
    await broker.close();
  });

  it('delivers later than the publish that caused it, so that a handler never runs inside a publish', async () => {
    const broker = new EmbeddedBroker();
    await broker.declare({
      exchanges: ['e'],
      queues: [{ name: 'q', bindings: [{ exchange: 'e', pattern: '#' }] }],
    });
    const order: string[] = [];
    await broker.consume('q', { prefetch: 0, autoAck: true }, () => order.push('delivered'));
    const published = broker.publish({ exchange: 'e', routingKey: 'k', content: '' });
    order.push('published');
    await published;
    await eventually(() => order.length === 2);
    expect(order).to.deep.equal(['published', 'delivered']);
    await broker.close();
  });
});

describe('embedded client', () => {
  it('publishes over a port to the embedded broker and settles with its outcome', async () => {
    const broker = new EmbeddedBroker();
    await broker.declare({
      exchanges: ['e'],
      queues: [{ name: 'q', bindings: [{ exchange: 'e', pattern: 'a' }] }],
    });
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (request: BrokerRequest) => {
      void broker.handle(request).then((reply) => port1.postMessage(reply));
    });
    const client = new EmbeddedClient({
      post: (request) => port2.postMessage(request),
      confirmTimeoutMs: 5_000,
    });
    port2.on('message', (reply: BrokerReply) => client.receive(reply));
    const settled: string[] = [];
    client.onSettled((message, outcome) => settled.push(`${message.routingKey} ${outcome}`));

    const outcomes = await Promise.all([
      client.publish({ exchange: 'e', routingKey: 'a', content: '1' }, { headers: { n: 1 } }),
      client.publish({ exchange: 'e', routingKey: 'b', content: '2' }),
    ]);
    expect(outcomes).to.deep.equal(['confirmed', 'unroutable']);
    expect(settled).to.deep.equal(['a confirmed', 'b unroutable']);
    const deliveries = await collect(broker, 'q');
    expect((await eventually(() => deliveries[0])).headers).to.deep.equal({ n: 1 });

    await client.close();
    expect(client.link).to.equal('closed');
    expect(await client.publish({ exchange: 'e', routingKey: 'a', content: '' })).to.equal('dropped');
    port1.close();
    await broker.close();
  });

  it('settles as timeout when the host does not answer, and ignores a late answer', async () => {
    const client = new EmbeddedClient({ post: () => undefined, confirmTimeoutMs: 20 });
    expect(await client.publish({ exchange: 'e', routingKey: 'a', content: '' })).to.equal('timeout');
    client.receive({ id: 1, outcome: 'confirmed' });
    await client.close();
  });

  it('settles as dropped when its port is closed', async () => {
    const client = new EmbeddedClient({
      post: () => {
        throw new Error('closed');
      },
    });
    expect(await client.publish({ exchange: 'e', routingKey: 'a', content: '' })).to.equal('dropped');
    await client.close();
  });

  it('closes by its deadline although an answer is outstanding', async () => {
    const client = new EmbeddedClient({ post: () => undefined });
    const outcome = client.publish({ exchange: 'e', routingKey: 'a', content: '' });
    await client.close(20);
    expect(await outcome).to.equal('timeout');
  });
});
