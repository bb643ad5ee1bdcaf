/**
 * Opens a channel for confirmed publishing. Promise: the channel it gives has its exchanges, or the broker
 * refused them and that was logged; and its end is reported once, with the broker's reason if there was one.
 */
import type { ConfirmChannel } from 'amqplib';
import type { Logger } from '@vedette/contract';
import { lostError, refusedError, replyCode } from './amqp-errors.js';
import { SETUP_DEADLINE_MS } from './amqp-link.js';
import type { AmqpSession } from './amqp-session.js';

export interface ConfirmChannelOptions {
  /** Topic, durable. */
  readonly exchanges: readonly string[];
  readonly logger: Logger;
  /** `error` is undefined when the whole connection ends. */
  readonly onClosed: (channel: ConfirmChannel, error: unknown) => void;
}

export async function openConfirmChannel(
  session: AmqpSession,
  options: ConfirmChannelOptions,
): Promise<ConfirmChannel> {
  let exchanges = options.exchanges;
  for (;;) {
    const channel = await session.confirmChannel(SETUP_DEADLINE_MS);
    const end = { hasCome: false, error: undefined as unknown };
    channel.on('error', (error) => {
      end.error = error;
    });
    channel.on('close', () => {
      end.hasCome = true;
      options.onClosed(channel, end.error);
    });
    const refused = await declare(session, channel, exchanges, options.logger);
    if (refused === null) {
      if (end.hasCome) throw lostError(end.error ?? new Error('a new channel was closed'), 'broker');
      return channel;
    }
    // A refusal ends the channel: the next one goes without that exchange.
    exchanges = exchanges.filter((name) => name !== refused);
  }
}

/** The name of the first exchange that was refused, or null. A user may well publish without such rights. */
async function declare(
  session: AmqpSession,
  channel: ConfirmChannel,
  exchanges: readonly string[],
  logger: Logger,
): Promise<string | null> {
  for (const exchange of exchanges) {
    try {
      const declared = channel.assertExchange(exchange, 'topic', { durable: true });
      await session.race(declared, SETUP_DEADLINE_MS, `declaring exchange ${exchange}`);
    } catch (error) {
      if (!session.isOpen || replyCode(error) === null) throw error;
      const { code, message } = refusedError(error, `exchange "${exchange}"`);
      logger.log('warn', 'An exchange could not be declared and is used as it is', {
        exchange,
        code,
        reason: message,
      });
      return exchange;
    }
  }
  return null;
}
