/** What is told to clients of events: from the manager's and the supervisor's own events to plain data. */
import type { MonitorsManager, ManagerEvents } from '@vedette/manager';
import type { LastRound, OfMonitor, SupervisorEvents } from '@vedette/supervisor';
import { keyFigures } from '../key-figure.js';
import { shownError, shownText } from '../shown.js';
import type { EventData, EventName } from './schemas.js';

export type Tell = <N extends EventName>(name: N, data: EventData[N], monitor: string | null) => void;

/** Tells everything from now on; returns how to end it. */
export function tellFrom(manager: MonitorsManager, tell: Tell): () => void {
  const { supervisor, broker, registry } = manager;
  const keyFigure = keyFigures(registry);
  const undo: (() => void)[] = [];
  type All = SupervisorEvents & ManagerEvents;
  const on = <K extends keyof All>(
    emitter: NodeJS.EventEmitter,
    name: K,
    hear: (event: All[K][0]) => void,
  ): void => {
    const listener = hear as (...payload: unknown[]) => void;
    emitter.on(name, listener);
    undo.push(() => emitter.off(name, listener));
  };
  const ofMonitor = <K extends keyof SupervisorEvents & EventName>(
    name: K,
    dataOf: (event: SupervisorEvents[K][0]) => EventData[K],
  ): void => {
    on(supervisor, name, (event) => {
      tell(name, dataOf(event as SupervisorEvents[K][0]), event.id);
    });
  };
  const ofManager = <K extends keyof ManagerEvents & EventName>(
    name: K,
    dataOf: (event: ManagerEvents[K][0]) => EventData[K],
  ): void => {
    on(manager, name, (event) => {
      tell(name, dataOf(event as ManagerEvents[K][0]), null);
    });
  };

  ofMonitor('monitor.state-changed', (event) => ({
    ...about(event),
    from: event.from,
    to: event.to.state,
    cause: event.cause,
    error: event.error === null ? null : shownError(event.error),
  }));
  ofMonitor('monitor.health-changed', (event) => ({ ...about(event), from: event.from, to: event.to }));
  ofMonitor('monitor.round-ended', (event) => ({
    ...about(event),
    ...shownRound(event.round),
    keyFigure: keyFigure(event.spec.kind, event.round.facts),
  }));
  ofMonitor('monitor.restarted', (event) => ({ ...about(event), cause: event.cause }));
  ofMonitor('monitor.paused', about);
  ofMonitor('monitor.resumed', about);
  ofMonitor('monitor.hung', (event) => ({ ...about(event), cause: event.cause, forMs: event.forMs }));
  ofMonitor('monitor.forced', (event) => ({
    ...about(event),
    step: event.step,
    error: shownError(event.error),
  }));
  ofMonitor('monitor.link-changed', (event) => ({
    ...about(event),
    link: event.link,
    replaced: event.replaced,
  }));
  ofMonitor('monitor.removed', ({ id, spec }) => ({ id, kind: spec.kind }));
  ofManager('manager.state-changed', (event) => event);
  ofManager('config.applied', ({ scope, changes, refusals }) => ({
    scope: shownText(scope),
    started: changes.started.length,
    restarted: changes.restarted.length,
    stopped: changes.stopped.length,
    kept: changes.kept.length,
    refused: refusals.length,
  }));
  ofManager('config.refused', ({ scope, refusal }) => ({
    scope: shownText(scope),
    refusal: { ...refusal, reason: shownText(refusal.reason) },
  }));
  ofManager('config.parked', ({ scope, refusals }) => ({
    scope: shownText(scope),
    refused: refusals.length,
  }));
  undo.push(
    broker.onLinkChanged(({ link, replaced, error }) => {
      const coded =
        error === null ? null : { code: error.code, message: shownText(error.message), remedy: error.remedy };
      tell('broker.link-changed', { link, replaced, error: coded }, null);
    }),
  );
  return () => {
    for (const off of undo.splice(0)) off();
  };
}

function about({ id, spec, attempt }: OfMonitor): { id: string; kind: string; attempt: number } {
  return { id, kind: spec.kind, attempt };
}

/** A round as events and pages of a monitor show it. */
export function shownRound({ outcome, at, durationMs, facts, reported, error, publishes }: LastRound) {
  return {
    outcome,
    at,
    durationMs,
    facts,
    reported: reported === null ? null : { code: reported.code, message: shownText(reported.message) },
    error: error === null ? null : shownError(error),
    publishes,
  };
}
