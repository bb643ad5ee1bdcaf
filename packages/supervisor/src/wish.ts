/** What is wanted of one monitor, whatever becomes of it. Pure state; {@link Supervised} alone writes it. */
import type { MonitorSpec } from '@vedette/contract';

export class Wish {
  #spec: MonitorSpec;
  #isWanted = false;
  #isPaused = false;
  #isRestartAsked = false;

  constructor(spec: MonitorSpec) {
    this.#spec = spec;
  }

  /** The latest; kept when it is withdrawn, as events still name it. */
  get spec(): MonitorSpec {
    return this.#spec;
  }
  get isWanted(): boolean {
    return this.#isWanted;
  }
  /** Somebody wants it down although it is wanted. */
  get isPaused(): boolean {
    return this.#isPaused;
  }
  /** A new run is to begin, whatever its state. */
  get isRestartAsked(): boolean {
    return this.#isRestartAsked;
  }
  get shallRun(): boolean {
    return this.#isWanted && !this.#isPaused;
  }

  /** Null: it shall not run. What is taken out and put back is wanted anew: a pause does not survive it. */
  set(spec: MonitorSpec | null): void {
    this.#isWanted = spec !== null;
    if (spec === null) this.#isPaused = false;
    this.#spec = spec ?? this.#spec;
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  askRestart(): void {
    this.#isRestartAsked = true;
  }

  /** It begins, or is no longer of use. */
  forgetRestart(): void {
    this.#isRestartAsked = false;
  }
}
