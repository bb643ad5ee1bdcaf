/** The health of one monitor: joins its rounds and its vitals to one word, and tells each change once. */
import type { Health, MonitorSpec, RoundOutcome } from '@vedette/contract';
import { healthOf, type HealthFacts } from './health.js';
import type { Run } from './run.js';
import type { Surroundings } from './surroundings.js';
import { watchBounds, type BadVerdict } from './watch-decision.js';
import type { Watched } from './watch.js';

export class Wellbeing {
  readonly #shared: Pick<Surroundings, 'clock' | 'watch' | 'beatMs'>;
  readonly #onChanged: (from: Health, to: Health) => void;
  readonly #facts: HealthFacts = {
    upAt: null,
    isHung: false,
    roundAt: null,
    outcome: null,
    periodMs: 0,
    firstRoundDelayMs: 0,
  };
  #word: Health = 'unknown';
  #watched: Watched | null = null;

  constructor(
    shared: Pick<Surroundings, 'clock' | 'watch' | 'beatMs'>,
    onChanged: (from: Health, to: Health) => void,
  ) {
    this.#shared = shared;
    this.#onChanged = onChanged;
  }

  get word(): Health {
    return this.#word;
  }

  /** A run begins; it is not watched before it is ready. */
  begin(spec: MonitorSpec, firstRoundDelayMs: number): void {
    this.#facts.periodMs = spec.periodMs;
    this.#facts.firstRoundDelayMs = firstRoundDelayMs;
  }

  up(run: Run, onVerdict: (verdict: BadVerdict, forMs: number) => void): void {
    const { clock, watch, beatMs } = this.#shared;
    this.#facts.upAt = clock.monotonic();
    this.#watched = watch.add(run.vitals, watchBounds(run.spec.limits, beatMs), {
      onVerdict,
      onBeat: this.#refresh,
    });
  }

  roundEnded(outcome: RoundOutcome): void {
    this.#facts.roundAt = this.#shared.clock.monotonic();
    this.#facts.outcome = outcome;
    this.#refresh();
  }

  hung(): void {
    this.#facts.isHung = true;
    this.#refresh();
  }

  /** True if what stood still has moved since the verdict. */
  hasMoved(verdict: 'hung' | 'round-timeout'): boolean {
    return this.#watched?.hasMoved(verdict) ?? false;
  }

  recovered(): void {
    this.#facts.isHung = false;
    this.#watched?.resume();
    this.#refresh();
  }

  /** The run is stopping or has ended: nothing is known any more. */
  down(): void {
    if (this.#watched !== null) this.#shared.watch.remove(this.#watched);
    this.#watched = null;
    this.#facts.upAt = null;
    this.#facts.isHung = false;
    this.#facts.roundAt = null;
    this.#facts.outcome = null;
    this.#refresh();
  }

  readonly #refresh = (): void => {
    const from = this.#word;
    const to = healthOf(this.#facts, this.#shared.clock.monotonic());
    if (from === to) return;
    this.#word = to;
    this.#onChanged(from, to);
  };
}
