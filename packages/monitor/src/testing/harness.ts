/**
 * A monitor under test: the run loop of a worker, with a clock that stands still until the test moves it and a
 * publisher that keeps what it gets. Promise: what a round does here it does in production, and no wait is endless.
 */
import {
  createVitals,
  EXCHANGES,
  monitorSpec,
  PROTOCOL_VERSION,
  reviveError,
  VedetteError,
  VitalsWriter,
  withRevision,
  type Facts,
  type FromWorker,
  type JsonObject,
  type JsonValue,
  type LogLevel,
  type MonitorLimits,
  type MonitorSpec,
  type ReportedError,
  type RoundOutcome,
  type SerialisedError,
} from '@vedette/contract';
import type { MonitorDefinition, MonitorIdentity } from '../define-monitor.js';
import { copyJson } from '../worker/plain-json.js';
import { RunLoop } from '../worker/run-loop.js';
import { CapturedPublisher } from './captured-publisher.js';
import { FakeClock } from './fake-clock.js';

/** What a test says of the monitor; all but `settings` has a default. */
export interface HarnessOptions<S = JsonObject> {
  /** What `context.settings` is; plain JSON, as a strategy would have checked it. */
  readonly settings: S;
  /** What an earlier run left. Default null: there was none. */
  readonly state?: JsonValue;
  /** Over `{ id: 'own:test', kind: 'own', name: 'test', ... }`. */
  readonly monitor?: Partial<MonitorIdentity>;
  /** Start of a round to start of the next, milliseconds. Default 10,000. */
  readonly periodMs?: number;
  /** Over `DEFAULT_LIMITS`: a round may take 30,000 ms, a stop 3,000. */
  readonly limits?: Partial<MonitorLimits>;
  /** What the clock shows at first, epoch milliseconds. Default 1,700,000,000,000. */
  readonly nowMs?: number;
  /** Longest wait for anything, in real milliseconds. Default 10,000. */
  readonly patienceMs?: number;
}

/** A message as it goes on the wire. */
export interface CapturedMessage {
  readonly exchange: string;
  readonly routingKey: string;
  /** The body as a consumer parses it. */
  readonly body: JsonValue;
  /** The body's text: reals keep their `.0`, whole numbers have none. */
  readonly text: string;
}

/** One line the monitor logged, with credentials masked. */
export interface CapturedLog {
  readonly level: LogLevel;
  readonly sentence: string;
  readonly fields: JsonObject;
}

/** What became of one round. */
export interface PlayedRound {
  /** `failed`: it threw. `timeout`: its signal aborted. Nothing is published then, and the state stays. */
  readonly outcome: RoundOutcome;
  /** In order; without the worker's heartbeat. */
  readonly messages: readonly CapturedMessage[];
  /** What the next round gets. */
  readonly state: JsonValue;
  readonly facts: Facts;
  /** The coded error the round published; null for a result. */
  readonly reported: ReportedError | null;
  /** Why it was not `ok`; what a round throws without a code becomes MONITOR_ROUND_FAILED. */
  readonly error: SerialisedError | null;
  readonly logs: readonly CapturedLog[];
}

/** Plays a monitor's rounds. End it with {@link MonitorHarness.stop}, or `await using` it. */
export class MonitorHarness<S = JsonObject> {
  /** What `context.now()` and every deadline of Vedette go by. */
  readonly clock: FakeClock;
  readonly #publisher = new CapturedPublisher();
  readonly #spec: MonitorSpec;
  readonly #loop: RunLoop;
  readonly #patienceMs: number;
  readonly #opened: Promise<void>;
  readonly #ended: Promise<unknown>;
  readonly #waiting: ((round: PlayedRound) => void)[] = [];
  #settleOpen: (failure: SerialisedError | null) => void = () => undefined;
  #logs: CapturedLog[] = [];
  #state: JsonValue;

  /** Throws MONITOR_ROUND_FAILED for settings or a state that are not plain JSON. */
  constructor(definition: MonitorDefinition<S>, options: HarnessOptions<S>) {
    const { state = null, patienceMs = 10_000, nowMs } = options;
    this.clock = nowMs === undefined ? new FakeClock() : new FakeClock(undefined, nowMs);
    this.#patienceMs = patienceMs;
    this.#state = copyJson(state);
    this.#spec = specOf(options);
    this.#opened = new Promise((resolve, reject) => {
      this.#settleOpen = (failure) => {
        if (failure === null) resolve();
        else reject(reviveError(failure, 'MONITOR_OPEN_FAILED'));
      };
    });
    // A test that only looks at `close` need not ask for it.
    this.#opened.catch(() => undefined);
    const vitals = createVitals();
    this.#loop = new RunLoop({
      start: {
        version: PROTOCOL_VERSION,
        attempt: 1,
        spec: this.#spec,
        broker: { type: 'embedded', confirmTimeoutMs: 10_000 },
        state: this.#state,
        vitals,
        slot: 0,
        beatMs: 1_000,
        firstRoundDelayMs: this.#spec.periodMs,
        reconnectSpreadMs: 0,
        echo: false,
        logLevel: 'debug',
      },
      load: () => Promise.resolve(definition as unknown as MonitorDefinition),
      publisher: this.#publisher,
      vitals: new VitalsWriter(vitals),
      clock: this.clock,
      // A copy, as across the border of a thread.
      post: (message) => {
        this.#note(structuredClone(message));
      },
    });
    this.#ended = this.#loop.run();
  }

  /** What the next round gets. */
  get state(): JsonValue {
    return this.#state;
  }

  /**
   * Plays a round now, `open` before the first. Rejects with MONITOR_OPEN_FAILED if `open` threw, and with
   * MONITOR_ROUND_TIMEOUT if the round did not end within `patienceMs`; a round that fails is a result.
   */
  async round(): Promise<PlayedRound> {
    await this.#inTime(this.#opened, 'open() did not end');
    const played = this.next();
    this.#loop.roundNow();
    return played;
  }

  /** The round that ends next: one that is under way, or that {@link MonitorHarness.advance} makes due. */
  async next(): Promise<PlayedRound> {
    const played = new Promise<PlayedRound>((resolve) => {
      this.#waiting.push(resolve);
    });
    return this.#inTime(played, 'no round ended; one that waits for its deadline needs advance()');
  }

  /** Moves the clock: what falls due happens, a round past its deadline is aborted. */
  async advance(ms: number): Promise<void> {
    await this.#inTime(this.#opened, 'open() did not end');
    await this.clock.advance(ms);
  }

  /** Aborts the round under way, as the supervisor does with one that stands still. */
  abort(): void {
    this.#loop.abortRound();
  }

  /**
   * Stops in order: a round under way is aborted, then `close`. What does not obey is given up when the stop's own
   * time is over, which the clock is moved to after `patienceMs`.
   */
  async stop(): Promise<void> {
    this.#loop.stop();
    const obeyed = await this.#inTime(this.#ended, '').then(
      () => true,
      () => false,
    );
    if (!obeyed) await this.clock.advance(this.#spec.limits.stopTimeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #note(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#settleOpen(null);
        return;
      case 'failed':
        this.#settleOpen(message.error);
        return;
      case 'log': {
        const { level, sentence, fields } = message;
        this.#logs.push({ level, sentence, fields });
        return;
      }
      case 'round-ended':
        this.#state = message.state;
        this.#conclude(message);
        return;
      default:
    }
  }

  #conclude(ended: Extract<FromWorker, { type: 'round-ended' }>): void {
    const { outcome, state, facts, reported, error } = ended;
    const sent = this.#publisher.sent.splice(0).map(({ message }) => message);
    const logs = this.#logs;
    this.#logs = [];
    const messages = sent
      .filter(({ exchange }) => exchange !== EXCHANGES.healthCheck)
      .map(({ content: text, ...rest }) => ({ ...rest, text, body: JSON.parse(text) as JsonValue }));
    const played = { outcome, messages, state, facts, reported, error, logs };
    for (const resolve of this.#waiting.splice(0)) resolve(played);
  }

  /** Real time: the clock of the test stands still while a monitor waits for a socket. */
  async #inTime<T>(wanted: Promise<T>, text: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const details = { id: this.#spec.id, patienceMs: this.#patienceMs };
        const sentence = `within ${this.#patienceMs} ms of real time ${text}`;
        reject(new VedetteError('MONITOR_ROUND_TIMEOUT', sentence, { details }));
      }, this.#patienceMs);
    });
    try {
      return await Promise.race([wanted, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function specOf<S>({
  settings,
  monitor = {},
  periodMs = 10_000,
  limits = {},
}: HarnessOptions<S>): MonitorSpec {
  const { id = 'own:test', kind = 'own', name = 'test', componentName, configId, ...chain } = monitor;
  const plain = copyJson(settings, 'settings') as JsonObject;
  const { revision: _revision, ...spec } = monitorSpec({
    id,
    kind,
    name,
    module: 'file:///under-test.mjs',
    periodMs,
    limits,
    settings: plain,
  });
  return withRevision({
    ...spec,
    ...(componentName === undefined ? {} : { componentName }),
    origin: { ...spec.origin, ...(configId === undefined ? {} : { configId }), ...chain },
  });
}
