/** Monitors as the API shows them. Pure. */
import type { Facts, MonitorSpec } from '@vedette/contract';
import { stateWord, type MonitorStatus } from '@vedette/supervisor';
import { shownRound } from '../events/happenings.js';
import type { HistoryEntry } from '../history.js';
import type { KeyFigure } from '../key-figure.js';
import { shownError, shownSettings, type ShownError } from '../shown.js';
import type { MonitorDetail, MonitorSummary } from './monitor-schemas.js';

/** `wanted`: names of facts to show, of those that are there. */
export function summaryOf(
  status: MonitorStatus,
  keyFigure: KeyFigure,
  wanted: readonly string[] = [],
): MonitorSummary {
  const { state, lastRound, origin } = status;
  return {
    id: status.id,
    kind: status.kind,
    name: status.name,
    family: origin.family,
    baseChain: origin.baseChain,
    chain: origin.subChain,
    parentId: origin.parentId,
    state: stateWord(status),
    isPaused: status.isPaused,
    health: status.health,
    since: 'since' in state ? state.since : null,
    attempt: status.attempt,
    restarts: status.restarts,
    link: status.link,
    host: state.state === 'running' ? state.hostId : null,
    nextStartAt: status.nextStartAt,
    keyFigure: lastRound === null ? '' : keyFigure(status.kind, lastRound.facts),
    facts: lastRound === null ? {} : pickedFacts(lastRound.facts, wanted),
    lastRound:
      lastRound === null
        ? null
        : { outcome: lastRound.outcome, at: lastRound.at, durationMs: lastRound.durationMs },
    reportedCode: lastRound?.reported?.code ?? null,
    error: errorOf(status),
  };
}

export function detailOf(
  status: MonitorStatus,
  spec: MonitorSpec,
  history: readonly HistoryEntry[],
  keyFigure: KeyFigure,
): MonitorDetail {
  const { lastRound, lastError, memory, vitals } = status;
  return {
    ...summaryOf(status, keyFigure, Object.keys(lastRound?.facts ?? {})),
    componentName: status.componentName,
    periodMs: spec.periodMs,
    limits: { ...spec.limits },
    revision: status.revision,
    settings: shownSettings(spec.settings),
    restartsByCause: { ...status.restartsByCause },
    lastError: lastError === null ? null : shownError(lastError),
    lastRound: lastRound === null ? null : shownRound(lastRound),
    memory:
      memory === null ? null : { heapBytes: memory.heapKb * 1_024, externalBytes: memory.externalKb * 1_024 },
    rounds: vitals?.rounds ?? null,
    replaced: status.replaced,
    history: [...history],
  };
}

/** What an operator should read first. */
function errorOf({ state, lastRound }: MonitorStatus): ShownError | null {
  if (state.state === 'failed') return shownError(state.error);
  if (state.state === 'backoff') return shownError(state.reason);
  const error = lastRound?.error ?? null;
  return error === null ? null : shownError(error);
}

function pickedFacts(facts: Facts, wanted: readonly string[]): Facts {
  return Object.fromEntries(
    wanted.flatMap((name) => (Object.hasOwn(facts, name) ? [[name, facts[name] ?? null]] : [])),
  );
}
