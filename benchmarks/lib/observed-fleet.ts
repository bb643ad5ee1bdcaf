/** A manager with its server on workers that only tell facts; nothing is observed and nothing published. */
import { EmbeddedBroker } from '@vedette/broker';
import { DEFAULT_LIMITS, withRevision, type Facts, type MonitorSpec } from '@vedette/contract';
import { MonitorsManager, StrategyRegistry, type ConfigSource } from '@vedette/manager';
import { Operator } from '@vedette/operator';
import { Supervisor } from '@vedette/supervisor';
import { FactsHost } from './facts-host.js';
import { pause } from './until.js';

export interface ObservedFleet {
  readonly url: string;
  readonly host: FactsHost;
  stop(): Promise<void>;
}

const NO_SOURCE: ConfigSource = {
  start: (sink) => {
    sink.reportIntake({ isReading: true, unsettled: 0 });
    return Promise.resolve();
  },
  stop: () => Promise.resolve(),
};

/** Resolves when each monitor has ended its first round. */
export async function startObservedFleet(monitors: number, facts: number): Promise<ObservedFleet> {
  const observed: Facts = Object.fromEntries(
    Array.from({ length: facts }, (_none, index) => [`fact_${index}_seconds`, index + 0.125]),
  );
  const host = new FactsHost(observed);
  const supervisor = new Supervisor({
    host,
    broker: { type: 'embedded', confirmTimeoutMs: 1_000 },
    maxConcurrentStarts: Infinity,
    startsPerSecond: Infinity,
    // The workers do not beat.
    beatMs: 3_600_000,
  });
  const manager = new MonitorsManager({
    broker: new EmbeddedBroker(),
    supervisor,
    registry: new StrategyRegistry(),
    source: NO_SOURCE,
    isStandAlone: true,
  });
  const operator = new Operator({ manager, listen: { host: '127.0.0.1', port: 0 } });
  const url = await operator.listen();
  await manager.start();
  manager.acceptSpecs(
    'file',
    Array.from({ length: monitors }, (_none, index) => specOf(index)),
  );
  while (manager.snapshot().some(({ lastRound }) => lastRound === null)) await pause(10);
  return {
    url,
    host,
    async stop() {
      await manager.stop();
      await operator.close();
    },
  };
}

function specOf(index: number): MonitorSpec {
  const name = `node ${index}`;
  return withRevision({
    id: `bench-kind:${index}`,
    kind: 'bench-kind',
    name,
    componentName: `Node monitor (${name})`,
    origin: {
      family: 'node',
      configId: String(index),
      parentId: 'p',
      baseChain: 'general',
      subChain: `chain ${index % 20}`,
    },
    module: 'file:///nowhere.mjs',
    periodMs: 3_600_000,
    limits: DEFAULT_LIMITS,
    settings: {},
  });
}
