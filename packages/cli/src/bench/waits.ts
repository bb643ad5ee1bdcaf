/** Waits of `vedette bench`. Promise: each ends by its deadline, and leaves no listener and no timer. */
import type { MonitorSpec } from '@vedette/contract';
import type { Supervisor, SupervisorEvents } from '@vedette/supervisor';

/**
 * Resolves with the instant (`performance.now()`) at which an event of each of `specs` has passed `isMeant`; a
 * monitor that cannot start rejects it at once.
 */
export function seen<K extends 'monitor.state-changed' | 'monitor.round-ended'>(
  supervisor: Supervisor,
  name: K,
  specs: readonly MonitorSpec[],
  isMeant: (event: SupervisorEvents[K][0]) => boolean,
  deadlineMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const missing = new Set(specs.map(({ id }) => id));
    const listener = (event: SupervisorEvents[K][0]): void => {
      if (!isMeant(event)) return;
      missing.delete(event.id);
      if (missing.size === 0) end(() => resolve(performance.now()));
    };
    const onState = ({ id, to }: SupervisorEvents['monitor.state-changed'][0]): void => {
      if (to.state !== 'failed' || !missing.has(id)) return;
      end(() => reject(new Error(`${id} cannot run: ${to.error.code ?? ''} ${to.error.message}`)));
    };
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      (supervisor.off as (name: string, listener: unknown) => void).call(supervisor, name, listener);
      supervisor.off('monitor.state-changed', onState);
      settle();
    };
    const timer = setTimeout(() => {
      const what = `${missing.size} of ${specs.length} monitors`;
      end(() => reject(new Error(`${what} did not get there within ${Math.round(deadlineMs)} ms`)));
    }, deadlineMs);
    (supervisor.on as (name: string, listener: unknown) => void).call(supervisor, name, listener);
    supervisor.on('monitor.state-changed', onState);
  });
}

export function settled(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
