/** Memory of one process before and after `n` monitors of one case run, each with its first data confirmed. */
import type { Published, StateChanged, Supervisor } from '@vedette/supervisor';
import { removeAll, specOf, supervisorOf, type Surroundings } from '../lib/fleet.js';
import type { WorkerCase } from '../lib/kinds.js';
import { settledMemory, type MemoryReading } from '../lib/memory-reading.js';
import { serve } from '../lib/serve.js';
import { until } from '../lib/until.js';

export interface MemoryArgs extends Surroundings {
  readonly name: WorkerCase;
  readonly n: number;
}
/** Added per monitor. */
export type MemoryResult = MemoryReading;

serve(async (args: MemoryArgs): Promise<MemoryResult> => {
  const { name, n, sources } = args;
  const supervisor = supervisorOf(name, args);
  const specs = Array.from({ length: n }, (_none, index) => specOf(name, `bench-${index}`, sources));
  const before = await settledMemory();
  const up = allUp(supervisor, n, name !== 'empty');
  supervisor.apply(specs);
  await up;
  const after = await settledMemory();
  await removeAll(supervisor);
  return { rss: (after.rss - before.rss) / n, private: (after.private - before.private) / n };
});

function allUp(supervisor: Supervisor, n: number, isPublishing: boolean): Promise<number> {
  const up = new Set<string>();
  return until(
    supervisor,
    [isPublishing ? 'message.published' : 'monitor.state-changed'],
    (_name, event: Published & StateChanged) => {
      const isUp = isPublishing
        ? event.message.exchange === 'raw_data' && event.outcome === 'confirmed'
        : event.to.state === 'running';
      if (isUp) up.add(event.id);
      return up.size === n;
    },
    `${n} monitors up`,
  );
}
