/** Sends config messages to RabbitMQ as PANIC's Configs Manager does: persistent, mandatory, confirmed. */
import { EXCHANGES, systemClock } from '@vedette/contract';
import { createBroker, parseBrokerUrl } from '@vedette/broker';
import { CONFIG_TOPOLOGY } from '@vedette/manager';
import { CommandFailure, EXIT } from './exit-codes.js';
import { createLogger } from './logger.js';

const CONNECT_DEADLINE_MS = 10_000;

export interface ConfigPublication {
  readonly routingKey: string;
  readonly content: string;
  /** Said when it was taken, for example `2 monitorables`. */
  readonly what: string;
}

/** One after the other; ends at the first that is not taken. `command` names the one that sends, in logs. */
export async function publishMessages(
  command: string,
  url: string,
  messages: Iterable<ConfigPublication>,
  onPublished: (message: ConfigPublication) => void,
): Promise<void> {
  const address = parseBrokerUrl(url);
  if (address.type === 'embedded') {
    throw new CommandFailure(EXIT.usage, `${command} needs a RabbitMQ`, 'Give --broker amqp://host');
  }
  const logger = createLogger({ level: 'error', format: 'pretty', isColoured: process.stderr.isTTY });
  const name = `vedette ${command}`;
  const broker = createBroker(address, { name, clock: systemClock, random: Math.random, logger });
  try {
    await broker.ready(CONNECT_DEADLINE_MS);
    // The same queues PANIC declares at its start, so that a config waits for a manager that is not up yet.
    await broker.declare(CONFIG_TOPOLOGY);
    for (const message of messages) {
      const { routingKey, content } = message;
      const outcome = await broker.publish(
        { exchange: EXCHANGES.config, routingKey, content },
        { whenDown: 'drop' },
      );
      if (outcome !== 'confirmed')
        throw new CommandFailure(EXIT.failure, `${routingKey} was not taken: ${outcome}`);
      onPublished(message);
    }
  } finally {
    await broker.close(2_000);
  }
}
