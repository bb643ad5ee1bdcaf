/** A kind's settings as people read them: one row per setting, those of lists of objects indented by name. Pure. */
import { isJsonObject, type JsonObject, type JsonValue } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';

/** One setting of a kind, in words. */
export interface SettingRow {
  /** `nodes[].id` for a setting of each item of a list. */
  readonly name: string;
  /** In the words of JSON Schema: `string`, `array of string`. */
  readonly type: string;
  /** `required`, `optional` or `default …`. */
  readonly fallback: string;
  /** What it is for; empty where nobody says. */
  readonly about: string;
  /** The variable that can give it; null where there is none. */
  readonly variable: string | null;
}

/** The settings of a strategy as rows of a table, in the order of its schema. */
export function settingRows({ settingsSchema, environment = {} }: MonitorStrategy): SettingRow[] {
  return rowsOf(settingsSchema, '', environment);
}

function rowsOf(
  schema: JsonObject,
  prefix: string,
  environment: Readonly<Record<string, string>>,
): SettingRow[] {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, value]) => {
    const one = isJsonObject(value) ? value : {};
    const { description, items, default: fallback } = one;
    const name = `${prefix}${key}`;
    const isRequired = Array.isArray(required) && required.includes(key);
    const row: SettingRow = {
      name,
      type: typeOf(one),
      fallback: fallbackOf(fallback, isRequired),
      about: typeof description === 'string' ? description : '',
      variable: environment[name] ?? null,
    };
    return [row, ...(isJsonObject(items) ? rowsOf(items, `${name}[].`, {}) : [])];
  });
}

function typeOf({ type, items }: JsonObject): string {
  const word = typeof type === 'string' ? type : 'value';
  return isJsonObject(items) && typeof items['type'] === 'string' ? `${word} of ${items['type']}` : word;
}

function fallbackOf(value: JsonValue | undefined, isRequired: boolean): string {
  if (value !== undefined) return `default ${JSON.stringify(value)}`;
  return isRequired ? 'required' : 'optional';
}
