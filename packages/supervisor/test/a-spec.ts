/** Builds a spec; say only what a test is about. */
import {
  DEFAULT_LIMITS,
  withRevision,
  type JsonObject,
  type MonitorLimits,
  type MonitorSpec,
} from '@vedette/contract';

export interface SpecParts {
  readonly id?: string;
  readonly settings?: JsonObject;
  readonly limits?: Partial<MonitorLimits>;
  readonly periodMs?: number;
  readonly module?: string;
}

export function aSpec(parts: SpecParts = {}): MonitorSpec {
  const id = parts.id ?? 'test:a';
  return withRevision({
    id,
    kind: 'test',
    name: id,
    componentName: `Test monitor (${id})`,
    origin: { family: 'node', configId: id, parentId: 'p', baseChain: 'general', subChain: 'general' },
    module: parts.module ?? 'file:///nowhere.mjs',
    periodMs: parts.periodMs ?? 1_000,
    limits: { ...DEFAULT_LIMITS, ...parts.limits },
    settings: parts.settings ?? {},
  });
}
