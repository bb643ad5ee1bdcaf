/** Plain values out of a node's JSON. Promise: what is not of the form asked for is a coded error. */
import { describeValue, isJsonObject, VedetteError, type JsonObject } from '@vedette/contract';

/** Accepts what PANIC accepts: a JSON number, and digits or 0x digits as text. */
export function integerOf(value: unknown, what: string): number {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && isLiteral(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new VedetteError('SOURCE_BAD_BODY', `${what} is no whole number: ${describeValue(value)}`);
}

export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new VedetteError('SOURCE_BAD_BODY', `${what} is no text: ${describeValue(value)}`);
}

export function objectOf(value: unknown, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new VedetteError('SOURCE_BAD_BODY', `${what} is no object: ${describeValue(value)}`);
}

/** Amounts are numbers while they are small, else 0x digits. */
export function amountOf(value: unknown, what: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && isLiteral(value)) return BigInt(value);
  throw new VedetteError('SOURCE_BAD_BODY', `${what} is no amount: ${describeValue(value)}`);
}

function isLiteral(text: string): boolean {
  return /^(0|[1-9]\d*|0x[0-9a-f]+)$/i.test(text);
}
