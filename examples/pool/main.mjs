// Ten monitors, and two threads that run the rounds of all.
import { monitorSpec, Supervisor } from '@vedette/supervisor';
import { PoolHost } from '@vedette/supervisor/pool';

const entry = new URL(import.meta.resolve('@vedette/monitor/pool-entry'));
const host = new PoolHost({ entry, threads: 2 });
const supervisor = new Supervisor({ host });
const module = new URL('../minimal/monitor.mjs', import.meta.url);

const seen = new Set();
supervisor.on('monitor.round-ended', ({ id }) => {
  seen.add(id);
  if (seen.size === 10) console.log(`rounds of ${seen.size} monitors in ${host.threads} threads`);
});

const names = Array.from({ length: 10 }, (_none, index) => `pool-${index}`);
supervisor.apply(names.map((id) => monitorSpec({ id, module, periodMs: 1_000 })));
process.once('SIGINT', () => supervisor.stop());
