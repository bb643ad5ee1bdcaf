// Each monitor in a process of its own; one is killed, its successor takes over and the other notices nothing.
import { kill } from 'node:process';
import { monitorSpec, ProcessHost, Supervisor } from '@vedette/supervisor';

const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
const supervisor = new Supervisor({ host: new ProcessHost({ entry }) });
const module = new URL('../minimal/monitor.mjs', import.meta.url);

supervisor.on('monitor.state-changed', ({ id, to, cause }) => {
  if (to.state === 'running') console.log(`${id} runs as ${to.hostId}`);
  if (to.state === 'backoff') console.log(`${id} went down: ${cause}`);
});
supervisor.once('monitor.round-ended', ({ id }) => {
  const { state } = supervisor.status(id);
  console.log(`killing ${id}`);
  kill(Number(state.hostId.split(':')[1]), 'SIGKILL');
});

supervisor.apply(['a', 'b'].map((id) => monitorSpec({ id, module, periodMs: 1_000 })));
process.once('SIGINT', () => supervisor.stop());
