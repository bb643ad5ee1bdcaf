/** One config message and what became of it. */
import type { ErrorCode } from './errors.js';
import type { Family } from './families.js';
import type { JsonObject } from './json.js';
import type { MonitorSpec } from './spec.js';

/** The complete list of monitorables for one routing key; `{}` means none. */
export interface ConfigMessage {
  /** Whose queue it came from: each of PANIC's managers gets its own copy. */
  readonly family: Family;
  readonly routingKey: string;
  /** Config id to raw settings. */
  readonly body: JsonObject;
}

/** Bounds of one config message. */
export const CONFIG_LIMITS = {
  maxBytes: 4 * 1024 * 1024,
  maxEntries: 4_000,
  maxDepth: 32,
  /** Of one monitor: were it not bounded, thousands of nodes that all serve each other would never be read. */
  maxDataSources: 100,
} as const;

/** Why an entry, or a whole message (`configId` null), was not taken. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly configId: string | null;
  /** Path of the field inside the entry, for example `node_http_url`. */
  readonly field: string | null;
  /** One sentence that names the field and the masked value. */
  readonly reason: string;
  readonly remedy: string;
}

/** `unwatched`: config ids whose switch is off. */
export interface ParsedConfig {
  readonly specs: readonly MonitorSpec[];
  readonly refusals: readonly Refusal[];
  readonly unwatched: readonly string[];
}
