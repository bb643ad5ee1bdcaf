/** Levels from most to least urgent. `error`: a person must act; `warn`: it healed or may not. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;

/** Sentences are constant; what varies goes in fields. The implementation is the caller's. */
export interface Logger {
  log(level: LogLevel, sentence: string, fields?: LogFields): void;
}

export const silentLogger: Logger = { log: () => undefined };

/** True if a record of `level` is to be written when `threshold` is the least urgent level wanted. */
export function isLogged(level: LogLevel, threshold: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(threshold);
}
