/** One stream of log records, on stderr: for people, or one JSON object a line. */
import { isLogged, maskText, type LogFields, type Logger, type LogLevel } from '@vedette/contract';
import winston from 'winston';
import { prettyLine } from './log-lines.js';

export type LogFormat = 'pretty' | 'json';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly isColoured: boolean;
  /** Also called for each record written, as one plain line. */
  readonly onLine?: (line: string) => void;
  /** Also called for each record written, as it was logged. */
  readonly onRecord?: (level: LogLevel, sentence: string, fields: LogFields) => void;
  /** False while a live table owns the screen. */
  readonly isWritten?: boolean;
}

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
      const time = at.toISOString().slice(11, 23);
      const pretty = (isColoured: boolean): string => prettyLine(time, level, sentence, fields, isColoured);
      options.onRecord?.(level, sentence, fields);
      options.onLine?.(pretty(false));
      sink.log(
        level,
        options.format === 'json' ? jsonLine(at, level, sentence, fields) : pretty(options.isColoured),
      );
    },
  };
}

function jsonLine(at: Date, level: LogLevel, sentence: string, fields: LogFields): string {
  const record = { at: at.toISOString(), level, message: sentence, ...fields };
  return JSON.stringify(record, (_key, value: unknown) =>
    typeof value === 'string' ? maskText(value) : value,
  );
}
