/**
 * The work loop of one monitor: load, open, round after round, close. Each wait beats, each wait has a
 * deadline, rounds never overlap, and nothing is published twice or after an abort.
 */
import {
  nextDue,
  VedetteError,
  type Clock,
  type FromWorker,
  type JsonValue,
  type StartData,
  type VitalsWriter,
} from '@vedette/contract';
import type { Publisher } from '@vedette/broker';
import type { MonitorContext, MonitorDefinition } from '../define-monitor.js';
import { Abort } from './abort.js';
import { contextMaker, increasingNow, workerLog, type Log } from './context.js';
import { observe, textOf, type Observed } from './observe.js';
import { Outbox } from './outbox.js';
import { copyJson } from './plain-json.js';
import { Pulse, type Outcome, type Watched } from './pulse.js';
import { reportable } from './report.js';

export interface RunLoopParts {
  readonly start: StartData;
  /** Rejects with MONITOR_MODULE_*, which no restart heals. */
  readonly load: () => Promise<MonitorDefinition>;
  readonly publisher: Publisher;
  readonly vitals: VitalsWriter;
  readonly clock: Clock;
  readonly post: (message: FromWorker) => void;
  /** Called after each round, before the wait for the next. */
  readonly tidy?: () => void;
  /** Called before code of the author runs. */
  readonly enter?: () => void;
}

/** Parts of the stop deadline at which each phase ends; the rest is for the thread itself. */
const STOP_SHARES = { round: 0.4, close: 0.6, link: 0.8 } as const;
type StopPhase = keyof typeof STOP_SHARES;
/** Outstanding confirms get this long. */
const LINK_CLOSE_MS = 500;

export class RunLoop {
  readonly #parts: RunLoopParts;
  readonly #log: Log;
  readonly #pulse: Pulse;
  readonly #outbox: Outbox;
  readonly #contextFor: (call: Abort) => MonitorContext;
  #state: JsonValue;
  #isRoundAsked = false;
  /** Monotonic instant a stop was asked; Infinity before. */
  #stopAskedAt = Infinity;
  /** Of what the author's code does right now. */
  #abort = new Abort();
  /** Calls of the author's code that have not settled. */
  readonly #open = new Set<Watched<unknown>>();

  constructor(parts: RunLoopParts) {
    const { start, publisher, vitals, clock, post } = parts;
    const { spec } = start;
    const now = increasingNow(clock);
    this.#parts = parts;
    this.#state = start.state;
    this.#log = workerLog(post, start.logLevel);
    this.#pulse = new Pulse(vitals, clock, start.beatMs);
    this.#contextFor = contextMaker(spec, now, this.#log, () => {
      vitals.step();
    });
    this.#outbox = new Outbox({
      publisher,
      pulse: this.#pulse,
      componentName: spec.componentName,
      now,
      clock,
      confirmTimeoutMs: start.broker.confirmTimeoutMs,
      stopBy: () => this.#stopBy('close'),
      log: this.#log,
    });
  }

  /** Code of the author was given up and may still run. */
  get hasLeftovers(): boolean {
    return [...this.#open].some(({ outcome }) => outcome === null);
  }

  /** Ends the run in order: the round is aborted, then `close()`, then the broker link. */
  stop(): void {
    if (this.#isStopAsked()) return;
    this.#stopAskedAt = this.#parts.clock.monotonic();
    this.#abort.abort(new VedetteError('SUPERVISOR_STOPPED', 'the monitor was asked to stop'));
    this.#pulse.wake();
  }

  /** Aborts the round under way, if there is one. */
  abortRound(): void {
    const text = 'the round was aborted by the supervisor';
    this.#abort.abort(new VedetteError('MONITOR_ROUND_TIMEOUT', text));
    this.#pulse.wake();
  }

  /** The next round begins now, or right after the one under way. */
  roundNow(): void {
    this.#isRoundAsked = true;
    this.#pulse.wake();
  }

  /** Resolves when the run is over and its last word is posted: true after a stop, false after a failure. */
  async run(): Promise<boolean> {
    const definition = await this.#begin();
    if (definition !== null) await this.#rounds(definition);
    await this.#closeLink();
    if (this.#isStopAsked()) this.#parts.post({ type: 'stopped' });
    return this.#isStopAsked();
  }

  /** Loads and opens. Null if the run ends here, be it by a failure or by a stop. */
  async #begin(): Promise<MonitorDefinition | null> {
    const { load, post } = this.#parts;
    const loaded = await this.#authored(load, 'round');
    if (loaded === null || this.#isStopAsked()) return null;
    if (!loaded.isOk) return this.#fail(loaded.error, true);
    const definition = loaded.value;
    const opened = await this.#authored((context) => definition.open?.(context), 'round');
    if (this.#isStopAsked()) {
      if (opened?.isOk === true) await this.#close(definition);
      return null;
    }
    if (opened?.isOk === false) {
      const text = `open() failed: ${textOf(opened.error)}`;
      return this.#fail(new VedetteError('MONITOR_OPEN_FAILED', text, { cause: opened.error }), false);
    }
    post({ type: 'ready' });
    return definition;
  }

  async #rounds(definition: MonitorDefinition): Promise<void> {
    const { clock, start } = this.#parts;
    let due = clock.monotonic() + start.firstRoundDelayMs;
    for (;;) {
      const dueAt = due;
      await this.#pulse.until(
        () => this.#isStopAsked() || this.#isRoundAsked,
        () => dueAt,
      );
      if (this.#isStopAsked()) break;
      if (this.#isRoundAsked) due = clock.monotonic();
      this.#isRoundAsked = false;
      await this.#round(definition);
      due = nextDue(due, clock.monotonic(), start.spec.periodMs);
      this.#parts.tidy?.();
    }
    await this.#close(definition);
  }

  async #round(definition: MonitorDefinition): Promise<void> {
    const { clock, vitals, start } = this.#parts;
    const abort = this.#renewAbort();
    const context = this.#contextFor(abort);
    const startedAt = clock.monotonic();
    vitals.beginRound();
    // A copy: a round that fails half way must not leave its changes in the state.
    const state = copyJson(this.#state);
    const watched = this.#callAuthor(() => definition.round(context, state), abort);
    const observed = await observe(this.#pulse, clock, {
      abort,
      watched,
      startedAt,
      roundTimeoutMs: start.spec.limits.roundTimeoutMs,
      giveUpBy: () => this.#stopBy('round'),
    });
    const durationMs = Math.round(clock.monotonic() - startedAt);
    // The round word moves before publishing: a slow broker must not look like a round that hangs.
    if (watched.outcome !== null) vitals.endRound(durationMs);
    if (observed.outcome !== 'timeout' || !this.#isStopAsked()) await this.#conclude(observed, durationMs);
    if (watched.outcome !== null) return;
    // It ignores its signal. Another round beside it could do harm, so the loop only beats and waits to
    // be ended by the supervisor; should the round settle after all, the next is on time.
    await this.#pulse.until(
      () => watched.outcome !== null || this.#isStopAsked(),
      () => Infinity,
    );
    if (!this.#isStopAsked()) vitals.endRound(clock.monotonic() - startedAt);
  }

  /** Publishes a good round and tells the supervisor of every one. */
  async #conclude(observed: Observed, durationMs: number): Promise<void> {
    const result = observed.outcome === 'ok' ? observed.result : null;
    if (result !== null) this.#state = result.state;
    const { error, publishes } =
      observed.outcome === 'ok'
        ? await this.#outbox.deliver(observed.result.messages)
        : { error: observed.error, publishes: {} };
    this.#parts.post({
      type: 'round-ended',
      outcome: observed.outcome,
      durationMs,
      at: this.#parts.clock.now(),
      state: this.#state,
      facts: result?.facts ?? {},
      reported: result?.reported ?? null,
      error: error === null ? null : reportable(error),
      publishes,
    });
  }

  async #close(definition: MonitorDefinition): Promise<void> {
    const closed = await this.#authored((context) => definition.close?.(context), 'close');
    if (closed === null) {
      this.#abort.abort(new VedetteError('MONITOR_STOP_TIMEOUT', 'close() passed its deadline'));
      this.#log('warn', 'close() passed its deadline');
    } else if (!closed.isOk) this.#log('warn', 'close() failed', { error: closed.error });
  }

  async #closeLink(): Promise<void> {
    const { publisher, clock } = this.#parts;
    const deadline = Math.min(this.#stopBy('link'), clock.monotonic() + LINK_CLOSE_MS);
    const leftMs = Math.max(0, deadline - clock.monotonic());
    const closed = this.#pulse.watch(() => publisher.close(leftMs));
    await this.#pulse.until(
      () => closed.outcome !== null,
      () => deadline,
    );
  }

  /** Runs code of the author outside rounds. Null if a stop's deadline passed before it settled. */
  async #authored<T>(
    action: (context: MonitorContext) => T | PromiseLike<T>,
    phase: StopPhase,
  ): Promise<Outcome<T> | null> {
    const abort = this.#renewAbort();
    const watched = this.#callAuthor(() => action(this.#contextFor(abort)), abort);
    await this.#pulse.until(
      () => watched.outcome !== null,
      () => this.#stopBy(phase),
    );
    return watched.outcome;
  }

  #callAuthor<T>(action: () => T | PromiseLike<T>, abort: Abort): Watched<T> {
    for (const one of this.#open) if (one.outcome !== null) this.#open.delete(one);
    this.#parts.enter?.();
    const watched = this.#pulse.watch(action, abort);
    this.#open.add(watched);
    return watched;
  }

  #fail(error: unknown, permanent: boolean): null {
    this.#parts.post({ type: 'failed', error: reportable(error), permanent });
    return null;
  }

  #renewAbort(): Abort {
    this.#abort = new Abort();
    return this.#abort;
  }

  #isStopAsked(): boolean {
    return this.#stopAskedAt !== Infinity;
  }

  #stopBy(phase: StopPhase): number {
    return this.#stopAskedAt + this.#parts.start.spec.limits.stopTimeoutMs * STOP_SHARES[phase];
  }
}
