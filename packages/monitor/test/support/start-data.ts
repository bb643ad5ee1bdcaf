/** Start data of a test's worker: everything small and quick unless said otherwise. */
import {
  createVitals,
  DEFAULT_LIMITS,
  PROTOCOL_VERSION,
  withRevision,
  type MonitorLimits,
  type MonitorSpec,
  type StartData,
} from '@vedette/contract';

export interface StartOptions extends Partial<Omit<StartData, 'spec'>> {
  readonly spec?: Partial<Omit<MonitorSpec, 'limits'>>;
  readonly limits?: Partial<MonitorLimits>;
}

export function aStart(options: StartOptions = {}): StartData {
  const { spec, limits, ...rest } = options;
  return {
    version: PROTOCOL_VERSION,
    attempt: 1,
    spec: withRevision({
      id: 'test:one',
      kind: 'test',
      name: 'one',
      componentName: 'Test monitor (one)',
      origin: {
        family: 'node',
        configId: 'one',
        parentId: 'chain',
        baseChain: 'general',
        subChain: 'general',
      },
      module: 'file:///nowhere.cjs',
      periodMs: 1_000,
      settings: {},
      ...spec,
      limits: { ...DEFAULT_LIMITS, roundTimeoutMs: 5_000, stopTimeoutMs: 1_000, ...limits },
    }),
    broker: { type: 'embedded', confirmTimeoutMs: 2_000 },
    state: null,
    vitals: createVitals(),
    slot: 0,
    beatMs: 100,
    firstRoundDelayMs: 0,
    reconnectSpreadMs: 0,
    echo: false,
    logLevel: 'debug',
    ...rest,
  };
}
