/**
 * A strategy is the main thread's recipe of one kind: how raw settings become monitor specs.
 * It starts nothing and imports no monitor; it knows only the address of the monitor's module.
 */
import { z } from 'zod';
import type { ConfigMessage, ParsedConfig, Refusal } from './config-message.js';
import type { Family } from './families.js';
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';
import type { Facts } from './protocol.js';
import { refusalsOf } from './refusals.js';
import { withRevision, type MonitorLimits, type MonitorSpec } from './spec.js';

/** A monitorable in Vedette's own form, as a config file names it. */
export interface Monitorable {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Groups nodes of one chain; `general` where there is none. */
  readonly chain: string;
  readonly baseChain: string;
  readonly parentId: string;
  readonly periodMs: number | null;
  readonly limits: Partial<MonitorLimits>;
  readonly settings: JsonObject;
}

export interface ParseOptions {
  /** Overrides the strategy's default period. */
  readonly periodMs?: number | undefined;
  /** Accept `user:password@` in URLs; off by default. */
  readonly allowUrlCredentials?: boolean | undefined;
}

/** A monitorable in PANIC's form. */
export interface ConfigEntry {
  readonly routingKey: string;
  readonly configId: string;
  readonly raw: Readonly<Record<string, string>>;
}

export interface MonitorStrategy {
  readonly kind: string;
  /** One line for people. */
  readonly title: string;
  readonly family: Family;
  /** Topic patterns on the `config` exchange this kind answers. */
  readonly routingKeys: readonly string[];
  /** file: URL of the bundled monitor module. */
  readonly module: string;
  readonly period: { readonly defaultMs: number; readonly env: string };
  readonly limits: MonitorLimits;
  readonly defaultBaseChain: string;
  /** JSON Schema (draft 2020-12) of the native settings. */
  readonly settingsSchema: JsonObject;
  /** Settings that run. */
  readonly example: JsonObject;
  /** Never throws: what cannot be used comes back as refusals, the rest as specs. */
  parse(message: ConfigMessage, options?: ParseOptions): ParsedConfig;
  /** The native form; refusals name fields relative to `settings`. */
  declare(
    monitorable: Monitorable,
    options?: ParseOptions,
  ): { readonly spec: MonitorSpec | null; readonly refusals: readonly Refusal[] };
  /** PANIC's form of a valid native monitorable. */
  toConfig(monitorable: Monitorable): ConfigEntry;
  /** The one observation worth a table cell, for example `height 1200`. */
  keyFigure(facts: Facts): string;
}

/** What a kind's author writes. `S` is the native settings after validation. */
export interface StrategyParts<S extends JsonObject> {
  readonly kind: string;
  readonly title: string;
  readonly family: Family;
  readonly routingKeys: readonly string[];
  readonly module: string;
  readonly period: { readonly defaultMs: number; readonly env: string };
  readonly limits: MonitorLimits;
  readonly defaultBaseChain: string;
  /** `System monitor (host)`; PANIC's template, differing capitals included. */
  readonly componentName: (name: string) => string;
  readonly settings: z.ZodType<S>;
  readonly example: S;
  /**
   * Reads PANIC's entry: all fields are text; its output is settings plus identity. `id` is the
   * entry's inner id, which monitors publish; it may differ from its key in PANIC's INI dialect.
   */
  readonly config: z.ZodType<{ id?: string; name: string; parentId: string; settings: S }>;
  /** False if the entry's switches are off; such an entry is not validated. */
  readonly isWatched: (raw: JsonObject) => boolean;
  /** True for a routing key of {@link routingKeys} whose entries are none of this kind's business. */
  readonly isIgnored?: (routingKey: string) => boolean;
  /** PANIC's names of settings, so that a refusal of a config message names the field as sent. */
  readonly rawFields?: Readonly<Record<string, string>>;
  readonly toConfig: (monitorable: Monitorable, settings: S) => ConfigEntry;
  readonly keyFigure: (facts: Facts) => string;
}

/** A strategy whose entries do not depend on each other. */
export function defineStrategy<S extends JsonObject>(parts: StrategyParts<S>): MonitorStrategy {
  const specOf = (
    identity: {
      id: string;
      wireId: string;
      name: string;
      parentId: string;
      baseChain: string;
      subChain: string;
    },
    settings: S,
    periodMs: number,
    limits: Partial<MonitorLimits>,
  ): MonitorSpec =>
    withRevision({
      id: `${parts.kind}:${identity.id}`,
      kind: parts.kind,
      name: identity.name,
      componentName: parts.componentName(identity.name),
      origin: {
        family: parts.family,
        configId: identity.id,
        parentId: identity.parentId,
        baseChain: identity.baseChain,
        subChain: identity.subChain,
        ...(identity.wireId === identity.id ? {} : { wireId: identity.wireId }),
      },
      module: parts.module,
      periodMs,
      limits: { ...parts.limits, ...limits },
      settings,
    });

  return {
    kind: parts.kind,
    title: parts.title,
    family: parts.family,
    routingKeys: parts.routingKeys,
    module: parts.module,
    period: parts.period,
    limits: parts.limits,
    defaultBaseChain: parts.defaultBaseChain,
    settingsSchema: z.toJSONSchema(parts.settings, { unrepresentable: 'any', io: 'input' }) as JsonObject,
    example: parts.example,
    parse(message, options = {}) {
      if (parts.isIgnored?.(message.routingKey) === true) return { specs: [], refusals: [], unwatched: [] };
      const { baseChain, subChain } = chainOf(message.routingKey);
      const specs: MonitorSpec[] = [];
      const refusals: Refusal[] = [];
      const unwatched: string[] = [];
      for (const [configId, raw] of Object.entries(message.body)) {
        if (isJsonObject(raw) && !parts.isWatched(raw)) {
          unwatched.push(configId);
          continue;
        }
        const parsed = parts.config.safeParse(raw);
        const refused = parsed.success
          ? credentialRefusals(configId, parsed.data.settings, options, parts.rawFields)
          : refusalsOf(configId, parsed.error, raw);
        if (!parsed.success || refused.length > 0) {
          refusals.push(...refused);
          continue;
        }
        const { id: wireId = configId, name, parentId, settings } = parsed.data;
        const identity = { id: configId, wireId, name, parentId, baseChain, subChain };
        specs.push(specOf(identity, settings, options.periodMs ?? parts.period.defaultMs, {}));
      }
      return { specs, refusals, unwatched };
    },
    declare(monitorable, options = {}) {
      const parsed = parts.settings.safeParse(monitorable.settings);
      const refusals = parsed.success
        ? credentialRefusals(monitorable.id, parsed.data, options)
        : refusalsOf(monitorable.id, parsed.error, monitorable.settings);
      if (!parsed.success || refusals.length > 0) return { spec: null, refusals };
      const { id, name, parentId, baseChain, chain } = monitorable;
      const periodMs = monitorable.periodMs ?? options.periodMs ?? parts.period.defaultMs;
      const identity = { id, wireId: id, name, parentId, baseChain, subChain: chain };
      return { spec: specOf(identity, parsed.data, periodMs, monitorable.limits), refusals: [] };
    },
    toConfig: (monitorable) => parts.toConfig(monitorable, parts.settings.parse(monitorable.settings)),
    keyFigure: parts.keyFigure,
  };
}

/** `chains.<base>.<sub>.<type>` or `general.<type>`; words as received. */
export function chainOf(routingKey: string): { baseChain: string; subChain: string } {
  const words = routingKey.split('.');
  if (words.length === 4) return { baseChain: words[1] ?? '', subChain: words[2] ?? '' };
  return { baseChain: 'general', subChain: 'general' };
}

/** PANIC's reading of a switch: `true` or `yes` in any case is on, all other text is off. */
export function isSwitchOn(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && ['true', 'yes'].includes(value.toLowerCase());
}

/**
 * True for text that is no switch on. A switch that is missing or no text is not off: its entry must
 * reach validation and be refused, or a damaged message would stop what runs.
 */
export function isSwitchOff(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && !isSwitchOn(value);
}

function credentialRefusals(
  configId: string,
  settings: JsonObject,
  options: ParseOptions,
  names: Readonly<Record<string, string>> = {},
): Refusal[] {
  if (options.allowUrlCredentials === true) return [];
  const refusals: Refusal[] = [];
  for (const [setting, value] of Object.entries(settings)) {
    const field = names[setting] ?? setting;
    const texts = Array.isArray(value) ? value : [value];
    if (!texts.some((text) => typeof text === 'string' && hasCredentials(text))) continue;
    refusals.push({
      code: 'CONFIG_INVALID_URL',
      configId,
      field,
      reason: `${field} carries a user name or password in its URL`,
      remedy: 'Take them out, or set VEDETTE_ALLOW_URL_CREDENTIALS=true to accept them',
    });
  }
  return refusals;
}

function hasCredentials(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(text) || /^[^/?#\s:@]+:[^/?#\s@]*@/.test(text);
}

export { refusal, refusalsOf } from './refusals.js';
export { httpUrl, label, panicUrl } from './schemas.js';
