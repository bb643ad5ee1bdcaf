/** Several publishers over one connection to a real RabbitMQ, each as if it had the connection to itself. */
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { expect } from 'chai';
import type { LinkWord, WireMessage } from '@vedette/contract';
import { eventually } from '../../../test/support/eventually.js';
import { sharedRabbit, type Rabbit } from '../../../test/support/rabbitmq.js';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { AmqpPublisher } from '../src/amqp/amqp-publisher.js';
import { AmqpSharedLink } from '../src/amqp/amqp-shared-link.js';
import { uniqueName } from './broker-contract.js';

describe('a connection that publishers share', function () {
  this.timeout(30_000);
  let rabbit: Rabbit;
  let proxy: TcpProxy;
  let admin: ChannelModel;
  let control: Channel;
  let exchange: string;
  let queue: string;
  let link: AmqpSharedLink;
  const open: AmqpPublisher[] = [];

  before(async function () {
    this.timeout(60_000);
    rabbit = await sharedRabbit();
  });
  beforeEach(async () => {
    proxy = await startTcpProxy({ port: rabbit.port });
    admin = await connect(rabbit.url, { noDelay: true });
    control = await admin.createChannel();
    exchange = uniqueName('exchange');
    ({ queue } = await control.assertQueue('', { exclusive: true }));
    await control.assertExchange(exchange, 'topic', { durable: true });
    await control.bindQueue(queue, exchange, '#');
    link = new AmqpSharedLink({ ...options(), name: 'shared by a test' });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((publisher) => publisher.close(500)));
    await control.deleteExchange(exchange);
    await proxy.close();
    await admin.close();
  });

  const options = () => ({
    url: `amqp://guest:guest@127.0.0.1:${proxy.port}`,
    name: 'one of several',
    random: () => 0.1,
  });
  const join = (): AmqpPublisher => {
    const publisher = new AmqpPublisher({
      ...options(),
      exchanges: [exchange],
      confirmTimeoutMs: 5_000,
      linkFor: (hooks) => link.join(hooks),
    });
    open.push(publisher);
    return publisher;
  };
  const message = (content: string, to = exchange): WireMessage => ({
    exchange: to,
    routingKey: 'k',
    content,
  });
  const areAll = (publishers: readonly AmqpPublisher[], word: LinkWord): Promise<unknown> =>
    eventually(() => publishers.every((one) => one.link === word), { what: word, deadlineMs: 10_000 });
  const received = async (): Promise<string[]> => {
    const texts: string[] = [];
    for (let got = await control.get(queue, { noAck: true }); got !== false;) {
      texts.push(got.content.toString());
      got = await control.get(queue, { noAck: true });
    }
    return texts;
  };

  it('confirms to each what it sent, also to one that comes later', async () => {
    const early = [join(), join(), join()];
    await areAll(early, 'connected');
    const late = join();
    expect(late.link).to.equal('connecting');
    await areAll([late], 'connected');
    const all = [...early, late];
    const outcomes = await Promise.all(all.map((one, index) => one.publish(message(String(index)))));
    expect(outcomes).to.deep.equal(['confirmed', 'confirmed', 'confirmed', 'confirmed']);
    expect((await received()).sort()).to.deep.equal(['0', '1', '2', '3']);
  });

  it('lets no bad publish of one harm another', async () => {
    const [bad, good] = [join(), join()];
    await areAll([bad, good], 'connected');
    const words: LinkWord[] = [];
    good.onLinkChanged(({ link: word }) => words.push(word));
    const [lost, fine] = await Promise.all([
      bad.publish(message('x', uniqueName('missing'))),
      good.publish(message('y')),
    ]);
    expect([lost, fine]).to.deep.equal(['unroutable', 'confirmed']);
    expect(await bad.publish(message('z'))).to.equal('confirmed');
    expect(words).to.deep.equal([]);
  });

  it('keeps the newest of each while the connection is away, and sends it when it is back', async () => {
    const pair = [join(), join()] as const;
    await areAll(pair, 'connected');
    proxy.refuse();
    await areAll(pair, 'disconnected');
    for (const [index, one] of pair.entries()) {
      for (const text of ['old', 'new']) {
        const options = { whenDown: 'keep-newest', key: `${index}` } as const;
        expect(await one.publish(message(`${text} ${index}`), options)).to.equal('deferred');
      }
      expect(one.replaced).to.equal(1);
    }
    const late = join();
    proxy.heal();
    await areAll([...pair, late], 'connected');
    let texts: string[] = [];
    await eventually(
      async () => {
        texts = [...texts, ...(await received())];
        return texts.length === 2;
      },
      { what: 'both newest' },
    );
    expect(texts.sort()).to.deep.equal(['new 0', 'new 1']);
  });

  it('is closed by the last that leaves, and not by one before', async () => {
    const [first, last] = [join(), join()];
    await areAll([first, last], 'connected');
    await first.close(500);
    expect(first.link).to.equal('closed');
    expect(link.isClosed).to.equal(false);
    expect(await last.publish(message('still here'))).to.equal('confirmed');
    await last.close(500);
    expect(link.isClosed).to.equal(true);
  });
});
