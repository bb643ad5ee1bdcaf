/** One try: `n` real monitors on one host, within limits of memory and lateness or not. */
import { rssMbOfTree, readTree } from '@vedette/cli/process-tree';
import { observe } from '../lib/observed.js';
import { ProbeFleet, type ProbeFleetArgs } from '../lib/probe-fleet.js';
import { serve } from '../lib/serve.js';
import { pause } from '../lib/until.js';

export interface CapacityArgs extends ProbeFleetArgs {
  readonly n: number;
  readonly periodMs: number;
  /** From the first round of each to the window. */
  readonly settleMs: number;
  readonly windowMs: number;
  readonly maxRssMb: number;
  readonly maxLatenessMs: number;
}
export interface CapacityResult {
  readonly emptyMb: number;
  readonly rss: number;
  readonly pss: number;
  readonly lateness: number;
  /** Percent of one core. */
  readonly cpu: number;
  /** What broke a limit; null if nothing did. */
  readonly broken: 'memory' | 'lateness' | 'failed rounds' | null;
}

/** An operator's monitors are of several kinds. */
const MIX = ['system', 'chainlink-node', 'evm-node'] as const;

serve(async (args: CapacityArgs, progress): Promise<CapacityResult> => {
  const { n, periodMs, settleMs, windowMs, maxRssMb, maxLatenessMs, host } = args;
  progress(`capacity: ${n} on ${host}`);
  const fleet = await ProbeFleet.on(args);
  const emptyMb = rssMbOfTree(process.pid);
  await fleet.start(
    Array.from({ length: n }, (_none, index) =>
      fleet.real(MIX[index % MIX.length] ?? 'system', `bench-${index}`, periodMs),
    ),
  );
  await pause(settleMs);
  const observed = await observe(
    windowMs,
    (from, till) => fleet.lateness(from, till),
    (rssMb) => rssMb > maxRssMb,
  ).catch((error: unknown) => {
    // Over the memory limit at the first look: no round was due yet.
    if (rssMbOfTree(process.pid) > maxRssMb) return null;
    throw error;
  });
  const { pssMb, rssMb } = readTree(process.pid);
  const rss = Math.max(rssMb, observed?.rss ?? 0);
  const { failedRounds } = fleet;
  // It ends with this process: to stop a thousand in order would only take time.
  const broken =
    rss > maxRssMb
      ? 'memory'
      : (observed?.p99 ?? 0) > maxLatenessMs
        ? 'lateness'
        : failedRounds > n / 100
          ? 'failed rounds'
          : null;
  return { emptyMb, rss, pss: pssMb, lateness: observed?.p99 ?? 0, cpu: observed?.cpu ?? 0, broken };
});
