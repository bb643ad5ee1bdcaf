/**
 * Joins broker, registry and supervisor. What is wanted is stored; what must be done is derived by the
 * supervisor from comparing it with what runs.
 */
import { EventEmitter } from 'node:events';
import {
  serialiseError,
  silentLogger,
  systemClock,
  type Family,
  type MonitorSpec,
  type Refusal,
} from '@vedette/contract';
import type { Broker } from '@vedette/broker';
import type { MonitorStatus, StopOptions, StopReport, Supervisor } from '@vedette/supervisor';
import { newCounters, type ManagerCounters } from './counters.js';
import { DirectConfig } from './direct-config.js';
import { Heartbeats } from './heartbeats.js';
import type { ConfigSink, Verdict } from './intake/config-source.js';
import { scopeOf } from './intake/interpret.js';
import type { Place } from './intake/places.js';
import type { ManagerEvents, ManagerOptions, ManagerState } from './manager-options.js';
import { Monitorables } from './monitorables.js';
import type { Intake } from './monitorables-gate.js';
import { ownHeartbeat } from './own-heartbeat.js';
import { RollCall, type Roll } from './roll-call.js';
import { ScopeLog, type ScopeView } from './scope-log.js';
import { MemoryScopeStore } from './store/scope-store.js';
import type { StrategyRegistry } from './strategy-registry.js';
import { STAND_ALONE_TOPOLOGY } from './topology.js';
import { WantedState } from './wanted-state.js';

type Defaulted = ManagerOptions &
  Required<Pick<ManagerOptions, 'store' | 'isStandAlone' | 'clock' | 'logger'>>;

/** Takes config, stores it, keeps it running and says so on the broker; see {@link createManager} for the whole. */
export class MonitorsManager<B extends Broker = Broker>
  extends EventEmitter<ManagerEvents>
  implements ConfigSink
{
  readonly supervisor: Supervisor;
  readonly broker: B;
  readonly registry: StrategyRegistry;
  readonly counters: ManagerCounters = newCounters();
  /** Config from an operator: planned, applied, read again. */
  readonly config: DirectConfig;
  readonly #options: Defaulted;
  readonly #wanted: WantedState;
  readonly #heartbeats: Heartbeats;
  readonly #rollCall: RollCall;
  readonly #monitorables: Monitorables;
  readonly #log = new ScopeLog();
  #state: ManagerState = 'idle';
  #intake: Intake = { isReading: false, unsettled: 0 };
  #starting: Promise<void> | null = null;
  #stopping: Promise<StopReport> | null = null;

  constructor(options: ManagerOptions<B>) {
    super();
    this.#options = {
      store: new MemoryScopeStore(),
      isStandAlone: false,
      clock: systemClock,
      logger: silentLogger,
      ...options,
    };
    this.supervisor = options.supervisor;
    this.broker = options.broker;
    this.registry = options.registry;
    const { broker, supervisor, registry } = options;
    const { clock, logger, isStandAlone } = this.#options;
    const { counters } = this;
    this.#wanted = new WantedState(registry, this.#options.store);
    const { source } = options;
    this.config = new DirectConfig({
      preview: (family, routingKey, content) => this.#wanted.preview(family, routingKey, content),
      plan: (specs) => supervisor.plan(specs),
      accept: (family, routingKey, content) => this.acceptMessage(family, routingKey, content),
      isRunning: () => this.#state === 'running',
      reload: source.reload === undefined ? null : () => source.reload?.() ?? Promise.resolve([]),
    });
    this.#rollCall = new RollCall(supervisor);
    this.#monitorables = new Monitorables({
      broker,
      clock,
      logger,
      counters,
      registry,
      isMuted: isStandAlone,
      quietMs: options.monitorablesQuietMs,
      wanted: () => this.#wanted.specs(),
    });
    this.#heartbeats = new Heartbeats({
      broker,
      clock,
      logger,
      takeRoll: () => {
        counters.pings += 1;
        return this.#rollCall.take();
      },
      more: () => ownHeartbeat(this.snapshot(), counters, this.#monitorables.waiting, clock.now()),
    });
  }

  get state(): ManagerState {
    return this.#state;
  }

  get intake(): Intake {
    return this.#intake;
  }

  /**
   * Restores what was wanted, starts it, then takes config. Does not wait for the broker: monitors run
   * without it and what they see is kept. Rejects if the source can never work.
   */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /**
   * Stops taking config, then all monitors, then the broker. Always ends, at `deadlineMs` or when `signal` aborts by
   * force; names what was forced.
   */
  stop(deadlineMs = 5_000, options: Pick<StopOptions, 'signal'> = {}): Promise<StopReport> {
    this.#stopping ??= this.#stop({ deadlineMs, ...options });
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  snapshot(): MonitorStatus[] {
    return this.supervisor.snapshot();
  }

  /** Refusals of the last message of each scope. */
  refusals(): ReturnType<WantedState['refusals']> {
    return this.#wanted.refusals();
  }

  /** What each scope wants, and what of it was refused and why. */
  scopes(): ScopeView[] {
    const wanted = this.#wanted.scopes();
    const known = new Set(wanted.map(({ scope }) => scope));
    const untaken = this.#log.scopes().filter((scope) => !known.has(scope));
    const all = [...wanted, ...untaken.map((scope) => ({ scope, wanted: [], refusals: [] }))];
    return all.map((one) => ({
      ...one,
      takenAt: this.#log.takenAt(one.scope),
      notTaken: this.#log.lastNotTaken(one.scope),
    }));
  }

  enter(family: Family, routingKey: string): Place {
    return this.#wanted.enter(family, routingKey);
  }

  async acceptMessage(
    family: Family,
    routingKey: string,
    content: Uint8Array,
    place?: Place,
  ): Promise<Verdict> {
    if (place !== undefined) return this.#accept(family, routingKey, content, place);
    const own = this.enter(family, routingKey);
    try {
      return await this.#accept(family, routingKey, content, own);
    } finally {
      own.leave();
    }
  }

  acceptSpecs(scope: string, specs: readonly MonitorSpec[]): void {
    this.#wanted.replace(scope, specs);
    this.#log.taken(scope, this.#options.clock.now());
    this.counters.accepted += 1;
    this.#apply(scope, []);
  }

  reportRefusals(scope: string, refusals: readonly Refusal[]): void {
    this.#log.notTaken(scope, refusals, this.#options.clock.now());
    for (const one of refusals) this.#count(scope, one);
  }

  reportIntake(intake: Intake): void {
    this.#intake = intake;
    this.#monitorables.noteIntake(intake);
    this.emit('intake.changed', intake);
  }

  /** Who is alive now and who died since the last call or ping, of all six families. */
  takeRoll(): Roll {
    const rolls = [...this.#rollCall.take().values()];
    return {
      running: rolls.flatMap(({ running }) => running),
      dead: rolls.flatMap(({ dead }) => dead),
    };
  }

  async #start(): Promise<void> {
    this.#moveTo('starting');
    const { source, broker, isStandAlone, logger } = this.#options;
    const { records, setAside } = await this.#wanted.restore();
    for (const one of setAside) {
      logger.log('error', 'Stored scope set aside', { component: 'store', ...one });
      this.emit('store.set-aside', one);
    }
    if (records.length > 0) this.#apply('restored', []);
    // A list that was not delivered before the last end is nowhere else. They go once intake is up to date.
    for (const record of records) void this.#monitorables.taken(record);
    // Monitors run while the broker is still away, so nothing here waits for it.
    if (isStandAlone) this.#inBackground('Results queue not declared', broker.declare(STAND_ALONE_TOPOLOGY));
    this.#inBackground('Heartbeats could not start', this.#heartbeats.start());
    await source.start(this);
    this.#moveTo('running');
  }

  #inBackground(sentence: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.logger.log('error', sentence, { component: 'manager', err: serialiseError(error) });
    });
  }

  async #stop(options: StopOptions & { readonly deadlineMs: number }): Promise<StopReport> {
    this.#moveTo('stopping');
    const { deadlineMs } = options;
    const { source, broker, clock, logger } = this.#options;
    this.#monitorables.stop();
    const report = this.supervisor.stop(options);
    const intake = Promise.allSettled([source.stop(), this.#heartbeats.stop()]);
    // A broker that does not answer must not hold up the stop; closing it ends what still waits.
    let cancelDeadline = (): void => undefined;
    const deadline = new Promise<'late'>((resolve) => {
      cancelDeadline = clock.after(deadlineMs, () => {
        resolve('late');
      });
    });
    const [stopped, ended] = await Promise.all([report, Promise.race([intake, deadline])]);
    cancelDeadline();
    if (ended === 'late') logger.log('warn', 'Config intake did not stop in time', { component: 'manager' });
    await broker.close(1_000);
    this.#moveTo('stopped');
    return stopped;
  }

  #apply(scope: string, refusals: readonly Refusal[]): void {
    if (this.#state === 'stopping' || this.#state === 'stopped') return;
    const changes = this.supervisor.apply(this.#wanted.specs());
    this.#monitorables.noteChanges(changes);
    for (const one of refusals) this.#count(scope, one);
    this.emit('config.applied', { scope, changes, refusals });
    this.#options.logger.log('info', 'Config applied', {
      component: 'manager',
      scope,
      started: changes.started.length,
      restarted: changes.restarted.length,
      stopped: changes.stopped.length,
      kept: changes.kept.length,
      refused: refusals.length,
    });
  }

  /** What is stored and wanted now is applied, and told before the message is acknowledged. */
  async #accept(family: Family, routingKey: string, content: Uint8Array, place: Place): Promise<Verdict> {
    const scope = scopeOf({ family, routingKey });
    const taken = await this.#wanted.take(family, routingKey, content, place);
    const { isUsable, refusals } = taken;
    if (isUsable) {
      this.#log.taken(scope, this.#options.clock.now());
      this.counters.accepted += 1;
      this.#apply(scope, refusals);
      const after = this.#wanted.specsOf(family, routingKey);
      await this.#monitorables.taken({ family, routingKey, before: taken.before, after });
    } else {
      this.#log.notTaken(scope, refusals, this.#options.clock.now());
      this.counters.parked += 1;
      for (const one of refusals) this.#count(scope, one);
      this.emit('config.parked', { scope, refusals });
    }
    return { isTaken: isUsable, refusals };
  }

  #count(scope: string, one: Refusal): void {
    const { refusedByCode } = this.counters;
    refusedByCode[one.code] = (refusedByCode[one.code] ?? 0) + 1;
    this.emit('config.refused', { scope, refusal: one });
    this.#options.logger.log('warn', 'Config refused', { component: 'config', scope, ...one });
  }

  #moveTo(to: ManagerState): void {
    const from = this.#state;
    this.#state = to;
    this.emit('manager.state-changed', { from, to });
  }
}
