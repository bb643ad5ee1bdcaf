/**
 * One run of one monitor: a worker from spawn to exit. Asked to end, it ends within the deadlines
 * given or says that it will not; its exit is told exactly once.
 */
import {
  isJsonObject,
  serialiseError,
  VitalsReader,
  type Clock,
  type FromWorker,
  type MonitorSpec,
  type Placement,
  type RestartCause,
  type SerialisedError,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import { monitorError } from './errors.js';
import type { Host, WorkerExit, WorkerHandle } from './hosts/host.js';
import type { Journal } from './journal.js';

/** Why we end a run. `removed`: nobody wants it any more. */
export interface RunEnd {
  readonly cause: RestartCause | 'removed';
  readonly error: SerialisedError | null;
  readonly isPermanent: boolean;
}

/** `terminated`: did not stop when asked. `abandoned`: could not even be killed by its deadline. */
export type ForcedStep = 'terminated' | 'abandoned';

export interface RunListener {
  onReady(run: Run): void;
  onMessage(run: Run, message: FromWorker): void;
  onForced(run: Run, step: ForcedStep): void;
  onEnded(run: Run, exit: WorkerExit): void;
}

/** From the abort message to the kill. */
const ABORT_GRACE_MS = 50;
/** From a worker's last word to the kill, if it does not exit by itself. */
const LAST_WORD_GRACE_MS = 100;
/** From the kill to giving the worker up. */
const KILL_DEADLINE_MS = 2_000;

export class Run {
  readonly attempt: number;
  readonly spec: MonitorSpec;
  readonly vitals: VitalsReader;
  readonly #handle: WorkerHandle;
  readonly #clock: Clock;
  readonly #listener: RunListener;
  readonly #note: ReturnType<Journal['spawned']>;
  /** One deadline at a time: start, abort, stop, last word, kill. */
  #cancelDeadline: () => void = () => undefined;
  #isAskedToStop = false;
  #hasSaidLast = false;
  #hasSaidUnknown = false;
  #isKilled = false;
  #isAbandoned = false;
  #isOver = false;
  #end: RunEnd | null = null;
  #upAt: number | null = null;

  constructor(
    start: StartData,
    { host, clock, journal }: { readonly host: Host; readonly clock: Clock; readonly journal: Journal },
    listener: RunListener,
  ) {
    this.attempt = start.attempt;
    this.spec = start.spec;
    this.vitals = new VitalsReader(start.vitals, start.slot);
    this.#clock = clock;
    this.#listener = listener;
    this.#note = journal.spawned(start.spec.id, start.attempt);
    this.#handle = spawn(host, start);
    this.#handle.onMessage((message) => {
      // The author's code runs in the worker too and may post anything.
      if (!this.#isOver && isJsonObject(message)) this.#receive(message);
    });
    this.#arm(start.spec.limits.startTimeoutMs, () => {
      this.kill({ cause: 'start-timeout', error: this.#startTimeout(), isPermanent: false });
    });
    void this.#handle.exited.then((exit) => {
      this.#isOver = true;
      this.#note('ended');
      this.#cancelDeadline();
      // Its host went down with it while it was to stop: nobody else will say that it did not.
      const isTornDown = exit.reason === 'moved' && this.#isAskedToStop && !this.#hasSaidLast;
      if (isTornDown && !this.#isKilled) listener.onForced(this, 'terminated');
      listener.onEnded(this, exit);
    });
  }

  /** Null where there is but one host. */
  get placement(): Placement | null {
    return this.#handle.placement ?? null;
  }

  get hostId(): string {
    return this.#handle.hostId;
  }

  /** Monotonic instant of `ready`; null before. */
  get upAt(): number | null {
    return this.#upAt;
  }

  /** It could not be ended by its deadline: nobody can say when it will be gone. */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Why it is being ended; null while it is left alone. */
  get end(): RunEnd | null {
    return this.#end;
  }

  send(message: ToWorker): void {
    if (!this.#isOver) this.#handle.send(message);
  }

  /** First step of the ladder: `hasObeyed` is asked after the abort; if it has not, the kill follows. */
  abort(end: RunEnd, hasObeyed: () => boolean, onObeyed: () => void): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.send({ type: 'abort' });
    this.#arm(ABORT_GRACE_MS, () => {
      if (!hasObeyed()) {
        this.kill(end);
        return;
      }
      this.#end = null;
      onObeyed();
    });
  }

  /** Asks it to stop; the reason replaces an earlier one. Past `timeoutMs` it is killed and named. */
  stop(end: RunEnd, timeoutMs: number): void {
    // It hangs and is being ended already: to whoever stops it, that is by force.
    const isForcedAnyway = this.#isKilled && !this.#isAskedToStop && end.cause === 'removed';
    this.#end = end;
    if (isForcedAnyway) {
      this.#isAskedToStop = true;
      this.#listener.onForced(this, 'terminated');
    }
    if (this.#isKilled || this.#isAskedToStop || this.#hasSaidLast) return;
    this.#isAskedToStop = true;
    this.#note('stop-asked');
    this.send({ type: 'stop' });
    this.#arm(timeoutMs, () => {
      this.force();
    });
  }

  /** The deadline of a stop has come. */
  force(): void {
    if (this.#isKilled || this.#isOver) return;
    this.#listener.onForced(this, 'terminated');
    this.kill(this.#end ?? { cause: 'requested', error: null, isPermanent: false });
  }

  kill(end: RunEnd): void {
    this.#end = end;
    if (this.#isKilled || this.#isOver) return;
    this.#isKilled = true;
    this.#note('killed');
    void this.#handle.kill();
    this.#arm(KILL_DEADLINE_MS, () => {
      this.#isAbandoned = true;
      this.#note('abandoned');
      this.#listener.onForced(this, 'abandoned');
    });
  }

  /** True once: the flood of a worker that speaks another protocol is reported once. */
  isFirstUnknown(): boolean {
    const isFirst = !this.#hasSaidUnknown;
    this.#hasSaidUnknown = true;
    return isFirst;
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        if (this.#upAt !== null || this.#end !== null) return;
        this.#cancelDeadline();
        this.#upAt = this.#clock.monotonic();
        this.#note('ready');
        this.#listener.onReady(this);
        return;
      case 'failed':
        this.#end ??= {
          cause: this.#upAt === null ? 'open-failed' : 'crashed',
          error: message.error,
          isPermanent: message.permanent,
        };
        this.#expectExit();
        return;
      case 'stopped':
        this.#expectExit();
        return;
      default:
        this.#listener.onMessage(this, message);
    }
  }

  /** It said its last word; a forgotten timer or socket of its monitor must not delay what follows. */
  #expectExit(): void {
    if (this.#isKilled) return;
    this.#hasSaidLast = true;
    this.#arm(LAST_WORD_GRACE_MS, () => {
      const error = monitorError('MONITOR_EXITED', this.spec, 'said it stopped, unasked');
      this.kill(this.#end ?? { cause: 'exited', error, isPermanent: false });
    });
  }

  #arm(delayMs: number, action: () => void): void {
    this.#cancelDeadline();
    if (!this.#isOver) this.#cancelDeadline = this.#clock.after(delayMs, action);
  }

  #startTimeout(): SerialisedError {
    const { startTimeoutMs } = this.spec.limits;
    const text = `was not ready within ${startTimeoutMs} ms`;
    return monitorError('MONITOR_START_TIMEOUT', this.spec, text, { startTimeoutMs });
  }
}

/** A spawn that throws is a worker that crashed at once: one path for all failures. */
function spawn(host: Host, start: StartData): WorkerHandle {
  try {
    return host.spawn(start);
  } catch (error) {
    return {
      hostId: 'none',
      send: () => undefined,
      onMessage: () => undefined,
      exited: Promise.resolve({ reason: 'crashed', code: null, error: serialiseError(error) }),
      kill: () => Promise.resolve(),
    };
  }
}
