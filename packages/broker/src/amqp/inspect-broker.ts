/**
 * Looks whether a broker is as somebody expects it. Promise: nothing is left behind, no message is sent, taken or
 * moved, what is missing stays missing, and all of it ends by the deadline.
 */
import { randomUUID } from 'node:crypto';
import type { Channel } from 'amqplib';
import { systemClock, VedetteError, type Clock } from '@vedette/contract';
import type { QueueDeclaration, Topology } from '../broker.js';
import { amqpTarget } from '../broker-url.js';
import { DEFAULT_HEARTBEAT_SECONDS } from '../defaults.js';
import { refusedError, replyCode } from './amqp-errors.js';
import { AmqpSession } from './amqp-session.js';
import { declareExchange } from './amqp-topology.js';

/**
 * `fits`: is there, with the flags expected, and may be used. `missing`: is not there. `differs`: is there with
 * other flags or of another type. `forbidden`: the user may not configure, write or read it.
 */
export type PartState = 'fits' | 'missing' | 'differs' | 'forbidden';

/** How one exchange or queue is. */
export interface InspectedPart {
  readonly name: string;
  readonly state: PartState;
  /** The broker's words; null where there is nothing to say. */
  readonly reason: string | null;
}

/** A queue, with what waits in it and who reads it; both null where that is not known. */
export interface InspectedQueue extends InspectedPart {
  readonly messages: number | null;
  readonly consumers: number | null;
}

/** What {@link inspectBroker} found, in the order asked for. */
export interface BrokerInspection {
  readonly exchanges: readonly InspectedPart[];
  readonly queues: readonly InspectedQueue[];
}

/** What to look at, and for how long. */
export interface InspectOptions {
  /** With credentials; never repeated. */
  readonly url: string;
  /** Shown as AMQP connection name. */
  readonly name: string;
  readonly topology: Topology;
  /** For all of it together, milliseconds. */
  readonly deadlineMs: number;
  readonly clock?: Clock;
}

const CLOSE_MS = 1_000;

/**
 * Opens a connection of its own and closes it. Bindings are not looked at: AMQP does not tell them. Rejects with
 * BROKER_BAD_URL, BROKER_UNREACHABLE, BROKER_ACCESS_REFUSED, or BROKER_CONNECTION_LOST past the deadline.
 */
export async function inspectBroker(options: InspectOptions): Promise<BrokerInspection> {
  const { url, name, topology, deadlineMs, clock = systemClock } = options;
  const session = new AmqpSession({
    target: amqpTarget(url),
    name,
    heartbeatSeconds: DEFAULT_HEARTBEAT_SECONDS,
    connectTimeoutMs: deadlineMs,
    clock,
    onBlocked: () => undefined,
  });
  const cancel = clock.after(deadlineMs, () => {
    session.fail(new VedetteError('BROKER_CONNECTION_LOST', `The broker took longer than ${deadlineMs} ms`));
  });
  const ask: Ask = (work) => asked(session, work, deadlineMs);
  try {
    await session.open();
    const exchanges: InspectedPart[] = [];
    for (const exchange of topology.exchanges) exchanges.push(await inspectExchange(ask, exchange));
    const queues: InspectedQueue[] = [];
    for (const queue of topology.queues) queues.push(await inspectQueue(ask, queue));
    return { exchanges, queues };
  } finally {
    cancel();
    await session.close(CLOSE_MS);
  }
}

/** Does something on a channel of its own: a refusal closes it. Resolves with the answer or the refusal. */
type Ask = <T>(work: (channel: Channel) => Promise<T>) => Promise<{ answer: T } | { refusal: unknown }>;

async function inspectExchange(ask: Ask, name: string): Promise<InspectedPart> {
  const what = `exchange "${name}"`;
  const there = await ask((channel) => channel.checkExchange(name));
  if ('refusal' in there) return { name, ...judged(there.refusal, what) };
  const same = await ask((channel) => declareExchange(channel, name));
  if ('refusal' in same) return { name, ...judged(same.refusal, what) };
  // Taking away a binding nobody made needs the rights to write and read, and does nothing.
  const used = await ask((channel) => channel.unbindExchange(name, name, `vedette-doctor-${randomUUID()}`));
  if ('refusal' in used) return { name, ...judged(used.refusal, what) };
  return { name, state: 'fits', reason: null };
}

async function inspectQueue(ask: Ask, queue: QueueDeclaration): Promise<InspectedQueue> {
  const { name } = queue;
  const what = `queue "${name}"`;
  const there = await ask((channel) => channel.checkQueue(name));
  if ('refusal' in there) return { name, messages: null, consumers: null, ...judged(there.refusal, what) };
  const { messageCount: messages, consumerCount: consumers } = there.answer;
  const same = await ask((channel) =>
    channel.assertQueue(name, {
      durable: queue.durable ?? true,
      exclusive: queue.exclusive ?? false,
      autoDelete: queue.autoDelete ?? false,
      ...(queue.arguments === undefined ? {} : { arguments: queue.arguments }),
    }),
  );
  if ('refusal' in same) return { name, messages, consumers, ...judged(same.refusal, what) };
  const exchange = queue.bindings[0]?.exchange;
  if (exchange !== undefined) {
    const bound = await ask((channel) =>
      channel.unbindQueue(name, exchange, `vedette-doctor-${randomUUID()}`),
    );
    if ('refusal' in bound) return { name, messages, consumers, ...judged(bound.refusal, what) };
  }
  return { name, messages, consumers, state: 'fits', reason: null };
}

function judged(refusal: unknown, what: string): Pick<InspectedPart, 'state' | 'reason'> {
  const code = replyCode(refusal);
  if (code === 404) return { state: 'missing', reason: null };
  return { state: code === 403 ? 'forbidden' : 'differs', reason: refusedError(refusal, what).message };
}

async function asked<T>(
  session: AmqpSession,
  work: (channel: Channel) => Promise<T>,
  deadlineMs: number,
): Promise<{ answer: T } | { refusal: unknown }> {
  const channel = await session.channel(deadlineMs);
  try {
    const answer = await session.race(work(channel), deadlineMs, 'an answer of the broker');
    await session.race(channel.close(), deadlineMs, 'closing a channel');
    return { answer };
  } catch (error) {
    // A loss of the connection is no answer about one part.
    if (!session.isOpen || replyCode(error) === null) throw error;
    return { refusal: error };
  }
}
