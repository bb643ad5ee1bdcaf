/** Whether a broker is as expected, asked of a real one. */
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { expect } from 'chai';
import { isVedetteError } from '@vedette/contract';
import { startRabbit, type Rabbit } from '../../../test/support/rabbitmq.js';
import { inspectBroker, type BrokerInspection, type Topology } from '../src/index.js';

const TOPOLOGY: Topology = {
  exchanges: ['good', 'missing', 'direct'],
  queues: [
    { name: 'read', bindings: [{ exchange: 'good', pattern: 'a' }] },
    { name: 'transient', bindings: [] },
    { name: 'absent', bindings: [] },
  ],
};

describe('inspectBroker', function () {
  this.timeout(90_000);
  let rabbit: Rabbit;
  let model: ChannelModel;
  let channel: Channel;
  const look = (url = rabbit.url, deadlineMs = 20_000): Promise<BrokerInspection> =>
    inspectBroker({ url, name: 'test', topology: TOPOLOGY, deadlineMs });
  const codeOf = (error: unknown): string => (isVedetteError(error) ? error.code : String(error));

  before(async () => {
    rabbit = await startRabbit();
    model = await connect(rabbit.url);
    model.on('error', () => undefined);
    channel = await model.createChannel();
    await channel.assertExchange('good', 'topic', { durable: true });
    await channel.assertExchange('direct', 'direct', { durable: true });
    await channel.assertQueue('read', { durable: true });
    await channel.bindQueue('read', 'good', 'a');
    await channel.assertQueue('transient', { durable: false, autoDelete: true });
    channel.sendToQueue('read', Buffer.from('x'));
  });
  after(async () => {
    await model.close();
    await rabbit.stop();
  });

  it('tells what fits, is missing and differs, who reads and what waits, and leaves all as it was', async () => {
    await channel.consume('transient', () => undefined);
    const { exchanges, queues } = await look();
    expect(exchanges.map(({ name, state }) => [name, state])).to.deep.equal([
      ['good', 'fits'],
      ['missing', 'missing'],
      ['direct', 'differs'],
    ]);
    expect(exchanges[2]?.reason).to.include('PRECONDITION');
    expect(
      queues.map(({ name, state, messages, consumers }) => [name, state, messages, consumers]),
    ).to.deep.equal([
      ['read', 'fits', 1, 0],
      ['transient', 'differs', 0, 1],
      ['absent', 'missing', null, null],
    ]);
    expect(await rabbit.ctl('list_exchanges', 'name')).to.not.include('missing');
    expect(await rabbit.ctl('list_queues', 'name', 'messages_ready'))
      .to.match(/^read\s+1$/m)
      .and.not.include('absent');
    expect(await rabbit.ctl('list_bindings')).to.not.include('doctor');
  });

  it('tells what the user may not do', async () => {
    await rabbit.ctl('add_user', 'reader', 'secret-of-the-reader');
    await rabbit.ctl('set_permissions', 'reader', '^(good|read)$', '^$', '.*');
    const url = rabbit.url.replace('guest:guest', 'reader:secret-of-the-reader');
    const { exchanges, queues } = await look(url);
    // Configured, but not written to.
    expect([exchanges[0]?.state, queues[0]?.state]).to.deep.equal(['forbidden', 'forbidden']);
    expect(exchanges[0]?.reason).to.match(/403|ACCESS_REFUSED/);
    expect(JSON.stringify([exchanges, queues])).to.not.include('secret-of');
  });

  it('rejects with why: wrong password, nobody there, no answer by the deadline', async () => {
    const wrong = await look(rabbit.url.replace('guest:guest', 'guest:wrong')).catch(codeOf);
    expect(wrong).to.equal('BROKER_ACCESS_REFUSED');
    expect(await look('amqp://127.0.0.1:1').catch(codeOf)).to.equal('BROKER_UNREACHABLE');
    expect(await look('http://x').catch(codeOf)).to.equal('BROKER_BAD_URL');
    rabbit.freeze();
    try {
      expect(await look(rabbit.url, 500).catch(codeOf)).to.match(/^BROKER_(UNREACHABLE|CONNECTION_LOST)$/);
    } finally {
      rabbit.thaw();
    }
  });
});
