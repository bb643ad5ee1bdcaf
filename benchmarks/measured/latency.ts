/** `n` monitors with a short period on one host, and how late their rounds begin. */
import { observe, type Observed } from '../lib/observed.js';
import { ProbeFleet, type ProbeFleetArgs } from '../lib/probe-fleet.js';
import { serve } from '../lib/serve.js';

export interface LatencyArgs extends ProbeFleetArgs {
  readonly n: number;
  readonly periodMs: number;
  readonly windowMs: number;
}
export interface LatencyResult extends Observed {
  readonly restarts: number;
  readonly failedRounds: number;
}

serve(async (args: LatencyArgs, progress): Promise<LatencyResult> => {
  const { n, periodMs, windowMs, host } = args;
  progress(`latency: ${n} every ${periodMs} ms on ${host}`);
  const fleet = await ProbeFleet.on(args);
  await fleet.start(Array.from({ length: n }, (_none, index) => fleet.probe(`probe-${index}`, periodMs)));
  const observed = await observe(windowMs, (from, till) => fleet.lateness(from, till));
  const { failedRounds, restarts } = fleet;
  await fleet.end();
  return { ...observed, failedRounds, restarts: restarts.size };
});
