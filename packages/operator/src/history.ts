/** What became of each monitor's state and health, newest last. Promise: fifty entries each, gone with the monitor. */
import type { Clock, RestartCause } from '@vedette/contract';
import type { HealthChanged, StateChanged, Supervisor } from '@vedette/supervisor';
import { shownError, type ShownError } from './shown.js';

const KEPT = 50;

export interface HistoryEntry {
  readonly at: number;
  readonly what: 'state' | 'health';
  readonly from: string;
  readonly to: string;
  readonly attempt: number;
  readonly cause: RestartCause | null;
  readonly error: ShownError | null;
}

export class History {
  readonly #entries = new Map<string, HistoryEntry[]>();
  readonly #stop: () => void;

  constructor(supervisor: Supervisor, clock: Pick<Clock, 'now'>) {
    const onState = ({ id, from, to, attempt, cause, error }: StateChanged): void => {
      const shown = error === null ? null : shownError(error);
      this.#note(id, { at: clock.now(), what: 'state', from, to: to.state, attempt, cause, error: shown });
    };
    const onHealth = ({ id, from, to, attempt }: HealthChanged): void => {
      this.#note(id, { at: clock.now(), what: 'health', from, to, attempt, cause: null, error: null });
    };
    const onRemoved = ({ id }: { readonly id: string }): void => {
      this.#entries.delete(id);
    };
    supervisor.on('monitor.state-changed', onState);
    supervisor.on('monitor.health-changed', onHealth);
    supervisor.on('monitor.removed', onRemoved);
    this.#stop = () => {
      supervisor.off('monitor.state-changed', onState);
      supervisor.off('monitor.health-changed', onHealth);
      supervisor.off('monitor.removed', onRemoved);
    };
  }

  of(id: string): readonly HistoryEntry[] {
    return this.#entries.get(id) ?? [];
  }

  stop(): void {
    this.#stop();
  }

  #note(id: string, entry: HistoryEntry): void {
    const entries = this.#entries.get(id) ?? [];
    this.#entries.set(id, entries);
    entries.push(entry);
    if (entries.length > KEPT) entries.shift();
  }
}
