/** Prefix, decimals and symbol of a chain, in the form PANIC's consumers read. */
import { isJsonObject, type JsonValue } from '@vedette/contract';
import type { ChainProperties } from './memory.js';

/** Chains with one token may give a plain value where others give a list. */
export function chainProperties(answer: unknown): ChainProperties {
  const fields = isJsonObject(answer) ? answer : {};
  const { ss58Format = null, tokenDecimals = null, tokenSymbol = null } = fields;
  return {
    ss58Format: typeof ss58Format === 'number' ? ss58Format : null,
    tokenDecimals: listOf(tokenDecimals, (one) => typeof one === 'number' && Number.isSafeInteger(one)),
    tokenSymbol: listOf(tokenSymbol, (one) => typeof one === 'string'),
  };
}

/** Null for a list with anything else in it: consumers scale amounts by the first entry. */
function listOf(value: JsonValue, isGood: (one: JsonValue) => boolean): JsonValue {
  if (value === null) return null;
  const list = Array.isArray(value) ? value : [value];
  return list.every(isGood) ? list : null;
}
