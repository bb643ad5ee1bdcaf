/** The end of a supervisor: all monitors stop in parallel, and it is over in time whatever they do. */
import type { EventEmitter } from 'node:events';
import type { Clock, MonitorSpec } from '@vedette/contract';
import type { Forced, SupervisorEvents } from './events.js';
import type { ForcedStep } from './run.js';
import type { Supervised } from './supervised.js';

/** A monitor that did not stop in time. */
export interface ForcedStop {
  readonly id: string;
  readonly componentName: string;
  /** `abandoned`: its worker is still there. */
  readonly step: ForcedStep;
}

/** What {@link Supervisor.stop} did. */
export interface StopReport {
  /** Ids whose worker is gone. */
  readonly stopped: readonly string[];
  readonly forced: readonly ForcedStop[];
  readonly elapsedMs: number;
}

/** From the last kill to the end of waiting. */
const LAST_WAIT_MS = 500;

export interface StopParts {
  readonly deadlineMs: number;
  /** Brings the deadline forward to its abort. */
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly events: EventEmitter<SupervisorEvents>;
}

/** `monitors` loses each one that has gone, before `monitor.removed` is told. */
export async function stopAll(
  monitors: ReadonlyMap<string, Supervised>,
  { deadlineMs, signal, clock, events }: StopParts,
): Promise<StopReport> {
  const startedAt = clock.monotonic();
  const all = [...monitors.values()];
  const forced = new Map<string, ForcedStop>();
  const note = ({ id, componentName }: MonitorSpec, step: ForcedStep) =>
    forced.set(id, { id, componentName, step });
  const onForced = ({ spec, step }: Forced) => note(spec, step);
  events.on('monitor.forced', onForced);
  await new Promise<void>((resolve) => {
    const force = () => {
      cancel();
      signal?.removeEventListener('abort', force);
      for (const monitor of all) monitor.force();
      cancel = clock.after(LAST_WAIT_MS, finish);
    };
    let cancel = clock.after(signal?.aborted === true ? 0 : deadlineMs, force);
    signal?.addEventListener('abort', force);
    // For one that cannot be ended there is nothing to wait for.
    const look = () => {
      if ([...monitors.values()].every((monitor) => monitor.isAbandoned)) finish();
    };
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', force);
      events.off('monitor.removed', look);
      events.off('monitor.forced', look);
      resolve();
    };
    events.on('monitor.removed', look);
    events.on('monitor.forced', look);
    for (const monitor of all) monitor.want(null);
    look();
  });
  events.off('monitor.forced', onForced);
  for (const monitor of monitors.values()) note(monitor.spec, 'abandoned');
  return {
    stopped: all.map(({ spec }) => spec.id).filter((id) => !monitors.has(id)),
    forced: [...forced.values()],
    elapsedMs: clock.monotonic() - startedAt,
  };
}
