/** One stream of log records, on stderr: for people, or one JSON object a line. */
import {
  isJsonObject,
  isLogged,
  maskText,
  printable,
  type LogFields,
  type Logger,
  type LogLevel,
} from '@vedette/contract';
import winston from 'winston';

export type LogFormat = 'pretty' | 'json';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly isColoured: boolean;
  /** Also called for each record written, as one plain line. */
  readonly onLine?: (line: string) => void;
  /** False while a live table owns the screen. */
  readonly isWritten?: boolean;
}

const COLOURS: Readonly<Record<LogLevel, string>> = {
  error: '\u001b[31m',
  warn: '\u001b[33m',
  info: '\u001b[32m',
  debug: '\u001b[90m',
};
const RESET = '\u001b[0m';

export function createLogger(options: LogOptions): Logger {
  const sink = winston.createLogger({
    level: options.level,
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    silent: options.isWritten === false,
    format: winston.format.printf((info) => String(info.message)),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston types its transports as interfaces
    transports: [new winston.transports.Stream({ stream: process.stderr })],
  });
  return {
    log(level, sentence, fields = {}) {
      if (!isLogged(level, options.level)) return;
      const at = new Date();
      const plain = options.format === 'json' ? jsonLine : prettyLine;
      options.onLine?.(prettyLine(at, level, sentence, fields, false));
      sink.log(level, plain(at, level, sentence, fields, options.isColoured));
    },
  };
}

function jsonLine(at: Date, level: LogLevel, sentence: string, fields: LogFields): string {
  const record = { at: at.toISOString(), level, message: sentence, ...fields };
  return JSON.stringify(record, (_key, value: unknown) =>
    typeof value === 'string' ? maskText(value) : value,
  );
}

function prettyLine(
  at: Date,
  level: LogLevel,
  sentence: string,
  fields: LogFields,
  isColoured: boolean,
): string {
  const time = at.toISOString().slice(11, 23);
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
