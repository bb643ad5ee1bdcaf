/**
 * Memory of this process and all it forks, with more and more monitors on one host (or bare workers in their
 * place), each with its first data confirmed. What the broker takes for them is asked of the broker.
 */
import { readTree } from '@vedette/cli/process-tree';
import { bareFleet, type BareWorkers } from '../lib/bare-fleet.js';
import { specOf } from '../lib/fleet.js';
import { ProbeFleet, type ProbeFleetArgs } from '../lib/probe-fleet.js';
import { ask, serve } from '../lib/serve.js';
import { pause } from '../lib/until.js';

export interface MemoryHostsArgs extends ProbeFleetArgs {
  /** Bare workers instead of monitors; null for monitors. */
  readonly floor: BareWorkers | null;
  /** Ascending. */
  readonly counts: readonly number[];
  /** From the last first round of a count to its reading. */
  readonly settleMs: number;
  /** No further count is begun after so long. */
  readonly budgetMs: number;
}
/** Added per monitor. */
export interface MemoryStage {
  readonly n: number;
  readonly rss: number;
  readonly pss: number;
  readonly private: number;
  /** kB of the broker's own account. */
  readonly broker: number;
}
export interface MemoryHostsResult {
  readonly stages: readonly MemoryStage[];
  /** Why there are fewer than asked for. */
  readonly stopped: string | null;
}

const EMPTY_MS = 3_000;

serve(async (args: MemoryHostsArgs, progress): Promise<MemoryHostsResult> => {
  const { floor, counts, settleMs, budgetMs, sources, host } = args;
  const began = performance.now();
  const fleet = floor === null ? await ProbeFleet.on(args) : bareFleet(args, floor);
  // Nothing has started yet that would have to settle.
  const before = await reading(Math.min(settleMs, EMPTY_MS));
  const stages: MemoryStage[] = [];
  let stopped: string | null = null;
  let lastMs = 0;
  for (const n of counts) {
    const leftMs = budgetMs - (performance.now() - began);
    // The next stage has more to start than the last.
    if (lastMs * 1.5 > leftMs) {
      stopped = 'the time budget is used up';
      break;
    }
    progress(`memory-hosts: ${n} on ${floor ?? host}`);
    const stageBegan = performance.now();
    const specs = Array.from({ length: n }, (_none, index) => specOf('system', `bench-${index}`, sources));
    try {
      await fleet.start(specs);
    } catch (error) {
      stopped = error instanceof Error ? error.message : String(error);
      break;
    }
    const after = await reading(settleMs);
    const each = (name: 'rss' | 'pss' | 'private' | 'broker'): number => (after[name] - before[name]) / n;
    stages.push({ n, rss: each('rss'), pss: each('pss'), private: each('private'), broker: each('broker') });
    lastMs = performance.now() - stageBegan;
  }
  await fleet.end();
  return { stages, stopped };
});

async function reading(settleMs: number): Promise<Omit<MemoryStage, 'n'>> {
  global.gc?.();
  await pause(settleMs);
  const { rssMb, pssMb, privateMb } = readTree(process.pid);
  const brokerBytes = await ask<number>('broker-memory');
  return { rss: rssMb, pss: pssMb, private: privateMb, broker: brokerBytes / 1_000 };
}
