/**
 * Blocks and their results can be large by their transactions, of which nothing is read here. Promise: of a large
 * body only the wanted members are parsed, so that it fits a small heap.
 */
import type { JsonValue } from '@vedette/contract';
import { parseBody } from '../shared/reply.js';
import { EVENT_LISTS } from './blocks.js';

/** Below this a body is parsed whole. */
const SMALL_BYTES = 256 * 1024;
/** Comes over the wire as bytes outside the heap; eight of them at a time. */
export const MAX_BLOCK_BYTES = 16 * 1024 * 1024;

/** Answer of `/block_results`: the events of the block itself. */
export function parseBlockResults(body: Buffer, url: string): JsonValue | undefined {
  if (body.length < SMALL_BYTES) return parseBody(body, url);
  const result = membersOf(body, url, EVENT_LISTS);
  return Object.keys(result).length === 0 ? parseBody(body, url) : { result };
}

/** Answer of `/block`: the header and who signed the block before. */
export function parseBlock(body: Buffer, url: string): JsonValue | undefined {
  if (body.length < SMALL_BYTES) return parseBody(body, url);
  const block = membersOf(body, url, ['header', 'last_commit']);
  return Object.keys(block).length === 0 ? parseBody(body, url) : { result: { block } };
}

function membersOf(body: Buffer, url: string, names: readonly string[]): Record<string, JsonValue> {
  const members: Record<string, JsonValue> = {};
  for (const name of names) {
    const text = memberOf(body, name);
    const value = text === null ? undefined : parseBody(text, url);
    if (value !== undefined) members[name] = value;
  }
  return members;
}

/**
 * The bytes of the first array or object of this name. A quoted name with its colon cannot stand inside a text,
 * where quotes are escaped.
 */
function memberOf(body: Buffer, name: string): Buffer | null {
  const label = `"${name}":`;
  const at = body.indexOf(label);
  if (at === -1) return null;
  let start = at + label.length;
  while (isBlank(body[start])) start += 1;
  let depth = 0;
  let isText = false;
  for (let index = start; index < body.length; index += 1) {
    const byte = body[index];
    if (isText) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) {
      depth -= 1;
      if (depth === 0) return body.subarray(start, index + 1);
    }
    // `null` or another plain value: there is nothing to cut out.
    if (depth === 0) return null;
  }
  return null;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
