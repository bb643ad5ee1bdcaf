/** Bytes of a config message to a checked object. Pure, and never throws: bad input becomes a refusal. */
import { CONFIG_LIMITS, describeValue, isJsonObject, type Family, type JsonObject } from '@vedette/contract';
import type { ConfigMessage, JsonValue, Refusal } from '@vedette/contract';
import { label, refusal } from '@vedette/contract/strategy';

/** What the bytes of a config message hold. */
export type Decoded =
  | { readonly message: ConfigMessage; readonly refusals: readonly Refusal[] }
  /** The whole message is unusable: park it. */
  | { readonly message: null; readonly refusals: readonly [Refusal] };

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Checks size, depth and form of a config message. Never throws: what is unusable comes back as a refusal. */
export function decodeConfig(family: Family, routingKey: string, content: Uint8Array): Decoded {
  if (content.byteLength > CONFIG_LIMITS.maxBytes) {
    return poison('CONFIG_TOO_LARGE', `${content.byteLength} bytes exceed ${CONFIG_LIMITS.maxBytes}`);
  }
  let body: JsonValue;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as JsonValue;
  } catch (error) {
    // The parser's own sentence quotes the text, which may hold a secret.
    const what = error instanceof RangeError ? 'is nested too deeply' : 'is not JSON in UTF-8';
    return poison('CONFIG_NOT_JSON', `the body ${what}`);
  }
  if (!isJsonObject(body))
    return poison('CONFIG_WRONG_TYPE', `the body is ${describeValue(body)}, not an object`);
  if (!isShallow(body, CONFIG_LIMITS.maxDepth)) {
    return poison('CONFIG_TOO_DEEP', `the body is nested deeper than ${CONFIG_LIMITS.maxDepth} levels`);
  }
  const entries = Object.entries(body).filter(([configId]) => configId !== 'DEFAULT');
  if (entries.length > CONFIG_LIMITS.maxEntries) {
    return poison('CONFIG_TOO_MANY', `${entries.length} entries exceed ${CONFIG_LIMITS.maxEntries}`);
  }
  const refusals: Refusal[] = [];
  const usable: [string, JsonValue][] = [];
  for (const [configId, entry] of entries) {
    const refused = entryRefusal(configId, entry);
    if (refused === null) usable.push([configId, entry]);
    else refusals.push(refused);
  }
  return { message: { family, routingKey, body: Object.fromEntries(usable) }, refusals };
}

function entryRefusal(configId: string, entry: JsonValue): Refusal | null {
  if (FORBIDDEN_KEYS.has(configId)) {
    return refusal(
      'CONFIG_FORBIDDEN_KEY',
      configId,
      null,
      `the config id ${describeValue(configId)} is reserved`,
    );
  }
  if (!label.safeParse(configId).success) {
    const reason = `the config id ${describeValue(configId)} is empty, too long or holds control characters`;
    return refusal('CONFIG_INVALID_FIELD', configId.slice(0, 80), null, reason);
  }
  if (!isJsonObject(entry)) {
    return refusal(
      'CONFIG_WRONG_TYPE',
      configId,
      null,
      `the entry is ${describeValue(entry)}, not an object`,
    );
  }
  const forbidden = Object.keys(entry).find((key) => FORBIDDEN_KEYS.has(key));
  return forbidden === undefined
    ? null
    : refusal(
        'CONFIG_FORBIDDEN_KEY',
        configId,
        forbidden,
        `the field ${describeValue(forbidden)} is reserved`,
      );
}

function poison(code: Refusal['code'], reason: string): Decoded {
  return { message: null, refusals: [refusal(code, null, null, reason)] };
}

/** Iterative, so that depth itself cannot exhaust the stack. */
function isShallow(root: JsonObject, maxDepth: number): boolean {
  let level: JsonValue[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return false;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as JsonValue[]) : [],
    );
  }
  return true;
}
