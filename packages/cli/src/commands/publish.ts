/** `vedette publish FILE`: the file's monitorables as PANIC's Configs Manager would send them. */
import { EXCHANGES, systemClock, type JsonObject } from '@vedette/contract';
import { createBroker, parseBrokerUrl } from '@vedette/broker';
import { CONFIG_TOPOLOGY, type FileConfig, type StrategyRegistry } from '@vedette/manager';
import { readGoodConfigFile } from '../config-file.js';
import { brokerFrom } from '../environment.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { createLogger } from '../logger.js';
import { createRegistry } from '../registry.js';

const CONNECT_DEADLINE_MS = 10_000;

export async function publish(path: string, options: { broker?: string; remove?: boolean }): Promise<number> {
  const registry = await createRegistry(process.env);
  const config = await readGoodConfigFile(path, registry);
  const url = options.broker ?? brokerFrom(process.env) ?? 'amqp://guest:guest@127.0.0.1:5672';
  const address = parseBrokerUrl(url);
  if (address.type === 'embedded') {
    throw new CommandFailure(EXIT.usage, 'publish needs a RabbitMQ', 'Give --broker amqp://host');
  }
  const messages = messagesOf(config, registry);
  const logger = createLogger({ level: 'error', format: 'pretty', isColoured: process.stderr.isTTY });
  const broker = createBroker(address, {
    name: 'vedette publish',
    clock: systemClock,
    random: Math.random,
    logger,
  });
  try {
    await broker.ready(CONNECT_DEADLINE_MS);
    // The same queues PANIC declares at its start, so that a config waits for a manager that is not up yet.
    await broker.declare(CONFIG_TOPOLOGY);
    for (const [routingKey, body] of messages) {
      const content = JSON.stringify(options.remove === true ? {} : body);
      const outcome = await broker.publish(
        { exchange: EXCHANGES.config, routingKey, content },
        { whenDown: 'drop' },
      );
      if (outcome !== 'confirmed')
        throw new CommandFailure(EXIT.failure, `${routingKey} was not taken: ${outcome}`);
      const count = options.remove === true ? 'empty' : `${Object.keys(body).length} monitorables`;
      process.stdout.write(`published ${routingKey}: ${count}\n`);
    }
  } finally {
    await broker.close(2_000);
  }
  return EXIT.ok;
}

/** One complete list per routing key. */
export function messagesOf(config: FileConfig, registry: StrategyRegistry): Map<string, JsonObject> {
  const messages = new Map<string, Record<string, JsonObject>>();
  for (const monitorable of config.monitorables) {
    const strategy = registry.get(monitorable.kind);
    if (strategy === undefined || strategy.routingKeys.length === 0) {
      throw new CommandFailure(
        EXIT.usage,
        `kind ${monitorable.kind} of ${monitorable.id} has no routing key`,
      );
    }
    const entry = strategy.toConfig(monitorable);
    const words = entry.routingKey.split('.');
    if (words.length !== 2 && words.length !== 4) {
      throw new CommandFailure(
        EXIT.usage,
        `chain ${JSON.stringify(monitorable.chain)} of ${monitorable.id} holds a dot`,
        'A routing key splits at dots; name the chain without them',
      );
    }
    const body = messages.get(entry.routingKey) ?? {};
    body[entry.configId] = entry.raw;
    messages.set(entry.routingKey, body);
  }
  return messages;
}
