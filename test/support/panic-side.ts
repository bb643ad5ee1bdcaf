/**
 * PANIC's side of the broker for tests: its topology exactly as its components declare it, and doubles of
 * those that matter to a manager. Source: panic-manager-contract 1.2, 1.3, 1.7, 4.4, 5.3.
 */
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { FAMILIES, FAMILY_NAMES, type Family } from '@vedette/contract';

const EXCHANGES = ['config', 'health_check', 'monitorable', 'raw_data', 'store', 'alert'];

/** Queues of the consumers, with what they are bound to. */
const CONSUMER_QUEUES: readonly (readonly [queue: string, exchange: string, key: string])[] = [
  ['heartbeat_handler_heartbeat_queue', 'health_check', 'heartbeat.*'],
  ['monitorable_store_input_queue', 'monitorable', '*.*'],
  ['system_data_transformer_input_queue', 'raw_data', 'system'],
  ['github_data_transformer_input_queue', 'raw_data', 'github'],
  ['dockerhub_data_transformer_input_queue', 'raw_data', 'dockerhub'],
  ['evm_node_data_transformer_input_queue', 'raw_data', 'node.evm'],
  ['chainlink_contracts_data_transformer_input_queue', 'raw_data', 'contracts.chainlink'],
  ['chainlink_node_data_transformer_input_queue', 'raw_data', 'node.chainlink'],
  ['cosmos_node_data_transformer_input_queue', 'raw_data', 'node.cosmos'],
  ['substrate_node_data_transformer_input_queue', 'raw_data', 'node.substrate'],
  ['cosmos_network_data_transformer_input_queue', 'raw_data', 'network.cosmos'],
  ['substrate_network_data_transformer_input_queue', 'raw_data', 'network.substrate'],
];

/** Declares all of it, with the flags PANIC uses; throws if what is there has others. */
export async function declarePanic(channel: Channel): Promise<void> {
  for (const exchange of EXCHANGES) {
    await channel.assertExchange(exchange, 'topic', { durable: true, autoDelete: false, internal: false });
  }
  const queue = async (name: string, exchange: string, keys: readonly string[]): Promise<void> => {
    await channel.assertQueue(name, { durable: true, exclusive: false, autoDelete: false });
    for (const key of keys) await channel.bindQueue(name, exchange, key);
  };
  for (const family of FAMILY_NAMES) {
    const { heartbeatQueue, configQueue, configKeys } = FAMILIES[family];
    await queue(heartbeatQueue, 'health_check', ['ping']);
    await queue(configQueue, 'config', configKeys);
  }
  for (const [name, exchange, key] of CONSUMER_QUEUES) await queue(name, exchange, [key]);
}

/** The six old managers, as far as the broker sees them: one connection each, no monitors. */
export async function startOldManagers(url: string): Promise<{ stop(): Promise<void> }> {
  const connections: ChannelModel[] = [];
  for (const family of FAMILY_NAMES) {
    const connection = await connect(url);
    connections.push(connection);
    const channel = await connection.createChannel();
    await oldManager(channel, family);
  }
  return {
    async stop() {
      for (const connection of connections.splice(0)) await connection.close();
    },
  };
}

async function oldManager(channel: Channel, family: Family): Promise<void> {
  const { managerName, heartbeatQueue, configQueue } = FAMILIES[family];
  const heartbeat = (): string =>
    JSON.stringify({
      component_name: managerName,
      running_processes: [`${managerName} of old`],
      dead_processes: [],
      timestamp: Date.now() / 1000,
    });
  const onPing = (): void => {
    channel.publish('health_check', 'heartbeat.manager', Buffer.from(heartbeat()), { persistent: true });
  };
  await channel.consume(heartbeatQueue, onPing, { noAck: true });
  await channel.consume(configQueue, (message) => {
    if (message !== null) channel.ack(message);
  });
}

/** The Heartbeat Handler: what Redis would hold, by key. */
export async function startHeartbeatHandler(channel: Channel): Promise<ReadonlyMap<string, string>> {
  const redis = new Map<string, string>();
  await channel.consume('heartbeat_handler_heartbeat_queue', (message) => {
    if (message === null) return;
    const text = message.content.toString();
    const { component_name: name } = JSON.parse(text) as { component_name: string };
    redis.set(`panic_alerter:c1_${name}`, text);
    channel.ack(message);
  });
  return redis;
}

export function ping(channel: Channel): void {
  channel.publish('health_check', 'ping', Buffer.from('ping'), { persistent: true });
}
