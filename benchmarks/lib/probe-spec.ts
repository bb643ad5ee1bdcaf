/** A monitor with the work of `fixtures/probe-work.cjs`, and the broker it publishes to; no strategy is loaded for it. */
import { pathToFileURL } from 'node:url';
import {
  DEFAULT_LIMITS,
  withRevision,
  type BrokerAddress,
  type JsonObject,
  type MonitorSpec,
} from '@vedette/contract';

export interface Probe {
  readonly name: string;
  /** The monitor's module, a plain path. */
  readonly file: string;
  /** What each round asks for. */
  readonly page: string;
  readonly periodMs: number;
  readonly settings?: JsonObject;
}

export function probeSpec({ name, file, page, periodMs, settings = {} }: Probe): MonitorSpec {
  return withRevision({
    id: `bench:${name}`,
    kind: 'bench',
    name,
    componentName: `Bench monitor (${name})`,
    origin: {
      family: 'node',
      configId: name,
      parentId: 'bench',
      baseChain: 'general',
      subChain: 'general',
    },
    module: pathToFileURL(file).href,
    periodMs,
    limits: DEFAULT_LIMITS,
    settings: { url: page, periodMs, ...settings },
  });
}

export function brokerAddress(url: string): BrokerAddress {
  return { type: 'amqp', url, heartbeatSeconds: 10, confirmTimeoutMs: 10_000 };
}

/** Many starts at once keep a small machine busy for long; hangs are the question of `isolation` only. */
export const PATIENT_BEAT_MS = 10_000;
