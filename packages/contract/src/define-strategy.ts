/** A strategy with one monitor per entry of a config message, whose settings may draw on the other entries. */
import { z } from 'zod';
import { CONFIG_LIMITS, type Refusal } from './config-message.js';
import type { Family } from './families.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import type { KindDocs } from './kind-docs.js';
import type { Facts } from './protocol.js';
import { refusalsOf } from './refusals.js';
import { withRevision, type MonitorLimits, type MonitorSpec } from './spec.js';
import {
  chainOf,
  type ConfigEntry,
  type Monitorable,
  type MonitorStrategy,
  type ParseOptions,
} from './monitor-strategy.js';
import { credentialRefusals } from './url-credentials.js';

/** What a schema makes of one entry in PANIC's form. */
export interface ParsedEntry<S extends JsonObject> {
  /** The entry's inner id, which monitors publish; it may differ from its key in PANIC's INI dialect. */
  readonly id?: string | undefined;
  readonly name: string;
  readonly parentId: string;
  readonly settings: S;
}

/** What the author of any kind writes. `S` is the native settings after validation. */
export interface KindOfStrategy<S extends JsonObject> {
  readonly kind: string;
  readonly title: string;
  readonly family: Family;
  readonly routingKeys: readonly string[];
  readonly module: string;
  readonly period: { readonly defaultMs: number; readonly env: string };
  /** Text settings the environment may give for all monitors of the kind: setting to variable. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits: MonitorLimits;
  /**
   * False for a module that keeps state of its thread or process (globals, signal handlers, the working folder):
   * its monitors never share a thread. Default true.
   */
  readonly isPackable?: boolean;
  readonly defaultBaseChain: string;
  readonly settings: z.ZodType<S>;
  readonly example: S;
  readonly docs?: KindDocs;
  /** PANIC's names of settings, so that a refusal of a config message names the field as sent. */
  readonly rawFields?: Readonly<Record<string, string>>;
  readonly toConfig: (monitorable: Monitorable, settings: S) => readonly ConfigEntry[];
  readonly keyFigure: (facts: Facts) => string;
}

/** `E` is what the schema makes of an entry: at least what every entry has, and what siblings need of it. */
export interface StrategyParts<
  S extends JsonObject,
  E extends ParsedEntry<S> = ParsedEntry<S>,
> extends KindOfStrategy<S> {
  /** `System monitor (host)`; PANIC's template, differing capitals included. */
  readonly componentName: (name: string) => string;
  /** What the watched thing is called, where its settings say so (a repository). Default: the monitorable's name. */
  readonly nameOf?: (settings: S) => string;
  /** Reads PANIC's entry: all fields are text. */
  readonly config: z.ZodType<E>;
  /** False if the entry's switches are off; such an entry is not validated. */
  readonly isWatched: (raw: JsonObject) => boolean;
  /** True for a routing key of `routingKeys` whose entries are none of this kind's business. */
  readonly isIgnored?: (routingKey: string) => boolean;
  /** Where settings draw on other entries of the message. */
  readonly dataSources?: DataSources<S, E>;
}

/** How entries serve their siblings. Every entry that can be read counts, watched or not. */
export interface DataSources<S extends JsonObject, E extends ParsedEntry<S>> {
  /** Its place among the data sources, lower first, equals in the message's order; null: it serves nobody. */
  readonly rankOf: (entry: E) => number | null;
  /** `sources`: the first {@link CONFIG_LIMITS}.maxDataSources others, in order. */
  readonly settingsOf: (own: E, sources: readonly E[]) => S;
}

export function defineStrategy<S extends JsonObject, E extends ParsedEntry<S> = ParsedEntry<S>>(
  parts: StrategyParts<S, E>,
): MonitorStrategy {
  return {
    ...descriptionOf(parts),
    parse(message, options = {}) {
      if (parts.isIgnored?.(message.routingKey) === true) return { specs: [], refusals: [], unwatched: [] };
      const good = new Map<string, E>();
      const refusals: Refusal[] = [];
      const unwatched: string[] = [];
      for (const [configId, raw] of Object.entries(message.body)) {
        const isWatched = !isJsonObject(raw) || parts.isWatched(raw);
        if (!isWatched) unwatched.push(configId);
        // Switched off, it can still be a data source of its siblings; if it cannot, nobody misses it.
        if (!isWatched && parts.dataSources === undefined) continue;
        const entry = withSurroundings(parts, raw, options);
        const parsed = parts.config.safeParse(entry);
        const refused = parsed.success
          ? credentialRefusals(configId, parsed.data.settings, options, parts.rawFields)
          : refusalsOf(configId, parsed.error, entry);
        if (parsed.success && refused.length === 0) good.set(configId, parsed.data);
        else if (isWatched) refusals.push(...refused);
      }
      const off = new Set(unwatched);
      const settingsOf = settingsMaker(parts.dataSources, [...good.values()]);
      const { baseChain, subChain } = chainOf(message.routingKey);
      const periodMs = options.periodMs ?? parts.period.defaultMs;
      const specs = [...good]
        .filter(([configId]) => !off.has(configId))
        .map(([configId, entry]) =>
          specOf(parts, {
            id: configId,
            name: entry.name,
            componentName: parts.componentName(entry.name),
            origin: {
              configId,
              parentId: entry.parentId,
              baseChain,
              subChain,
              ...(entry.id === undefined || entry.id === configId ? {} : { wireId: entry.id }),
            },
            periodMs,
            settings: settingsOf(entry),
          }),
        );
      return { specs, refusals, unwatched };
    },
    declare(monitorable, options = {}) {
      const { settings, refusals } = nativeSettings(parts, monitorable, options);
      if (settings === null) return { spec: null, refusals };
      const { id, parentId, baseChain, chain } = monitorable;
      const name = parts.nameOf?.(settings) ?? monitorable.name;
      const spec = specOf(parts, {
        id,
        name,
        componentName: parts.componentName(name),
        origin: { configId: id, parentId, baseChain, subChain: chain },
        periodMs: monitorable.periodMs ?? options.periodMs ?? parts.period.defaultMs,
        limits: monitorable.limits,
        settings,
      });
      return { spec, refusals: [] };
    },
  };
}

/** The sources of a chain are put in order once, and not once per node. */
function settingsMaker<S extends JsonObject, E extends ParsedEntry<S>>(
  dataSources: DataSources<S, E> | undefined,
  entries: readonly E[],
): (own: E) => S {
  if (dataSources === undefined) return (own) => own.settings;
  const { rankOf, settingsOf } = dataSources;
  const ranked = entries.flatMap((entry) => {
    const rank = rankOf(entry);
    return rank === null ? [] : [{ entry, rank }];
  });
  const { maxDataSources } = CONFIG_LIMITS;
  // One more than each may have: it may be among them itself.
  const first = ranked.sort((a, b) => a.rank - b.rank).slice(0, maxDataSources + 1);
  return (own) => {
    const others = first.map(({ entry }) => entry).filter((entry) => entry !== own);
    return settingsOf(own, others.slice(0, maxDataSources));
  };
}

/** All of a strategy but how it reads: the same for monitors of an entry and of a chain. */
export function descriptionOf<S extends JsonObject>(
  parts: KindOfStrategy<S>,
): Omit<MonitorStrategy, 'parse' | 'declare'> {
  const { kind, title, family, routingKeys, module, period, limits, defaultBaseChain, example } = parts;
  return {
    ...(parts.docs === undefined ? {} : { docs: parts.docs }),
    ...(parts.environment === undefined ? {} : { environment: parts.environment }),
    kind,
    title,
    family,
    routingKeys,
    module,
    period,
    limits,
    defaultBaseChain,
    settingsSchema: z.toJSONSchema(parts.settings, { unrepresentable: 'any', io: 'input' }) as JsonObject,
    example,
    toConfig: (monitorable) => parts.toConfig(monitorable, parts.settings.parse(monitorable.settings)),
    keyFigure: parts.keyFigure,
  };
}

export function nativeSettings<S extends JsonObject>(
  parts: KindOfStrategy<S>,
  monitorable: Monitorable,
  options: ParseOptions,
): { readonly settings: S | null; readonly refusals: readonly Refusal[] } {
  const given = { ...options.settings, ...monitorable.settings };
  const parsed = parts.settings.safeParse(given);
  const refusals = parsed.success
    ? credentialRefusals(monitorable.id, parsed.data, options)
    : refusalsOf(monitorable.id, parsed.error, given);
  return { settings: parsed.success && refusals.length === 0 ? parsed.data : null, refusals };
}

/** The entry as sent, before what the surroundings say in PANIC's words; what the entry says wins. */
export function withSurroundings<S extends JsonObject>(
  parts: KindOfStrategy<S>,
  raw: JsonValue,
  { settings = {} }: ParseOptions,
): JsonValue {
  if (!isJsonObject(raw)) return raw;
  const given = Object.entries(settings).map(([name, value]) => [parts.rawFields?.[name] ?? name, value]);
  return { ...(Object.fromEntries(given) as JsonObject), ...raw };
}

export function specOf<S extends JsonObject>(
  parts: KindOfStrategy<S>,
  own: {
    readonly id: string;
    readonly name: string;
    readonly componentName: string;
    readonly origin: Omit<MonitorSpec['origin'], 'family'>;
    readonly periodMs: number;
    readonly limits?: Partial<MonitorLimits>;
    readonly settings: S;
  },
): MonitorSpec {
  return withRevision({
    id: `${parts.kind}:${own.id}`,
    kind: parts.kind,
    name: own.name,
    componentName: own.componentName,
    origin: { family: parts.family, ...own.origin },
    module: parts.module,
    periodMs: own.periodMs,
    limits: { ...parts.limits, ...own.limits },
    ...(parts.isPackable === false ? { isPackable: false } : {}),
    settings: own.settings,
  });
}
