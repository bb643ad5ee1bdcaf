/**
 * One monitor as a pool thread knows it: its definition, opened, and one thing at a time done with it. Promise:
 * each call resolves with a result, by its deadline, and publishes as the run loop of a thread would.
 */
import {
  VedetteError,
  type Clock,
  type FromWorker,
  type JsonValue,
  type PoolResult,
  type PoolStart,
} from '@vedette/contract';
import type { Publisher } from '@vedette/broker';
import type { MonitorContext, MonitorDefinition } from '../../define-monitor.js';
import { Abort } from '../abort.js';
import { contextMaker, increasingNow, workerLog, type Log } from '../context.js';
import { observe, textOf } from '../observe.js';
import { Outbox, type Delivered } from '../outbox.js';
import { Pulse, type Outcome } from '../pulse.js';
import { reportable } from '../report.js';

export interface PoolJobParts {
  readonly key: number;
  readonly start: PoolStart;
  readonly load: () => Promise<MonitorDefinition>;
  /** A line to the broker for what one round publishes. Rejects with BROKER_*. */
  readonly publisher: () => Promise<RoundPublisher>;
  readonly clock: Clock;
  readonly post: (message: FromWorker) => void;
  /** Told when the author's code is called, and when the call returned. */
  readonly onCall: (isBegun: boolean) => void;
  readonly onSettled: (durationMs: number) => void;
}

export interface RoundPublisher extends Pick<Publisher, 'publish'> {
  /** After the round. Never rejects. */
  done(): Promise<void>;
}

/** Parts of the stop deadline, as in the run loop: the rest is for the host. */
const ROUND_SHARE = 0.4;
const CLOSE_SHARE = 0.2;

export class PoolJob {
  readonly #parts: PoolJobParts;
  readonly #log: Log;
  readonly #pulse: Pulse;
  readonly #now: () => number;
  readonly #outbox: Outbox;
  readonly #contextFor: (call: Abort) => MonitorContext;
  #definition: MonitorDefinition | null = null;
  #publisher: RoundPublisher | null = null;
  #abort = new Abort();
  #stopAskedAt = Infinity;
  #steps = 0;

  constructor(parts: PoolJobParts) {
    const { start, post, clock } = parts;
    this.#parts = parts;
    this.#log = workerLog(post, start.logLevel);
    // The host writes this monitor's vitals, from its schedule.
    this.#pulse = new Pulse(null, clock, start.beatMs);
    this.#now = increasingNow(clock);
    this.#contextFor = contextMaker(start.spec, this.#now, this.#log, () => {
      this.#steps += 1;
    });
    this.#outbox = new Outbox({
      publisher: { publish: (message, options) => this.#publish(message, options) },
      pulse: this.#pulse,
      componentName: start.spec.componentName,
      now: this.#now,
      clock,
      confirmTimeoutMs: start.broker.confirmTimeoutMs,
      stopBy: () => this.#stopBy(ROUND_SHARE + CLOSE_SHARE),
      log: this.#log,
    });
  }

  get revision(): string {
    return this.#parts.start.spec.revision;
  }

  /** Aborts what its author's code does right now. */
  abort(reason: VedetteError): void {
    this.#abort.abort(reason);
    this.#pulse.wake();
  }

  /** It is to end: its round is aborted and given up by a share of the stop's deadline. */
  stop(): void {
    if (this.#isStopAsked()) return;
    this.#stopAskedAt = this.#parts.clock.monotonic();
    this.abort(stopped());
  }

  /** Null if it is open: nothing was done, or it went well. */
  async open(): Promise<Extract<PoolResult, { did: 'failed' }> | null> {
    if (this.#definition !== null) return null;
    if (this.#isStopAsked()) return this.#failed(stopped(), false);
    const loaded = await this.#authored(this.#parts.load, () => this.#stopBy(ROUND_SHARE));
    if (loaded?.isOk !== true) return this.#failed(loaded === null ? stopped() : loaded.error, true);
    const definition = loaded.value;
    const opened = await this.#authored(
      (context) => definition.open?.(context),
      () => this.#stopBy(ROUND_SHARE),
    );
    if (opened === null) return this.#failed(stopped(), false);
    if (!opened.isOk) {
      const text = `open() failed: ${textOf(opened.error)}`;
      return this.#failed(new VedetteError('MONITOR_OPEN_FAILED', text, { cause: opened.error }), false);
    }
    this.#definition = definition;
    return null;
  }

  /** `state` is this round's own copy. */
  async round(state: JsonValue): Promise<PoolResult> {
    const { key, clock, start } = this.#parts;
    const failed = this.#isStopAsked() ? null : await this.open();
    if (this.#isStopAsked()) return { key, did: 'refused' };
    if (failed !== null) return failed;
    const definition = this.#definition as MonitorDefinition;
    const abort = this.#renewAbort();
    const context = this.#contextFor(abort);
    const startedAt = clock.monotonic();
    this.#steps = 0;
    const watched = this.#pulse.watch(() => this.#called(() => definition.round(context, state)), abort);
    const observed = await observe(this.#pulse, clock, {
      abort,
      watched,
      startedAt,
      roundTimeoutMs: start.spec.limits.roundTimeoutMs,
      giveUpBy: () => this.#stopBy(ROUND_SHARE),
    });
    const durationMs = Math.round(clock.monotonic() - startedAt);
    const isSettled = watched.outcome !== null;
    if (!isSettled) void this.#untilSettled(() => watched.outcome !== null, startedAt);
    const result = observed.outcome === 'ok' ? observed.result : null;
    const { error, publishes } =
      observed.outcome === 'ok'
        ? await this.#deliver(observed.result.messages)
        : { error: observed.error, publishes: {} };
    return {
      key,
      did: 'round',
      outcome: observed.outcome,
      isSettled,
      durationMs,
      at: clock.now(),
      state: result?.state ?? null,
      facts: result?.facts ?? {},
      reported: result?.reported ?? null,
      error: error === null ? null : reportable(error),
      publishes,
      steps: this.#steps,
    };
  }

  async close(): Promise<PoolResult> {
    const definition = this.#definition;
    this.#definition = null;
    if (definition?.close !== undefined) {
      const { clock, start } = this.#parts;
      const closeBy = clock.monotonic() + start.spec.limits.stopTimeoutMs * CLOSE_SHARE;
      const closed = await this.#authored(
        (context) => definition.close?.(context),
        () => closeBy,
      );
      if (closed === null) {
        this.#abort.abort(new VedetteError('MONITOR_STOP_TIMEOUT', 'close() passed its deadline'));
        this.#log('warn', 'close() passed its deadline');
      } else if (!closed.isOk) this.#log('warn', 'close() failed', { error: closed.error });
    }
    return { key: this.#parts.key, did: 'closed' };
  }

  async #deliver(messages: Parameters<Outbox['deliver']>[0]): Promise<Delivered> {
    try {
      this.#publisher = await this.#parts.publisher();
    } catch (error) {
      const coded = error instanceof VedetteError ? error : new VedetteError('BROKER_CLOSED', textOf(error));
      return { error: coded, publishes: {} };
    }
    const delivered = await this.#outbox.deliver(messages);
    await this.#publisher.done();
    return delivered;
  }

  #publish(...[message, options]: Parameters<Publisher['publish']>): ReturnType<Publisher['publish']> {
    return this.#publisher?.publish(message, options) ?? Promise.resolve('dropped');
  }

  /** Runs code of the author outside rounds. Null if its deadline passed before it settled. */
  async #authored<T>(
    action: (context: MonitorContext) => T | PromiseLike<T>,
    deadline: () => number,
  ): Promise<Outcome<T> | null> {
    const abort = this.#renewAbort();
    const watched = this.#pulse.watch(() => this.#called(() => action(this.#contextFor(abort))), abort);
    await this.#pulse.until(() => watched.outcome !== null, deadline);
    return watched.outcome;
  }

  #called<T>(action: () => T): T {
    this.#parts.onCall(true);
    try {
      return action();
    } finally {
      this.#parts.onCall(false);
    }
  }

  async #untilSettled(isSettled: () => boolean, startedAt: number): Promise<void> {
    await this.#pulse.until(isSettled, () => Infinity);
    this.#parts.onSettled(this.#parts.clock.monotonic() - startedAt);
  }

  #failed(error: unknown, permanent: boolean): Extract<PoolResult, { did: 'failed' }> {
    return { key: this.#parts.key, did: 'failed', error: reportable(error), permanent };
  }

  #renewAbort(): Abort {
    this.#abort = new Abort();
    return this.#abort;
  }

  #isStopAsked(): boolean {
    return this.#stopAskedAt !== Infinity;
  }

  #stopBy(share: number): number {
    return this.#stopAskedAt + this.#parts.start.spec.limits.stopTimeoutMs * share;
  }
}

function stopped(): VedetteError {
  return new VedetteError('SUPERVISOR_STOPPED', 'the monitor was asked to stop');
}
