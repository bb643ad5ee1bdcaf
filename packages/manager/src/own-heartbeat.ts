/** What the seventh heartbeat says beyond the four keys of the others; PANIC stores it and reads none of it. */
import { createRequire } from 'node:module';
import { real, type WireObject, type WireValue } from '@vedette/contract';
import type { MonitorStatus } from '@vedette/supervisor';
import type { ManagerCounters } from './counters.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

export function ownHeartbeat(
  monitors: readonly MonitorStatus[],
  counters: ManagerCounters,
  monitorablesWaiting: number,
  nowMs: number,
): WireObject {
  return {
    version,
    monitors_by_state: countBy(monitors.map(({ state }) => state.state)),
    monitors_by_health: countBy(monitors.map(({ health }) => health)),
    monitors_by_host: countBy(monitors.flatMap(({ placement }) => placement?.host ?? [])),
    monitors_demoted: monitors.filter(({ placement }) => placement?.reason === 'demoted').length,
    configs_accepted: counters.accepted,
    configs_parked: counters.parked,
    refused_by_code: { ...counters.refusedByCode },
    monitorables_waiting: monitorablesWaiting,
    oldest_result_age_seconds: oldestResultAge(monitors, nowMs),
  };
}

function countBy(words: readonly string[]): WireObject {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Of the last good round of each running monitor, the oldest; null if none had one. */
function oldestResultAge(monitors: readonly MonitorStatus[], nowMs: number): WireValue {
  const ages = monitors.flatMap(({ state, lastRound }) =>
    state.state === 'running' && lastRound?.outcome === 'ok' ? [(nowMs - lastRound.at) / 1_000] : [],
  );
  return ages.length === 0 ? null : real(Math.max(0, ...ages));
}
