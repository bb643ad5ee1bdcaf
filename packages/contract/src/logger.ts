/** Levels from most to least urgent. `error`: a person must act; `warn`: it healed or may not. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];
/** What varies in a log line. Errors may be among them; they are serialised. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Sentences are constant; what varies goes in fields. The implementation is the caller's. */
export interface Logger {
  log(level: LogLevel, sentence: string, fields?: LogFields): void;
}

/** Writes nothing. */
export const silentLogger: Logger = { log: () => undefined };

/** True if a record of `level` is to be written when `threshold` is the least urgent level wanted. */
export function isLogged(level: LogLevel, threshold: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(threshold);
}
