/** Keeps counters in step with what the manager and its supervisor tell. Promise: a monitor that is gone is forgotten. */
import type { PublishOutcome } from '@vedette/contract';
import type { MonitorsManager } from '@vedette/manager';
import type { LastRound, SupervisorEvents } from '@vedette/supervisor';
import type { Instruments } from './instruments.js';

interface Remembered {
  /** When its last round began, epoch milliseconds. */
  begunAt: number | null;
  confirmedAt: number | null;
}

/** Returns what is known of each monitor's confirmed results, and how to end it. */
export interface Tally {
  confirmedAt(id: string): number | null;
  stop(): void;
}

export function tally(manager: MonitorsManager, to: Instruments): Tally {
  const { supervisor, broker } = manager;
  const known = new Map<string, Remembered>();
  const undo: (() => void)[] = [];
  const on = <K extends keyof SupervisorEvents>(
    name: K,
    hear: (event: SupervisorEvents[K][0]) => void,
  ): void => {
    const listener = hear as (...payload: unknown[]) => void;
    (supervisor as NodeJS.EventEmitter).on(name, listener);
    undo.push(() => (supervisor as NodeJS.EventEmitter).off(name, listener));
  };

  on('monitor.state-changed', ({ to: state, spec }) => {
    if (state.state === 'starting') to.starts.inc({ kind: spec.kind });
    // A new run has its own spread: its first round is not late against the last of an older one.
    const one = known.get(spec.id);
    if (one !== undefined) one.begunAt = null;
  });
  on('monitor.restarted', ({ spec, cause }) => {
    to.restarts.inc({ kind: spec.kind, cause });
  });
  on('monitor.hung', ({ spec, cause }) => {
    to.hangs.inc({ kind: spec.kind, cause });
  });
  on('monitor.forced', ({ step }) => {
    to.forced.inc({ step });
  });
  on('monitor.removed', ({ id }) => {
    known.delete(id);
  });
  on('monitor.round-ended', ({ id, spec, round }) => {
    const { kind, periodMs } = spec;
    const one = known.get(id) ?? { begunAt: null, confirmedAt: null };
    known.set(id, one);
    to.rounds.inc({ kind, outcome: round.outcome });
    if (round.reported !== null) to.reported.inc({ kind });
    to.duration.observe({ kind }, round.durationMs / 1_000);
    for (const [outcome, count] of Object.entries(round.publishes))
      to.publishes.inc({ from: 'monitors', outcome }, count);
    const begunAt = round.at - round.durationMs;
    if (one.begunAt !== null) {
      to.lateness.observe({ kind }, Math.max(0, begunAt - one.begunAt - periodMs) / 1_000);
    }
    one.begunAt = begunAt;
    if (isConfirmed(round)) one.confirmedAt = round.at;
  });
  undo.push(
    broker.onSettled((_message, outcome: PublishOutcome) => {
      to.publishes.inc({ from: 'manager', outcome });
    }),
  );
  return {
    confirmedAt: (id) => known.get(id)?.confirmedAt ?? null,
    stop() {
      for (const off of undo.splice(0)) off();
    },
  };
}

/** The broker has all of its messages, and there was at least one. */
function isConfirmed({ outcome, publishes: { confirmed = 0, ...others } }: LastRound): boolean {
  return outcome === 'ok' && confirmed > 0 && Object.values(others).every((count) => count === 0);
}
