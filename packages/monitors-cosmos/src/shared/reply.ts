/**
 * What a server's body says. Promise: no body, however hostile, makes more objects than a small heap holds.
 */
import {
  isJsonObject,
  maskText,
  maskUrl,
  VedetteError,
  type JsonObject,
  type JsonValue,
} from '@vedette/contract';

/**
 * `call`: the server understood and said that the request failed. `incompatible`: it does not offer the route,
 * or what it sent has another shape; another route may do.
 */
export class ReplyFault extends Error {
  constructor(
    readonly kind: 'call' | 'incompatible',
    text: string,
  ) {
    // Foreign text ends up in alerts: one line of bounded length, secrets masked.
    super(maskText(text.replace(/\s+/g, ' ')).slice(0, 300));
    this.name = 'ReplyFault';
  }
}

export interface Reply {
  readonly url: string;
  readonly status: number;
  /** Undefined when the body is no JSON. */
  readonly json: JsonValue | undefined;
}

/** Braces, brackets and commas: a bound on what parsing makes, some 50 bytes each. */
const MAX_TOKENS = 200_000;

/** Throws SOURCE_TOO_LARGE for a body of too many parts. */
export function parseBody(body: Buffer, url: string): JsonValue | undefined {
  let tokens = 0;
  for (const byte of body) if (byte === 0x2c || byte === 0x7b || byte === 0x5b) tokens += 1;
  if (tokens > MAX_TOKENS) {
    const shown = maskUrl(url);
    throw new VedetteError('SOURCE_TOO_LARGE', `${shown} answered with more than ${MAX_TOKENS} values`, {
      details: { url: shown },
    });
  }
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Throws a fault of kind `incompatible` unless the body is a JSON object. */
export function requireObject(reply: Reply): JsonObject {
  if (isJsonObject(reply.json)) return reply.json;
  const what = reply.json === undefined ? 'no JSON' : 'JSON that is no object';
  throw new ReplyFault(
    'incompatible',
    `${maskUrl(reply.url)} answered with ${what} (HTTP ${String(reply.status)})`,
  );
}

/** A field of a nested object; throws a fault of kind `incompatible` where there is none. */
export function requireField(value: JsonValue | undefined, ...path: string[]): JsonValue {
  let found = value;
  for (const key of path) {
    if (!isJsonObject(found) || !Object.hasOwn(found, key) || found[key] === undefined) {
      throw new ReplyFault('incompatible', `the answer lacks ${path.join('.')}`);
    }
    found = found[key];
  }
  return found as JsonValue;
}

/** The same, undefined where it is absent or a step on the way is no object. */
export function fieldAt(value: JsonValue | undefined, ...path: string[]): JsonValue | undefined {
  let found = value;
  for (const key of path) {
    if (!isJsonObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** Heights and counts come as text, in old versions as numbers. Null for what is no whole number of use. */
export function wholeNumber(value: JsonValue | undefined): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}
