// The supervisor alone: no broker, no config, one monitor in a thread of its own. Ctrl-C ends it.
import { monitorSpec, Supervisor, ThreadHost } from '@vedette/supervisor';

const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
const supervisor = new Supervisor({ host: new ThreadHost({ entry }) });

supervisor.on('monitor.round-ended', ({ id, round }) => console.log(id, round.facts));
supervisor.apply([
  monitorSpec({ id: 'memory', module: new URL('monitor.mjs', import.meta.url), periodMs: 1_000 }),
]);

process.once('SIGINT', () => supervisor.stop());
