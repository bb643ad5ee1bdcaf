/**
 * A strategy with one monitor for a whole chain, condensed from all entries of a config message.
 * Promise: entries that contradict each other are all refused, so that what ran before them goes on.
 */
import type { z } from 'zod';
import type { ConfigMessage, ParsedConfig, Refusal } from './config-message.js';
import type { JsonObject } from './json.js';
import { refusal, refusalsOf } from './refusals.js';
import type { MonitorableSource } from './spec.js';
import { chainOf, type MonitorStrategy, type ParseOptions } from './monitor-strategy.js';
import { credentialRefusals } from './url-credentials.js';
import {
  descriptionOf,
  nativeSettings,
  specOf,
  withSurroundings,
  type KindOfStrategy,
} from './define-strategy.js';

/** What a schema makes of one entry: at least whose chain it is. */
export interface ChainEntry {
  readonly parentId: string;
}

/** What the author of a kind with one monitor per chain writes. */
export interface ChainStrategyParts<S extends JsonObject, E extends ChainEntry> extends KindOfStrategy<S> {
  /** `Cosmos Network Monitor (regen)`; of the chain's name. */
  readonly componentName: (chain: string) => string;
  /** Reads PANIC's entry: all fields are text. */
  readonly config: z.ZodType<E>;
  /** Fields all entries must agree on, by PANIC's name; `parent_id` is always among them. */
  readonly agreed: readonly (readonly [rawField: string, valueOf: (entry: E) => string])[];
  /** Settings of the chain's monitor, or null if it is not to be watched. At least one entry is given. */
  readonly condense: (entries: readonly [E, ...E[]]) => S | null;
  /** Why condensed settings cannot be used, by PANIC's name of the field; then all entries are refused. */
  readonly problem?: (
    settings: S,
    entries: readonly [E, ...E[]],
  ) => readonly [rawField: string, reason: string] | null;
  /** What PANIC's UI lists besides the chain itself. Default: nothing. */
  readonly sources?: (settings: S) => readonly MonitorableSource[];
}

/** A strategy with one monitor for all entries of a message. */
export function defineChainStrategy<S extends JsonObject, E extends ChainEntry>(
  parts: ChainStrategyParts<S, E>,
): MonitorStrategy {
  const originOf = (
    configId: string,
    parentId: string,
    { baseChain, subChain }: { readonly baseChain: string; readonly subChain: string },
    settings: S,
  ): Parameters<typeof specOf>[1]['origin'] => {
    const origin = { configId, parentId, baseChain, subChain };
    const nodes = parts.sources?.(settings);
    if (nodes === undefined) return origin;
    const chain: MonitorableSource = { type: 'chains', id: parentId, name: `${baseChain} ${subChain}` };
    return { ...origin, sources: [...nodes, chain] };
  };

  return {
    ...descriptionOf(parts),
    parse(message, options = {}): ParsedConfig {
      const { entries, refusals } = readEntries(parts, message, options);
      const [first, ...rest] = entries.values();
      if (first === undefined) return { specs: [], refusals, unwatched: [] };
      const disputed = disputes(parts, entries);
      if (disputed.length > 0) return { specs: [], refusals: [...refusals, ...disputed], unwatched: [] };
      const settings = parts.condense([first, ...rest]);
      if (settings === null) return { specs: [], refusals, unwatched: [...entries.keys()] };
      const unusable = refusalsOfAll(entries, parts.problem?.(settings, [first, ...rest]));
      if (unusable.length > 0) return { specs: [], refusals: [...refusals, ...unusable], unwatched: [] };
      const chain = chainOf(message.routingKey);
      const configId = `${chain.baseChain} ${chain.subChain}`;
      const spec = specOf(parts, {
        id: configId,
        name: chain.subChain,
        componentName: parts.componentName(chain.subChain),
        origin: originOf(configId, first.parentId, chain, settings),
        periodMs: options.periodMs ?? parts.period.defaultMs,
        settings,
      });
      return { specs: [spec], refusals, unwatched: [] };
    },
    declare(monitorable, options = {}) {
      const { settings, refusals } = nativeSettings(parts, monitorable, options);
      if (settings === null) return { spec: null, refusals };
      const { id, name, parentId, baseChain, chain: subChain } = monitorable;
      const spec = specOf(parts, {
        id,
        name,
        componentName: parts.componentName(subChain),
        origin: originOf(id, parentId, { baseChain, subChain }, settings),
        periodMs: monitorable.periodMs ?? options.periodMs ?? parts.period.defaultMs,
        limits: monitorable.limits,
        settings,
      });
      return { spec, refusals: [] };
    },
  };
}

function readEntries<S extends JsonObject, E extends ChainEntry>(
  parts: ChainStrategyParts<S, E>,
  message: ConfigMessage,
  options: ParseOptions,
): { entries: Map<string, E>; refusals: Refusal[] } {
  const entries = new Map<string, E>();
  const refusals: Refusal[] = [];
  for (const [configId, sent] of Object.entries(message.body)) {
    const raw = withSurroundings(parts, sent, options);
    const parsed = parts.config.safeParse(raw);
    const refused = parsed.success
      ? credentialRefusals(configId, parsed.data as unknown as JsonObject, options, parts.rawFields)
      : refusalsOf(configId, parsed.error, raw);
    if (parsed.success && refused.length === 0) entries.set(configId, parsed.data);
    refusals.push(...refused);
  }
  return { entries, refusals };
}

function refusalsOfAll(
  entries: ReadonlyMap<string, unknown>,
  problem: readonly [rawField: string, reason: string] | null = null,
): Refusal[] {
  if (problem === null) return [];
  const [field, reason] = problem;
  return [...entries.keys()].map((configId) => refusal('CONFIG_INVALID_FIELD', configId, field, reason));
}

/** One refusal per entry and field: nobody can say which of them is the wrong one. */
function disputes<S extends JsonObject, E extends ChainEntry>(
  parts: ChainStrategyParts<S, E>,
  entries: ReadonlyMap<string, E>,
): Refusal[] {
  const fields: ChainStrategyParts<S, E>['agreed'] = [
    ['parent_id', (entry) => entry.parentId],
    ...parts.agreed,
  ];
  return fields
    .filter(([, valueOf]) => new Set([...entries.values()].map(valueOf)).size > 1)
    .flatMap(([field]) => {
      const reason = `${field} differs between the nodes of the chain, which have one ${parts.kind} monitor in common`;
      return refusalsOfAll(entries, [field, reason]);
    });
}
