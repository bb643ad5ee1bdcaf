/**
 * JSON as PANIC's Python writes and reads it. Python tells `26` (int) from `26.0` (float), keeps
 * integers of any size and knows NaN; `JSON.stringify` can do none of these.
 */
/** A number that Python reads as a float, also where it is whole. Made by {@link real}. */
export class Real {
  constructor(readonly value: number) {
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Monitor bundles hold their own copy of this class, so `instanceof` would not know their reals. */
const BRAND = Symbol.for('vedette.real');

function isReal(value: object): value is Real {
  return BRAND in value;
}

/** Marks a number that must be written as a real literal: `26.0`, never `26`. */
export function real(value: number): Real {
  return new Real(value);
}

/** What a message may hold: JSON, whole numbers of any size as `bigint`, and reals through {@link real}. */
export type WireValue = string | number | bigint | boolean | null | Real | readonly WireValue[] | WireObject;
/** A body of a message. */
export interface WireObject {
  readonly [key: string]: WireValue;
}

/** Serialises a body. Integers keep all digits, reals their point, keys their order. */
export function wireJson(value: WireValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isInteger(value) ? integerLiteral(value) : realLiteral(value);
    default:
      break;
  }
  if (isReal(value)) return realLiteral(value.value);
  if (isList(value)) return `[${value.map(wireJson).join(', ')}]`;
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${wireJson(field)}`);
  return `{${fields.join(', ')}}`;
}

function isList(value: WireValue): value is readonly WireValue[] {
  return Array.isArray(value);
}

/** All digits, where `String` would begin to write exponents. */
function integerLiteral(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
}

function realLiteral(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
