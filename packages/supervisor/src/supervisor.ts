/**
 * Keeps a set of monitor specs running. It knows no broker and no strategy: it is told the complete
 * wanted set and a host, and its events say what became of it. Stopping always ends in time.
 */
import { EventEmitter } from 'node:events';
import {
  silentLogger,
  serialiseError,
  systemClock,
  VedetteError,
  type BrokerAddress,
  type BrokerReply,
  type BrokerRequest,
  type Clock,
  type JsonValue,
  type Logger,
  type LogLevel,
  type MonitorSpec,
} from '@vedette/contract';
import { diff, type Changes } from './diff.js';
import type { SupervisorEvents } from './events.js';
import type { Host } from './hosts/host.js';
import { Journal, type JournalView } from './journal.js';
import { DEFAULT_RESTART_POLICY, type RestartPolicy } from './restart.js';
import { StartGate } from './start-gate.js';
import type { MonitorStatus } from './status.js';
import { stopAll, type StopReport } from './stop-all.js';
import { Supervised } from './supervised.js';
import type { Surroundings } from './surroundings.js';
import { Watch } from './watch.js';

/** What a {@link Supervisor} is made of; only `host` has no default. */
export interface SupervisorOptions {
  readonly host: Host;
  /**
   * How the workers reach the broker; handed to them, never read here. Default: there is none, and what monitors
   * publish is taken and told as `message.published`.
   */
  readonly broker?: BrokerAddress;
  /** Workers also report every settled publish, as `message.published`. Default: only where there is no broker. */
  readonly echo?: boolean;
  /** Least urgent level the workers send. Default `info`. */
  readonly logLevel?: LogLevel;
  readonly clock?: Clock;
  /** In [0, 1), for the jitter of back-off. Default Math.random. */
  readonly random?: () => number;
  /** Only for defects: a listener that threw, an illegal move. For the rest see `logEvents`. */
  readonly logger?: Logger;
  /** Workers between spawn and ready at a time. Default 8. */
  readonly maxConcurrentStarts?: number;
  /**
   * Spawns per second in the long run; Infinity for no limit. One that opens no connection of its own to the broker
   * counts a quarter, see {@link Host.connectionsOf}. Default 80.
   */
  readonly startsPerSecond?: number;
  /** A work loop that is not blocked beats at least this often. Default 1,000. */
  readonly beatMs?: number;
  readonly restart?: Partial<RestartPolicy>;
  /** A state change that is not in the table is refused and told here. Default: the logger. */
  readonly onIllegalMove?: (error: VedetteError) => void;
  /**
   * State a monitor left before this process, if it ran with these very settings; null if there is none. Asked
   * before each run that has no state of this process. Must not throw. Default: always null.
   */
  readonly initialState?: (id: string, revision: string) => JsonValue;
  /** The embedded broker: serves the `broker` requests of workers. A rejection is answered `nacked`. */
  readonly handleBroker?: (request: BrokerRequest) => Promise<BrokerReply>;
}

/** Publishing goes through the supervisor then, which takes every message. */
const NO_BROKER: BrokerAddress = { type: 'embedded', confirmTimeoutMs: 5_000 };

function takeAll({ id }: BrokerRequest): Promise<BrokerReply> {
  return Promise.resolve({ id, outcome: 'confirmed' });
}

/** How long a stop may take. */
export interface StopOptions {
  /** From here to the kill of what is left. Default 5,000. */
  readonly deadlineMs?: number;
  /** When it aborts, the deadline has come. */
  readonly signal?: AbortSignal;
}

/**
 * Keeps what {@link Supervisor.apply} names running, and says what becomes of it through the typed events of
 * {@link SupervisorEvents}. `await using` stops it.
 */
export class Supervisor extends EventEmitter<SupervisorEvents> {
  readonly #monitors = new Map<string, Supervised>();
  readonly #shared: Surroundings;
  readonly #logger: Logger;
  readonly #keyOf: (spec: MonitorSpec) => string;
  #wantedCount = 0;
  #stopping: Promise<StopReport> | null = null;

  constructor(options: SupervisorOptions) {
    super();
    const clock = options.clock ?? systemClock;
    const beatMs = options.beatMs ?? 1_000;
    this.#logger = options.logger ?? silentLogger;
    const { host } = options;
    this.#keyOf = (spec) => `${spec.revision} ${host.choiceOf?.(spec) ?? ''}`;
    this.#shared = {
      host,
      broker: options.broker ?? NO_BROKER,
      clock,
      random: options.random ?? Math.random,
      gate: new StartGate({
        maxConcurrent: options.maxConcurrentStarts ?? 8,
        perSecond: options.startsPerSecond ?? 80,
        clock,
      }),
      watch: new Watch(clock, beatMs),
      journal: new Journal(() => clock.now()),
      policy: { ...DEFAULT_RESTART_POLICY, ...options.restart },
      beatMs,
      echo: options.echo ?? options.broker === undefined,
      logLevel: options.logLevel ?? 'info',
      emit: (name, payload) => {
        this.#emitSafely(name, payload);
      },
      onIllegalMove:
        options.onIllegalMove ??
        ((error) => {
          this.#defect('A state change is not in the table and was refused', error);
        }),
      initialState: options.initialState ?? (() => null),
      handleBroker: options.handleBroker ?? (options.broker === undefined ? takeAll : null),
      keyOf: this.#keyOf,
      wantedCount: () => this.#wantedCount,
      onGone: (monitor) => {
        this.#forget(monitor);
      },
    };
  }

  /**
   * Takes the complete wanted set. What is to be done is known on return, the work goes on per id.
   * Throws a TypeError if two specs share an id, and SUPERVISOR_STOPPED after `stop()`; then nothing
   * has changed.
   */
  apply(specs: readonly MonitorSpec[]): Changes {
    if (this.#stopping !== null) {
      throw new VedetteError('SUPERVISOR_STOPPED', 'apply() was called after stop()');
    }
    const changes = diff(this.#present(), specs, this.#keyOf);
    this.#wantedCount = specs.length;
    for (const id of changes.stopped) this.#monitors.get(id)?.want(null);
    for (const spec of specs) {
      // Of thousands most are as they were, to the very object.
      const known = this.#monitors.get(spec.id);
      if (known?.isWanted !== true || known.spec !== spec) this.#monitorOf(spec).want(spec);
    }
    return changes;
  }

  /** What `apply` would do with this set; nothing is done. Throws a TypeError if two specs share an id. */
  plan(specs: readonly MonitorSpec[]): Changes {
    return diff(this.#present(), specs, this.#keyOf);
  }

  /** Stops one monitor until `resume`, for as long as it is wanted. False if it is not wanted or is paused. */
  pause(id: string): boolean {
    return this.#monitors.get(id)?.pause() ?? false;
  }

  /** Lets a paused monitor run again. False if it is not paused. */
  resume(id: string): boolean {
    return this.#monitors.get(id)?.resume() ?? false;
  }

  /** A new run of one monitor as soon as possible, also out of `failed`. False if it is not wanted or is paused. */
  restart(id: string): boolean {
    return this.#monitors.get(id)?.restart() ?? false;
  }

  /** Asks one monitor for a round now. False unless it is running. */
  runRound(id: string): boolean {
    return this.#monitors.get(id)?.runRound() ?? false;
  }

  /** Undefined for an id that is neither wanted nor still stopping. */
  status(id: string): MonitorStatus | undefined {
    return this.#monitors.get(id)?.status();
  }

  /** Ids of all monitors, in the order in which they became wanted: for those who look at many in pieces. */
  ids(): string[] {
    return [...this.#monitors.keys()];
  }

  /** The settings wanted; those of an older revision may still run. */
  spec(id: string): MonitorSpec | undefined {
    return this.#monitors.get(id)?.spec;
  }

  /** All monitors, in the order in which they became wanted. */
  snapshot(): MonitorStatus[] {
    return [...this.#monitors.values()].map((monitor) => monitor.status());
  }

  /** What was done to monitors, as far as it is remembered; `journalProblems` judges it. */
  journal(): JournalView {
    return this.#shared.journal.view();
  }

  /**
   * Stops all in parallel, each within its own limit. At `deadlineMs`, or when `signal` aborts, what is left
   * is killed; 500 ms later this resolves, whatever the workers do. Called again it gives the same
   * promise. Never rejects.
   */
  stop(options: StopOptions = {}): Promise<StopReport> {
    this.#stopping ??= this.#stopAll(options);
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stopAll({ deadlineMs = 5_000, signal }: StopOptions): Promise<StopReport> {
    this.#wantedCount = 0;
    const report = await stopAll(this.#monitors, {
      deadlineMs,
      signal,
      clock: this.#shared.clock,
      events: this,
    });
    this.#shared.gate.close();
    return report;
  }

  /** Revisions of what is wanted now. */
  #present(): Map<string, string> {
    const present = new Map<string, string>();
    for (const [id, monitor] of this.#monitors) {
      if (monitor.isWanted) present.set(id, this.#keyOf(monitor.spec));
    }
    return present;
  }

  #monitorOf(spec: MonitorSpec): Supervised {
    const known = this.#monitors.get(spec.id);
    if (known !== undefined) return known;
    const monitor = new Supervised(spec, this.#shared);
    this.#monitors.set(spec.id, monitor);
    return monitor;
  }

  #forget(monitor: { readonly spec: MonitorSpec }): void {
    const { spec } = monitor;
    if (this.#monitors.get(spec.id) !== monitor) return;
    this.#monitors.delete(spec.id);
    this.#emitSafely('monitor.removed', { id: spec.id, spec });
  }

  /** A listener that throws stops neither the other listeners nor the step that is being told. */
  #emitSafely<K extends keyof SupervisorEvents>(name: K, payload: SupervisorEvents[K][0]): void {
    for (const listener of this.rawListeners(name)) {
      try {
        Reflect.apply(listener, this, [payload]);
      } catch (error) {
        this.#defect('An event listener threw', error, { event: name });
      }
    }
  }

  #defect(sentence: string, error: unknown, fields: Readonly<Record<string, string>> = {}): void {
    this.#logger.log('error', sentence, { component: 'supervisor', ...fields, err: serialiseError(error) });
  }
}
