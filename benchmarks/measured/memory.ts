/** Memory of one process before and after `n` monitors of one case run, each with its first data confirmed. */
import { isFloor, removeAll, specOf, supervisorOf, type Surroundings } from '../lib/fleet.js';
import type { WorkerCase } from '../lib/kinds.js';
import { settledMemory, type MemoryReading } from '../lib/memory-reading.js';
import { PATIENT_BEAT_MS } from '../lib/probe-spec.js';
import { serve } from '../lib/serve.js';
import { allUp } from '../lib/probe-fleet.js';
import { pause } from '../lib/until.js';

export interface MemoryArgs extends Surroundings {
  readonly name: WorkerCase;
  readonly n: number;
  /** Also wait until threads have given back what loading left. */
  readonly isSettled: boolean;
}
/** Added per monitor: just after the start, and once the garbage of the start is collected. */
export interface MemoryResult extends MemoryReading {
  readonly rss_fresh: number;
}

/** A monitor's thread gives back what loading left once the processor has been free for some ten seconds. */
const SETTLE_MS = 30_000;

serve(async (args: MemoryArgs): Promise<MemoryResult> => {
  const { name, n, sources } = args;
  const patience = isFloor(name) ? {} : { beatMs: PATIENT_BEAT_MS };
  const supervisor = supervisorOf(name, args, undefined, patience);
  const specs = Array.from({ length: n }, (_none, index) => specOf(name, `bench-${index}`, sources));
  const before = await settledMemory();
  const up = allUp(supervisor, n, name !== 'empty');
  supervisor.apply(specs);
  await up;
  const fresh = await settledMemory();
  await pause(args.isSettled ? SETTLE_MS : 0);
  const after = await settledMemory();
  await removeAll(supervisor);
  const each = (one: MemoryReading, metric: keyof MemoryReading): number =>
    (one[metric] - before[metric]) / n;
  return { rss: each(after, 'rss'), private: each(after, 'private'), rss_fresh: each(fresh, 'rss') };
});
