/** A kind of the user's own, for config files: the parts PANIC's dialect needs are left out. */
import { z } from 'zod';
import type { JsonObject } from './json.js';
import type { FactDocs } from './kind-docs.js';
import type { Facts } from './protocol.js';
import { DEFAULT_LIMITS, type MonitorLimits } from './spec.js';
import { defineStrategy } from './define-strategy.js';
import type { MonitorStrategy } from './monitor-strategy.js';

/** What {@link defineKind} is told of a kind. */
export interface KindParts<S extends JsonObject> {
  readonly kind: string;
  /** One line for people. */
  readonly title: string;
  /** Where the monitor module is: an absolute file URL, usually `new URL('./monitor.mjs', import.meta.url)`. */
  readonly module: URL | string;
  /** Start of a round to start of the next, milliseconds. */
  readonly periodMs: number;
  /** A zod schema of the settings; `z` is exported beside this. */
  readonly settings: z.ZodType<S>;
  readonly example: S;
  /** What its facts say, by name; each becomes a gauge. Facts not named here are gauges without a description. */
  readonly facts?: FactDocs;
  /** Over the defaults. */
  readonly limits?: Partial<MonitorLimits>;
  /** The observation worth a table cell. Default: the first fact. */
  readonly keyFigure?: (facts: Facts) => string;
}

/** A kind of your own for config files. Throws a TypeError only where its config form is asked for: it has none. */
export function defineKind<S extends JsonObject>(parts: KindParts<S>): MonitorStrategy {
  return defineStrategy<S>({
    kind: parts.kind,
    title: parts.title,
    family: 'node',
    // No config message names it, so it has no form for one either.
    routingKeys: [],
    config: z.never(),
    isWatched: () => false,
    toConfig: ({ kind }) => {
      throw new TypeError(`Kind ${kind} has no routing key, so it cannot be published`);
    },
    module: String(parts.module),
    period: { defaultMs: parts.periodMs, env: `${envName(parts.kind)}_MONITOR_PERIOD_SECONDS` },
    limits: { ...DEFAULT_LIMITS, ...parts.limits },
    defaultBaseChain: 'general',
    componentName: (name) => `${parts.kind} monitor (${name})`,
    settings: parts.settings,
    example: parts.example,
    ...(parts.facts === undefined
      ? {}
      : { docs: { reads: [], publishes: [], errors: [], differs: [], facts: parts.facts } }),
    keyFigure: parts.keyFigure ?? firstFact,
  });
}

function firstFact(facts: Facts): string {
  const [first] = Object.entries(facts);
  return first === undefined ? '' : `${first[0]} ${String(first[1] ?? '-')}`;
}

function envName(kind: string): string {
  return kind.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}
