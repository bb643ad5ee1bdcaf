// PANIC's place: config comes from RabbitMQ in PANIC's form, raw data goes back to it for PANIC's transformers.
//   node examples/rabbitmq/main.mjs amqp://guest:guest@127.0.0.1:5672 STATE-FOLDER [CONFIG.json]
import { readFileSync } from 'node:fs';
import { createManager, CONFIG_TOPOLOGY, StrategyRegistry } from '@vedette/manager';
import { systemStrategy } from '@vedette/monitors-general';
import { ThreadHost } from '@vedette/supervisor';

const [, , url, stateFolder, config = new URL('panic-config.json', import.meta.url)] = process.argv;
const registry = new StrategyRegistry([systemStrategy], { periodMs: { system: 1_000 } });
const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
const manager = createManager({ registry, broker: url, stateFolder, host: new ThreadHost({ entry }) });
const { broker } = manager;

// What PANIC's system data transformer would do.
const queue = { name: 'example_system_data', bindings: [{ exchange: 'raw_data', pattern: 'system' }] };
await broker.ready(10_000);
await broker.declare({ ...CONFIG_TOPOLOGY, queues: [...CONFIG_TOPOLOGY.queues, queue] });
await broker.consume(queue.name, { prefetch: 10 }, (delivery) => {
  console.log(delivery.content.toString());
  delivery.ack();
});

manager.on('config.applied', ({ scope, changes }) =>
  console.log(`${scope}: ${changes.started.length} started`),
);
await manager.start();

// What PANIC's Configs Manager would do.
for (const [routingKey, monitorables] of Object.entries(JSON.parse(readFileSync(config, 'utf8')))) {
  await broker.publish({ exchange: 'config', routingKey, content: JSON.stringify(monitorables) });
}
process.once('SIGINT', () => manager.stop());
