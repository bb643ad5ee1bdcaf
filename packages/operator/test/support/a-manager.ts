/** A real manager, supervisor and embedded broker on scripted workers; config comes from the test. */
import { EmbeddedBroker } from '@vedette/broker';
import { DEFAULT_LIMITS, withRevision, type JsonObject, type MonitorSpec } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { MonitorsManager, StrategyRegistry, type ConfigSink, type ConfigSource } from '@vedette/manager';
import { Supervisor } from '@vedette/supervisor';
import { eventually } from '../../../../test/support/eventually.js';
import { ScriptedHost } from './scripted-host.js';

export interface SpecParts {
  readonly kind?: string;
  readonly name?: string;
  readonly chain?: string;
  readonly settings?: JsonObject;
  readonly periodMs?: number;
}

/** A spec as a strategy would give it; say only what a test is about. */
export function aSpec(configId: string, parts: SpecParts = {}): MonitorSpec {
  const { kind = 'evm-node', name = configId, chain = 'testnet' } = parts;
  return withRevision({
    id: `${kind}:${configId}`,
    kind,
    name,
    componentName: `Node monitor (${name})`,
    origin: { family: 'node', configId, parentId: 'chain_1', baseChain: 'chainlink', subChain: chain },
    module: 'file:///nowhere.mjs',
    periodMs: parts.periodMs ?? 10_000,
    limits: DEFAULT_LIMITS,
    settings: parts.settings ?? { url: 'http://127.0.0.1:8545' },
  });
}

/** What messages bring goes straight to the manager; `sink` is there once it has started. */
class TestSource implements ConfigSource {
  sink: ConfigSink | null = null;
  start(sink: ConfigSink): Promise<void> {
    this.sink = sink;
    sink.reportIntake({ isReading: true, unsettled: 0 });
    return Promise.resolve();
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

export interface TestManager {
  readonly manager: MonitorsManager;
  readonly host: ScriptedHost;
  readonly source: TestSource;
  /** Makes these the complete set and waits until each is running. */
  run(...specs: readonly MonitorSpec[]): Promise<void>;
}

export function aManager(strategies: readonly MonitorStrategy[] = []): TestManager {
  const host = new ScriptedHost();
  const source = new TestSource();
  const supervisor = new Supervisor({
    host,
    broker: { type: 'embedded', confirmTimeoutMs: 1_000 },
    // Scripted workers do not beat.
    beatMs: 3_600_000,
    maxConcurrentStarts: Infinity,
    startsPerSecond: Infinity,
  });
  const manager = new MonitorsManager({
    broker: new EmbeddedBroker(),
    supervisor,
    registry: new StrategyRegistry(strategies),
    source,
    isStandAlone: true,
  });
  return {
    manager,
    host,
    source,
    async run(...specs) {
      if (manager.state === 'idle') await manager.start();
      manager.acceptSpecs('file', specs);
      const isUp = ({ id }: MonitorSpec): boolean => supervisor.status(id)?.state.state === 'running';
      await eventually(() => specs.every(isUp), { what: 'every monitor running' });
    },
  };
}
