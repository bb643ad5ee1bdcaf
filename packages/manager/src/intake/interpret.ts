/**
 * From a checked message to the specs of its scope. A refused entry keeps its previous good version;
 * its neighbours go on. Pure.
 */
import type { ConfigMessage, JsonObject, JsonValue, MonitorSpec, Refusal } from '@vedette/contract';
import type { ScopeRecord } from '../store/scope-store.js';
import type { StrategyRegistry } from '../strategy-registry.js';

export interface Interpreted {
  readonly specs: readonly MonitorSpec[];
  readonly refusals: readonly Refusal[];
  /** What to store, so that a restart comes to the same specs. */
  readonly record: ScopeRecord;
}

export function scopeOf(message: Pick<ConfigMessage, 'family' | 'routingKey'>): string {
  return `${message.family}/${message.routingKey}`;
}

/** `decodeRefusals`: entries that did not even reach a strategy. */
export function interpret(
  registry: StrategyRegistry,
  message: ConfigMessage,
  decodeRefusals: readonly Refusal[],
  previous: ScopeRecord | undefined,
  generation: number,
): Interpreted {
  const first = registry.parse(message);
  const refusals = [...decodeRefusals, ...first.refusals];
  const kept = keptEntries(refusals, previous);
  const isAsItCame = Object.keys(kept).length === 0 && !refusals.some(isOfFailure);
  const specs = isAsItCame ? first.specs : specsWith(registry, message, kept);
  const record = {
    scope: scopeOf(message),
    family: message.family,
    routingKey: message.routingKey,
    generation,
    body: message.body,
    kept,
    refusals,
  };
  return { specs: uniqueById(specs), refusals, record };
}

/** What a stored scope means today: strategies may have come or changed since it was stored. */
export function reinterpret(registry: StrategyRegistry, record: ScopeRecord): readonly MonitorSpec[] {
  return uniqueById(specsWith(registry, record, record.kept));
}

/** A strategy that throws over entries together is asked again without those that have no good version. */
function specsWith(
  registry: StrategyRegistry,
  message: ConfigMessage,
  kept: JsonObject,
): readonly MonitorSpec[] {
  const { specs, refusals } = registry.parse(overlay(message, kept));
  const failed = new Set(refusals.filter(isOfFailure).map(({ configId }) => configId));
  if (failed.size === 0) return specs;
  const body = Object.fromEntries(Object.entries(message.body).filter(([id]) => !failed.has(id)));
  return registry.parse(overlay({ ...message, body }, kept)).specs;
}

function isOfFailure({ code }: Refusal): boolean {
  return code === 'STRATEGY_FAILED';
}

function overlay(message: ConfigMessage, kept: JsonObject): ConfigMessage {
  const { family, routingKey, body } = message;
  return { family, routingKey, body: { ...body, ...kept } };
}

function keptEntries(refusals: readonly Refusal[], previous: ScopeRecord | undefined): JsonObject {
  const kept: Record<string, JsonValue> = {};
  if (previous === undefined) return kept;
  const lastGood: JsonObject = { ...withoutRefused(previous), ...previous.kept };
  for (const { configId } of refusals) {
    if (configId === null || !Object.hasOwn(lastGood, configId)) continue;
    kept[configId] = lastGood[configId] as JsonValue;
  }
  return kept;
}

function withoutRefused(record: ScopeRecord): JsonObject {
  const refused = new Set(record.refusals.map((entry) => entry.configId));
  return Object.fromEntries(Object.entries(record.body).filter(([configId]) => !refused.has(configId)));
}

function uniqueById(specs: readonly MonitorSpec[]): readonly MonitorSpec[] {
  return [...new Map(specs.map((spec) => [spec.id, spec])).values()];
}
