/** The figures of one monitor, beside its facts: one table, read by the page and by the docs. Pure. */
import type { MonitorSpec } from '@vedette/contract';
import type { MonitorStatus } from '@vedette/supervisor';

export interface MonitorValue {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Null: there is no such figure now, and no series. */
  readonly of: (seen: Seen) => number | null;
}

export interface Seen {
  readonly status: MonitorStatus;
  /** Epoch milliseconds. */
  readonly now: number;
  /** When all messages of a round were last confirmed, epoch milliseconds. */
  readonly confirmedAt: number | null;
}

export const MONITOR_VALUES: readonly MonitorValue[] = [
  {
    name: 'vedette_monitor_up',
    type: 'gauge',
    help: '1 if the worker of the monitor is running',
    of: ({ status }) => Number(status.state.state === 'running'),
  },
  {
    name: 'vedette_monitor_healthy',
    type: 'gauge',
    help: '1 if its rounds end well and in time; a source that is down is told by a good round too',
    of: ({ status }) => Number(status.health === 'healthy'),
  },
  {
    name: 'vedette_monitor_paused',
    type: 'gauge',
    help: '1 while an operator has paused it',
    of: ({ status }) => Number(status.isPaused),
  },
  {
    name: 'vedette_monitor_restarts_total',
    type: 'counter',
    help: 'runs that followed another, whatever the cause',
    of: ({ status }) => status.restarts,
  },
  {
    name: 'vedette_monitor_last_round_timestamp_seconds',
    type: 'gauge',
    help: 'when its last round ended, Unix time',
    of: ({ status: { lastRound } }) => (lastRound === null ? null : lastRound.at / 1_000),
  },
  {
    name: 'vedette_monitor_last_round_duration_seconds',
    type: 'gauge',
    help: 'how long its last round took',
    of: ({ status: { lastRound } }) => (lastRound === null ? null : lastRound.durationMs / 1_000),
  },
  {
    name: 'vedette_monitor_reported_error_code',
    type: 'gauge',
    help: 'code of the error its last round published, such as 5015 for an unreachable node; 0 for a result',
    of: ({ status: { lastRound } }) => (lastRound === null ? null : (lastRound.reported?.code ?? 0)),
  },
  {
    name: 'vedette_monitor_confirmed_result_age_seconds',
    type: 'gauge',
    help: 'since all messages of one of its rounds were last confirmed by the broker',
    of: ({ now, confirmedAt }) => (confirmedAt === null ? null : Math.max(0, now - confirmedAt) / 1_000),
  },
  {
    name: 'vedette_monitor_heap_bytes',
    type: 'gauge',
    help: 'heap of its worker',
    of: ({ status: { memory } }) => (memory === null ? null : memory.heapKb * 1_024),
  },
  {
    name: 'vedette_monitor_external_bytes',
    type: 'gauge',
    help: 'memory of its worker outside the heap',
    of: ({ status: { memory } }) => (memory === null ? null : memory.externalKb * 1_024),
  },
];

/** What tells the series of one monitor from those of another. */
export function labelsOf({ id, name, origin }: MonitorSpec): Readonly<Record<string, string>> {
  return { monitor: id, name, chain: origin.subChain };
}

/** Of a round that is long over, facts say nothing about now: better no series than a stale one. */
export function hasFreshFacts({ status, now }: Seen, spec: MonitorSpec): boolean {
  const { state, lastRound } = status;
  if (lastRound === null || state.state === 'stopped' || state.state === 'failed') return false;
  return now - lastRound.at <= 3 * spec.periodMs + spec.limits.roundTimeoutMs;
}
