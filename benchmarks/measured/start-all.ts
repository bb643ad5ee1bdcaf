/** `n` monitors from nothing to running, linked and through their first round; the broker says when links opened. */
import type { LinkChanged, StateChanged } from '@vedette/supervisor';
import { bareFleet } from '../lib/bare-fleet.js';
import { specOf } from '../lib/fleet.js';
import { ProbeFleet, type ProbeFleetArgs } from '../lib/probe-fleet.js';
import { ask, serve } from '../lib/serve.js';
import { until } from '../lib/until.js';

export interface StartAllArgs extends ProbeFleetArgs {
  readonly n: number;
  /** Bare threads in the place of monitors: `firstRound` is their first confirmed message. */
  readonly isFloor: boolean;
}
export interface StartAllResult {
  /** Milliseconds from the wanted set to all of them … */
  readonly running: number;
  readonly connected: number;
  readonly firstRound: number;
  readonly connections: number;
  /** Most connections opened within one second. */
  readonly opensPerSecond: number;
}

serve(async (args: StartAllArgs, progress): Promise<StartAllResult> => {
  const { n, sources, host, isFloor } = args;
  const before = new Set(await ask<number[]>('connections')).size;
  const fleet = isFloor ? bareFleet(args, 'bare threads') : await ProbeFleet.on(args);
  const specs = Array.from({ length: n }, (_none, index) => specOf('system', `bench-${index}`, sources));
  progress(`start-all: ${n} on ${isFloor ? 'bare threads' : host}`);
  const began = performance.now();
  const linked = new Set<string>();
  const ran = new Set<string>();
  const running = until(
    fleet.supervisor,
    ['monitor.state-changed'],
    (_name, { id, to }: StateChanged) => {
      if (to.state === 'running') ran.add(id);
      return ran.size === n;
    },
    `${n} running monitors`,
  );
  const connected = until(
    fleet.supervisor,
    ['monitor.link-changed'],
    (_name, { id, link }: LinkChanged) => {
      if (link === 'connected') linked.add(id);
      return linked.size === n;
    },
    `${n} linked monitors`,
  );
  const [runningAt, connectedAt, firstRound] = await Promise.all([running, connected, fleet.start(specs)]);
  const opened = await ask<number[]>('connections');
  await fleet.end();
  return {
    running: runningAt - began,
    connected: connectedAt - began,
    firstRound,
    connections: opened.length - before,
    opensPerSecond: mostWithin(opened, 1_000),
  };
});

/** The most instants in any span of `spanMs`. */
function mostWithin(instants: readonly number[], spanMs: number): number {
  const sorted = [...instants].sort((a, b) => a - b);
  let from = 0;
  let most = 0;
  sorted.forEach((at, index) => {
    while (at - (sorted[from] as number) >= spanMs) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}
