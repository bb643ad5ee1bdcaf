import { connect, type ChannelModel } from 'amqplib';
import { testAmqpUrl } from '../../../test/support/rabbitmq.js';
import { createBroker, parseBrokerUrl } from '../src/index.js';
import { brokerContract } from './broker-contract.js';

describe('RabbitMQ broker', () => {
  let admin: ChannelModel;
  let url: string;

  before(async function () {
    this.timeout(60_000);
    url = await testAmqpUrl();
    admin = await connect(url, { noDelay: true });
  });
  after(() => admin.close());

  brokerContract(() => {
    const broker = createBroker(parseBrokerUrl(url), { name: 'vedette contract test' });
    return Promise.resolve({
      broker,
      end: async (exchanges, queues) => {
        await broker.close();
        const channel = await admin.createChannel();
        for (const name of queues) await channel.deleteQueue(name);
        for (const name of exchanges) await channel.deleteExchange(name);
        await channel.close();
      },
    });
  });
});
