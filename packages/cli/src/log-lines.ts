/** Log records as lines for people. Pure; colours only when asked for. Promise: no credential, no control character. */
import { isJsonObject, maskText, printable, type LogFields, type LogLevel } from '@vedette/contract';

const COLOURS: Readonly<Record<LogLevel, string>> = {
  error: '\u001b[31m',
  warn: '\u001b[33m',
  info: '\u001b[32m',
  debug: '\u001b[90m',
};
const RESET = '\u001b[0m';

/** `12:00:00.000 info  Sentence  name=value`; `time` as it shall stand there. */
export function prettyLine(
  time: string,
  level: LogLevel,
  sentence: string,
  fields: LogFields,
  isColoured: boolean,
): string {
  const word = level.padEnd(5);
  const shown = isColoured ? `${COLOURS[level]}${word}${RESET}` : word;
  return `${time} ${shown} ${sentence}${fieldsText(fields)}`;
}

function fieldsText(fields: LogFields): string {
  const parts = Object.entries(fields)
    .filter(([key, value]) => key !== 'component' && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${fieldText(value)}`);
  return parts.length === 0 ? '' : `  ${parts.join(' ')}`;
}

/** Errors as `CODE: message`; text quoted only where it holds blanks; no control characters. */
function fieldText(value: unknown): string {
  if (isJsonObject(value) && typeof value['message'] === 'string') {
    const code = typeof value['code'] === 'string' ? `${value['code']}: ` : '';
    return fieldText(`${code}${value['message']}`);
  }
  const text = maskText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  const safe = printable(text, ' ');
  return typeof value === 'string' && /[\s"]/.test(safe) ? JSON.stringify(safe) : safe;
}
