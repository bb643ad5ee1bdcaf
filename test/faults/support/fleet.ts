/**
 * A whole manager in this process with real worker threads, a hundred neighbours among them. Started once per
 * file; each case adds its culprits and takes them away again.
 */
import { expect } from 'chai';
import type { LogFields, Logger, LogLevel, MonitorSpec } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { createBroker, EmbeddedBroker, parseBrokerUrl, type Broker } from '@vedette/broker';
import { MonitorsManager, RabbitSource, StrategyRegistry, type ScopeStore } from '@vedette/manager';
import {
  journalProblems,
  logEvents,
  Supervisor,
  ThreadHost,
  type Host,
  type JournalEntry,
  type MonitorStatus,
  type SupervisorOptions,
  type WorkerHandle,
} from '@vedette/supervisor';
import { systemClock } from '@vedette/contract';
import { eventually } from '../../support/eventually.js';
import { WORKER_ENTRY } from '../../support/worker-entry.js';
import { areWell, neighbourIds, Watchman } from './neighbours.js';
import { broken, light } from './light-strategy.mjs';

export interface Line {
  readonly level: LogLevel;
  readonly sentence: string;
  readonly fields: LogFields;
}

export interface FleetOptions {
  /** Default embedded. With a URL config comes from RabbitMQ, and each worker has its own link. */
  readonly brokerUrl?: string;
  readonly store?: ScopeStore;
  readonly supervisor?: Partial<SupervisorOptions>;
  /** False: the case brings the neighbours itself. Default true. */
  readonly hasNeighbours?: boolean;
}

/** Of monitors that config over RabbitMQ names. */
const BROKER_PERIOD_MS = 1_000;

/** Kills workers from outside, as nothing in the product does. */
class KillingHost implements Host {
  readonly #inner: Host;
  readonly #handles = new Map<string, WorkerHandle>();

  constructor(inner: Host) {
    this.#inner = inner;
  }

  spawn(start: Parameters<Host['spawn']>[0]): WorkerHandle {
    const handle = this.#inner.spawn(start);
    this.#handles.set(start.spec.id, handle);
    return handle;
  }

  kill(id: string): void {
    void this.#handles.get(id)?.kill();
  }
}

export class Fleet {
  readonly manager: MonitorsManager;
  readonly supervisor: Supervisor;
  readonly broker: Broker;
  readonly host: KillingHost;
  readonly watchman: Watchman;
  readonly lines: Line[] = [];
  readonly #options: FleetOptions;
  #tidiedAt = 0;

  constructor(options: FleetOptions = {}) {
    this.#options = options;
    const logger: Logger = {
      log: (level, sentence, fields = {}) => void this.lines.push({ level, sentence, fields }),
    };
    const address = parseBrokerUrl(options.brokerUrl ?? 'embedded');
    const broker = createBroker(address, { name: 'vedette manager', logger });
    this.broker = broker;
    this.host = new KillingHost(new ThreadHost({ entry: WORKER_ENTRY }));
    this.supervisor = new Supervisor({
      host: this.host,
      broker: address,
      logger,
      ...(broker instanceof EmbeddedBroker ? { handleBroker: (request) => broker.handle(request) } : {}),
      ...options.supervisor,
    });
    logEvents(this.supervisor, logger);
    this.watchman = new Watchman(this.supervisor);
    const isStandAlone = options.brokerUrl === undefined;
    this.manager = new MonitorsManager({
      broker,
      supervisor: this.supervisor,
      // A hundred links twice a second are load enough for a test.
      registry: new StrategyRegistry([light, broken], { periodMs: { light: BROKER_PERIOD_MS } }),
      source: isStandAlone
        ? { start: () => Promise.resolve(), stop: () => Promise.resolve() }
        : new RabbitSource({ broker, clock: systemClock, logger }),
      isStandAlone,
      logger,
      ...(options.store === undefined ? {} : { store: options.store }),
    });
  }

  async start(): Promise<this> {
    await this.manager.start();
    if (this.#options.hasNeighbours !== false) {
      this.manager.acceptSpecs(
        'neighbours',
        neighbourIds().map((id) => specOf(id)),
      );
      await areWell(this.supervisor);
    }
    return this;
  }

  /** The monitors a case is about, besides the neighbours. */
  culprits(...specs: readonly MonitorSpec[]): void {
    this.manager.acceptSpecs('culprits', specs);
  }

  status(id: string): MonitorStatus {
    const status = this.supervisor.status(id);
    if (status === undefined) throw new Error(`there is no monitor ${id}`);
    return status;
  }

  rounds(id: string): number {
    return this.status(id).lastRound?.facts['total_rounds'] ?? 0;
  }

  /** It runs again, beyond the round in which it misbehaved. */
  async runsAgain(id: string, deadlineMs = 30_000): Promise<MonitorStatus> {
    await eventually(
      () => this.status(id).restarts > 0 && this.status(id).state.state === 'running' && this.rounds(id) > 4,
      { deadlineMs, what: `rounds of ${id} after its restart` },
    );
    return this.status(id);
  }

  linesAbout(id: string, sentence: string): readonly Line[] {
    return this.lines.filter((line) => line.fields['monitorId'] === id && line.sentence === sentence);
  }

  /** What was done to it in this case: action and attempt. */
  actionsOf(id: string): readonly JournalEntry[] {
    return this.supervisor
      .journal()
      .entries.filter((entry) => entry.id === id && entry.serial > this.#tidiedAt);
  }

  /** Takes the culprits away and waits until they are gone. */
  async tidy(): Promise<void> {
    this.culprits();
    await eventually(() => this.supervisor.snapshot().every(({ id }) => id.includes('neighbour-')), {
      deadlineMs: 20_000,
      what: 'the end of the culprits',
    });
    this.expectOneWorkerEach();
    this.lines.length = 0;
    this.#tidiedAt = this.supervisor.journal().entries.at(-1)?.serial ?? 0;
  }

  /** Over the whole life of the fleet no id ever had two live workers. */
  expectOneWorkerEach(): void {
    expect(journalProblems(this.supervisor.journal())).to.deep.equal([]);
  }

  async stop(): Promise<void> {
    const { forced } = await this.manager.stop();
    this.expectOneWorkerEach();
    expect(forced).to.deep.equal([]);
  }
}

export interface SpecOptions {
  readonly strategy?: MonitorStrategy;
  readonly fault?: string;
  readonly value?: string;
  readonly afterMs?: number;
  readonly url?: string;
  readonly periodMs?: number;
  readonly roundTimeoutMs?: number;
}

export function specOf(id: string, options: SpecOptions = {}): MonitorSpec {
  const { strategy = light, periodMs = 400, roundTimeoutMs, ...settings } = options;
  const { spec, refusals } = strategy.declare({
    kind: strategy.kind,
    id,
    name: id,
    chain: 'local',
    baseChain: 'test',
    parentId: 'local',
    periodMs,
    limits: roundTimeoutMs === undefined ? {} : { roundTimeoutMs },
    settings,
  });
  if (spec === null) throw new Error(refusals.map(({ reason }) => reason).join('; '));
  return spec;
}
