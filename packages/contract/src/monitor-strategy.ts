/**
 * A strategy is the main thread's recipe of one kind: how raw settings become monitor specs.
 * It starts nothing and imports no monitor; it knows only the address of the monitor's module.
 */
import type { ConfigMessage, ParsedConfig, Refusal } from './config-message.js';
import type { Family } from './families.js';
import type { JsonObject, JsonValue } from './json.js';
import type { KindDocs } from './kind-docs.js';
import type { Facts } from './protocol.js';
import type { MonitorLimits, MonitorSpec } from './spec.js';

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

/** What the surroundings say beside the config itself. */
export interface ParseOptions {
  /** Overrides the strategy's default period. */
  readonly periodMs?: number | undefined;
  /** Accept `user:password@` in URLs; off by default. */
  readonly allowUrlCredentials?: boolean | undefined;
  /** Settings of the surroundings, by native name, for monitorables that do not say them themselves. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** A monitorable in PANIC's form. */
export interface ConfigEntry {
  readonly routingKey: string;
  readonly configId: string;
  readonly raw: Readonly<Record<string, string>>;
}

/** One kind: what it answers, how its settings are checked, where its monitor is. It starts nothing. */
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
  /** Settings that can come from the environment: setting to variable. They are text. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits: MonitorLimits;
  readonly defaultBaseChain: string;
  /** JSON Schema (draft 2020-12) of the native settings. */
  readonly settingsSchema: JsonObject;
  /** Settings that run. */
  readonly example: JsonObject;
  readonly docs?: KindDocs;
  /** Never throws: what cannot be used comes back as refusals, the rest as specs. */
  parse(message: ConfigMessage, options?: ParseOptions): ParsedConfig;
  /** The native form; refusals name fields relative to `settings`. */
  declare(
    monitorable: Monitorable,
    options?: ParseOptions,
  ): { readonly spec: MonitorSpec | null; readonly refusals: readonly Refusal[] };
  /** PANIC's form of a valid native monitorable; several entries where it stands for several nodes. */
  toConfig(monitorable: Monitorable): readonly ConfigEntry[];
  /** The one observation worth a table cell, for example `height 1200`. */
  keyFigure(facts: Facts): string;
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
