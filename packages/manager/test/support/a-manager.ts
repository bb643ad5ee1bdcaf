/** A whole manager on fakes of its edges: broker, clock and host are the test's, the rest is real. */
import type { Family, JsonObject, Logger, LogFields } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { chainlinkNodeStrategy } from '@vedette/monitors-chainlink';
import { evmNodeStrategy } from '@vedette/monitors-evm';
import { systemStrategy } from '@vedette/monitors-general';
import { Supervisor } from '@vedette/supervisor';
import type { ConfigSource, Verdict } from '../../src/intake/config-source.js';
import { RabbitSource } from '../../src/intake/rabbit-source.js';
import { MonitorsManager } from '../../src/monitors-manager.js';
import { MemoryScopeStore, type ScopeStore } from '../../src/store/scope-store.js';
import { StrategyRegistry } from '../../src/strategy-registry.js';
import { FakeBroker } from './fake-broker.js';
import { InstantHost } from './instant-host.js';
import { FakeClock, settle } from '../../../../test/support/fake-clock.js';

export const STRATEGIES: readonly MonitorStrategy[] = [
  systemStrategy,
  evmNodeStrategy,
  chainlinkNodeStrategy,
];
const NO_SOURCE: ConfigSource = { start: () => Promise.resolve(), stop: () => Promise.resolve() };

export interface Bench {
  readonly broker: FakeBroker;
  readonly clock: FakeClock;
  readonly host: InstantHost;
  readonly supervisor: Supervisor;
  readonly manager: MonitorsManager;
  readonly store: ScopeStore;
  readonly logged: { sentence: string; fields: LogFields }[];
  take(family: Family, routingKey: string, body: JsonObject | string): Promise<Verdict>;
  /** Component names of the live workers, sorted. */
  running(): Promise<string[]>;
}

export interface BenchOptions {
  readonly store?: ScopeStore;
  readonly strategies?: readonly MonitorStrategy[];
  /** Config comes over the fake broker's queues instead of from `take`. */
  readonly isFromQueues?: boolean;
  /** Lists go out at once: for tests of something else than completeness. */
  readonly quietMs?: number;
  readonly broker?: FakeBroker;
}

/** Started; every promise that was ready has run. */
export async function aManager(options: BenchOptions = {}): Promise<Bench> {
  const broker = options.broker ?? new FakeBroker();
  const clock = new FakeClock();
  const host = new InstantHost();
  const logged: Bench['logged'] = [];
  const logger: Logger = { log: (_level, sentence, fields = {}) => logged.push({ sentence, fields }) };
  const supervisor = new Supervisor({
    host,
    broker: { type: 'embedded', confirmTimeoutMs: 5_000 },
    clock,
    random: () => 0,
    startsPerSecond: Infinity,
    maxConcurrentStarts: Infinity,
  });
  const store = options.store ?? new MemoryScopeStore();
  const manager = new MonitorsManager({
    broker,
    supervisor,
    registry: new StrategyRegistry(options.strategies ?? STRATEGIES),
    source: options.isFromQueues === true ? new RabbitSource({ broker, clock, logger }) : NO_SOURCE,
    store,
    clock,
    logger,
    ...(options.quietMs === undefined ? {} : { monitorablesQuietMs: options.quietMs }),
  });
  await manager.start();
  await settle();
  return {
    broker,
    clock,
    host,
    supervisor,
    manager,
    store,
    logged,
    take: (family, routingKey, body) =>
      manager.acceptMessage(
        family,
        routingKey,
        new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
      ),
    running: async () => {
      await settle();
      return host.running;
    },
  };
}

/** Stops on a clock that stands still. */
export async function stopBench({ manager, clock }: Bench): Promise<void> {
  const stopping = manager.stop();
  await settle();
  await clock.advance(10_000);
  await stopping;
}
