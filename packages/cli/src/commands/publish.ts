/** `vedette publish FILE`: the file's monitorables as PANIC's Configs Manager would send them. */
import type { JsonObject } from '@vedette/contract';
import type { FileConfig, StrategyRegistry } from '@vedette/manager';
import { readGoodConfigFile } from '../config-file.js';
import { brokerFrom } from '../environment.js';
import { CommandFailure, EXIT } from '../exit-codes.js';
import { publishMessages } from '../publish-messages.js';
import { createRegistry } from '../registry.js';

export async function publish(path: string, options: { broker?: string; remove?: boolean }): Promise<number> {
  const registry = await createRegistry(process.env);
  const config = await readGoodConfigFile(path, registry);
  const url = options.broker ?? brokerFrom(process.env) ?? 'amqp://guest:guest@127.0.0.1:5672';
  const messages = [...messagesOf(config, registry)].map(([routingKey, body]) =>
    options.remove === true
      ? { routingKey, content: '{}', what: 'empty' }
      : { routingKey, content: JSON.stringify(body), what: `${Object.keys(body).length} monitorables` },
  );
  await publishMessages('publish', url, messages, ({ routingKey, what }) => {
    process.stdout.write(`published ${routingKey}: ${what}\n`);
  });
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
    for (const entry of strategy.toConfig(monitorable)) {
      const words = entry.routingKey.split('.');
      if (words.length !== 2 && words.length !== 4) {
        throw new CommandFailure(
          EXIT.usage,
          `chain ${JSON.stringify(monitorable.chain)} of ${monitorable.id} holds a dot`,
          'A routing key splits at dots; name the chain without them',
        );
      }
      const body = messages.get(entry.routingKey) ?? {};
      const earlier = body[entry.configId];
      body[entry.configId] = earlier === undefined ? entry.raw : united(earlier, entry.raw);
      messages.set(entry.routingKey, body);
    }
  }
  for (const body of messages.values()) agree(body);
  return messages;
}

/** Fields PANIC keeps with every node although they are the chain's: it wants them equal in all nodes. */
const CHAIN_WIDE = ['monitor_network', 'governance_addresses', 'weiwatchers_url', 'evm_nodes_urls'];

/** What one node says for the chain, all say; nodes that do not know the field stay as they are. */
function agree(body: Record<string, JsonObject>): void {
  for (const field of CHAIN_WIDE) {
    const said = Object.values(body)
      .map((raw) => raw[field])
      .find((value) => value !== undefined && value !== '' && value !== 'false');
    if (said === undefined) continue;
    for (const [id, raw] of Object.entries(body)) if (field in raw) body[id] = { ...raw, [field]: said };
  }
}

/** One node may be named by several kinds: each adds its fields, and a switch one of them needs is on. */
function united(earlier: JsonObject, later: JsonObject): JsonObject {
  const said = Object.entries(later).filter(([, value]) => value !== '' && value !== 'false');
  return { ...later, ...earlier, ...Object.fromEntries(said) };
}
