/** Confirmed messages a second: our publisher, and amqplib alone, with as many connections, channels and open confirms. */
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { AmqpPublisher } from '@vedette/broker/amqp-publisher';
import { serve } from '../lib/serve.js';

export interface PublishCase {
  readonly connections: number;
  /** Per connection. Ours has one. */
  readonly channels: number;
  /** Unconfirmed messages at a time, per channel. */
  readonly window: number;
}
export interface PublishArgs {
  readonly amqpUrl: string;
  readonly cases: readonly PublishCase[];
  readonly forMs: number;
}
/** Per second, all channels together; `ours` is null where our publisher has no such form. */
export type PublishResult = readonly { readonly ours: number | null; readonly raw: number }[];

type Send = (index: number) => Promise<boolean>;

serve(async ({ amqpUrl, cases, forMs }: PublishArgs, progress): Promise<PublishResult> => {
  const results: { ours: number | null; raw: number }[] = [];
  for (const one of cases) {
    progress(`publish: ${one.connections} × ${one.channels} × ${one.window}`);
    const raw = await withRaw(amqpUrl, one, (senders) => rateOf(senders, one.window, forMs));
    const ours =
      one.channels === 1
        ? await withOurs(amqpUrl, one, (senders) => rateOf(senders, one.window, forMs))
        : null;
    results.push({ ours, raw });
  }
  return results;
});

/** Every sender keeps `window` messages under way. */
async function rateOf(senders: readonly Send[], window: number, forMs: number): Promise<number> {
  const began = performance.now();
  let confirmed = 0;
  const keepSending = async (send: Send, lane: number): Promise<void> => {
    for (let index = lane; performance.now() - began < forMs; index += window) {
      if (await send(index)) confirmed += 1;
    }
  };
  const lanes = Array.from({ length: window }, (_none, lane) => lane);
  await Promise.all(senders.flatMap((send) => lanes.map((lane) => keepSending(send, lane))));
  return confirmed / ((performance.now() - began) / 1_000);
}

/** As long as a monitor's result, and never twice the same. */
function contentOf(index: number): string {
  return JSON.stringify({ result: { meta_data: { monitor_name: 'bench' }, data: { index, pad: PAD } } });
}
const PAD = 'x'.repeat(400);

async function withOurs<T>(
  url: string,
  { connections }: PublishCase,
  use: (senders: readonly Send[]) => Promise<T>,
): Promise<T> {
  const publishers = Array.from(
    { length: connections },
    (_none, index) => new AmqpPublisher({ url, name: `bench ${index}`, exchanges: ['raw_data'] }),
  );
  const senders = publishers.map((publisher): Send => async (index) => {
    const message = { exchange: 'raw_data', routingKey: `node.bench.${index}`, content: contentOf(index) };
    return (await publisher.publish(message)) === 'confirmed';
  });
  try {
    // Before its link is up a publisher puts off what it is given, and that at once.
    await Promise.all(publishers.map(linked));
    return await use(senders);
  } finally {
    await Promise.all(publishers.map((publisher) => publisher.close(1_000)));
  }
}

function linked(publisher: AmqpPublisher): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (publisher.link === 'connected') resolve();
    };
    publisher.onLinkChanged(look);
    look();
  });
}

async function withRaw<T>(
  url: string,
  { connections, channels }: PublishCase,
  use: (senders: readonly Send[]) => Promise<T>,
): Promise<T> {
  const opened: ChannelModel[] = [];
  try {
    const senders: Send[] = [];
    for (let index = 0; index < connections; index += 1) {
      const connection = await connect(url, { noDelay: true });
      opened.push(connection);
      for (let one = 0; one < channels; one += 1)
        senders.push(senderOf(await connection.createConfirmChannel()));
    }
    return await use(senders);
  } finally {
    await Promise.all(opened.map((connection) => connection.close()));
  }
}

function senderOf(channel: ConfirmChannel): Send {
  const options = { mandatory: true, persistent: true };
  return (index) =>
    new Promise((resolve) => {
      const content = Buffer.from(contentOf(index));
      channel.publish('raw_data', `node.bench.${index}`, content, options, (error) => {
        resolve(error === null || error === undefined);
      });
    });
}
