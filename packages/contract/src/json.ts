/** Plain JSON: the only data that crosses a thread border, a file or the broker. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
/** An object of plain JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** True for an object literal: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is text, else null: for the state of a monitor, which may be of any age and origin. */
export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value if it is a number, else null. */
export function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

/** The value if it is an object, else an empty one. */
export function objectOf(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
  return isJsonObject(value) ? value : {};
}
