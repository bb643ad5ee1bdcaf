/** The built worker entry with a connection of its own to a real RabbitMQ. */
import { connect, type ChannelModel } from 'amqplib';
import { expect } from 'chai';
import { eventually } from '../../../../test/support/eventually.js';
import { testAmqpUrl } from '../../../../test/support/rabbitmq.js';
import { endWorkers, TestWorker } from '../support/test-worker.js';

describe('worker entry on RabbitMQ', function () {
  this.timeout(60_000);
  let url: string;
  let model: ChannelModel;

  before(async () => {
    url = await testAmqpUrl();
    model = await connect(url, { noDelay: true });
  });
  afterEach(endWorkers);
  after(() => model.close());

  it('publishes raw data and heartbeat over a connection of its own, and closes it at the stop', async () => {
    const channel = await model.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const received: [key: string, body: unknown, persistent: unknown][] = [];
    for (const exchange of ['raw_data', 'health_check']) {
      await channel.assertExchange(exchange, 'topic', { durable: true });
      await channel.bindQueue(queue, exchange, '#');
    }
    await channel.consume(queue, (message) => {
      if (message === null) return;
      const { fields, properties, content } = message;
      received.push([fields.routingKey, JSON.parse(content.toString()), properties.deliveryMode]);
    });
    const worker = new TestWorker('count', {
      broker: { type: 'amqp', url, heartbeatSeconds: 10, confirmTimeoutMs: 5_000 },
      echo: true,
    });
    await eventually(() => worker.of('link-changed').some(({ link }) => link === 'connected'));
    await eventually(() => received.some(([key]) => key === 'heartbeat.worker'));
    const [data] = received;
    expect(data?.[0]).to.equal('test');
    expect(data?.[1]).to.have.property('n');
    expect(data?.[2]).to.equal(2);
    const heartbeat = received.find(([key]) => key === 'heartbeat.worker')?.[1];
    expect(heartbeat).to.have.all.keys('component_name', 'is_alive', 'timestamp');
    await eventually(() => worker.of('published').some(({ outcome }) => outcome === 'confirmed'));
    worker.send({ type: 'stop' });
    expect(await worker.exited).to.equal(0);
    expect(worker.messages.at(-1)).to.deep.equal({ type: 'stopped' });
    await channel.close();
  });
});
