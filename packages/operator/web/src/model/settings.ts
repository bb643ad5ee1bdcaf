/** Settings as lines to read: nested names with dots. Pure. */

export interface SettingLine {
  readonly name: string;
  readonly value: string;
}

const MAX_LINES = 200;

export function linesOf(settings: Readonly<Record<string, unknown>>): SettingLine[] {
  const lines: SettingLine[] = [];
  const walk = (name: string, value: unknown): void => {
    if (lines.length >= MAX_LINES) return;
    if (Array.isArray(value)) {
      if (value.length === 0) lines.push({ name, value: 'none' });
      for (const [index, item] of value.entries()) walk(`${name}[${index}]`, item);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(name === '' ? key : `${name}.${key}`, item);
    } else lines.push({ name, value: textOf(value) });
  };
  walk('', settings);
  return lines;
}

function textOf(value: unknown): string {
  if (value === null || value === '') return 'none';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
