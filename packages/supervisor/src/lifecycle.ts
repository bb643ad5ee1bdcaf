/** The state of one monitor: the only writer of it. Each change is in the table and is told once. */
import {
  isLegalMove,
  VedetteError,
  type MonitorState,
  type RestartCause,
  type SerialisedError,
  type StateName,
} from '@vedette/contract';
import type { OfMonitor } from './events.js';
import type { Surroundings } from './surroundings.js';

export class Lifecycle {
  readonly #shared: Pick<Surroundings, 'emit' | 'onIllegalMove'>;
  readonly #about: () => OfMonitor;
  #state: MonitorState = { state: 'stopped' };

  constructor(shared: Pick<Surroundings, 'emit' | 'onIllegalMove'>, about: () => OfMonitor) {
    this.#shared = shared;
    this.#about = about;
  }

  get state(): MonitorState {
    return this.#state;
  }

  get word(): StateName {
    return this.#state.state;
  }

  /** Refuses, and reports, a move that is not in the table. */
  moveTo(to: MonitorState, cause: RestartCause | null = null, error: SerialisedError | null = null): void {
    const from = this.#state.state;
    const about = this.#about();
    if (!isLegalMove(from, to.state)) {
      const { id } = about;
      const text = `${id} may not go from ${from} to ${to.state}`;
      const details = { id, from, to: to.state };
      this.#shared.onIllegalMove(new VedetteError('SUPERVISOR_ILLEGAL_MOVE', text, { details }));
      return;
    }
    this.#state = to;
    this.#shared.emit('monitor.state-changed', { ...about, from, to, cause, error });
  }
}
