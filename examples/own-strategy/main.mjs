// A program with a kind of its own beside a built-in one: node examples/own-strategy/main.mjs FILE
import { createManager, ListSource, StrategyRegistry } from '@vedette/manager';
import { systemStrategy } from '@vedette/monitors-general';
import { ThreadHost } from '@vedette/supervisor';
import fileAge from './strategy.mjs';

const [, , path = 'package.json'] = process.argv;
const registry = new StrategyRegistry([systemStrategy]).register(fileAge);
const list = new ListSource(registry);
list.set([{ kind: 'file-age', id: 'backup', period: '1s', settings: { path, staleAfterSeconds: 3_600 } }]);

const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
const manager = createManager({ registry, source: list, host: new ThreadHost({ entry }), echo: true });
manager.supervisor.on('message.published', ({ message }) => {
  if (message.exchange === 'raw_data') console.log(message.content);
});
process.once('SIGINT', () => manager.stop());
await manager.start();
