/** Copies data that must be plain JSON, and names the place of whatever is not. */
import { VedetteError, type JsonValue } from '@vedette/contract';

const MAX_DEPTH = 64;

/**
 * A deep copy. Object fields that are undefined are left out, as in JSON. Throws MONITOR_ROUND_FAILED
 * for anything JSON would lose or change: NaN, bigint, functions, class instances, cycles.
 */
export function copyJson(value: unknown, path = 'state', depth = 0): JsonValue {
  if (depth > MAX_DEPTH) throw notJson(path, `is nested deeper than ${MAX_DEPTH} levels or holds itself`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(path, `is ${value}`);
    return value;
  }
  if (typeof value !== 'object') throw notJson(path, `is of type ${typeof value}`);
  if (Array.isArray(value)) {
    return value.map((item, index) => copyJson(item, `${path}[${index}]`, depth + 1));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notJson(path, 'is a class instance');
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.map(([key, field]) => [key, copyJson(field, `${path}.${key}`, depth + 1)]),
  );
}

function notJson(path: string, what: string): VedetteError {
  return new VedetteError('MONITOR_ROUND_FAILED', `${path.slice(0, 200)} ${what}: it must be plain JSON`);
}
