/**
 * Who is alive and who was found dead, for each of the six old managers. Promise: a death is told once, also
 * if its monitor runs again long before anybody asks; what is down now is told each time.
 */
import { FAMILY_NAMES, type Family, type RestartCause } from '@vedette/contract';
import type { MonitorStatus, OfMonitor, Supervisor } from '@vedette/supervisor';

/** What a heartbeat says, taken at the moment of the ping. */
export interface Roll {
  /** Component names of monitors whose work loop moves. */
  readonly running: readonly string[];
  /** Found dead, hung or failed since the last answer, although most run again already. */
  readonly dead: readonly string[];
}

/** Ends of a run nobody needs to be told of as a death. */
const PLANNED: ReadonlySet<RestartCause> = new Set(['config-changed', 'requested', 'memory-mark', 'moved']);

/** Who is alive, who died since it was last asked: by family, as PANIC wants to know it. */
export class RollCall {
  readonly #supervisor: Supervisor;
  /** Ids that died since the last call. */
  readonly #deaths = new Set<string>();
  /** Id to the run whose death is known or told already. */
  readonly #known = new Map<string, number>();
  /** Ids whose worker can neither be ended nor replaced. */
  readonly #stuck = new Set<string>();

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
    supervisor.on('monitor.hung', (of) => {
      this.#note(of);
    });
    supervisor.on('monitor.forced', ({ id, step }) => {
      if (step === 'abandoned') this.#stuck.add(id);
    });
    supervisor.on('monitor.state-changed', (of) => {
      const wasUp = of.from === 'running' || of.from === 'starting';
      if (wasUp && of.cause !== null && !PLANNED.has(of.cause)) this.#note(of);
      if (of.to.state !== 'stopping') this.#stuck.delete(of.id);
    });
    supervisor.on('monitor.removed', ({ id }) => {
      this.#deaths.delete(id);
      this.#known.delete(id);
      this.#stuck.delete(id);
    });
  }

  /** Per manager, monitors in the order of the supervisor. Forgets the deaths it tells. */
  take(): ReadonlyMap<Family, Roll> {
    const rolls = new Map(FAMILY_NAMES.map((family) => [family, { running: [], dead: [] } as OpenRoll]));
    for (const status of this.#supervisor.snapshot()) {
      const roll = rolls.get(status.origin.family);
      if (status.state.state === 'running' && status.health !== 'hung')
        roll?.running.push(status.componentName);
      if (!this.#isDown(status) && !this.#deaths.has(status.id)) continue;
      roll?.dead.push(status.componentName);
      this.#known.set(status.id, status.attempt);
    }
    this.#deaths.clear();
    return rolls;
  }

  #isDown({ id, state, health }: MonitorStatus): boolean {
    return state.state === 'failed' || state.state === 'backoff' || health === 'hung' || this.#stuck.has(id);
  }

  /** A run that hangs and is then killed died once. */
  #note({ id, attempt }: OfMonitor): void {
    if (this.#known.get(id) === attempt) return;
    this.#known.set(id, attempt);
    this.#deaths.add(id);
  }
}

interface OpenRoll {
  readonly running: string[];
  readonly dead: string[];
}
