/** `--listen` and what belongs to it: from flags and environment to an operator that answers, or null for `none`. */
import { systemClock, type LogFields, type Logger, type LogLevel } from '@vedette/contract';
import type { MonitorsManager } from '@vedette/manager';
import type { Operator, OperatorOptions } from '@vedette/operator';
import type { Environment } from './environment.js';
import { CommandFailure, EXIT } from './exit-codes.js';

export interface OperatorWords {
  readonly listen: string;
  readonly tokenFile: string | null;
  /** From the environment only: arguments are seen by every user of the machine. */
  readonly token: string | null;
  readonly allowActions: boolean;
}

/** Makes the operator of one manager after the other; each begins to answer where it is asked to. */
export type OpenOperator = (manager: MonitorsManager, retryMs: number) => Promise<Operator | null>;

export function operatorWords(
  options: Record<string, unknown>,
  env: Environment,
  fallback: string,
): OperatorWords {
  const named = (text: string | undefined): string | null =>
    text === undefined || text === '' ? null : text;
  return {
    listen: (options['listen'] as string | undefined) ?? named(env['VEDETTE_LISTEN']) ?? fallback,
    tokenFile: named(options['tokenFile'] as string | undefined),
    token: named(env['VEDETTE_API_TOKEN']),
    allowActions: options['allowActions'] === true,
  };
}

/** Told of each record that is logged. */
export type OnRecord = (level: LogLevel, sentence: string, fields: LogFields) => void;

/**
 * Words that cannot be used are told before anything starts: LISTEN_BAD_ADDRESS, LISTEN_BAD_TOKEN. `onKeeper` is
 * given who wants to hear of each log record; not called where nothing listens.
 */
export async function operatorOf(
  words: OperatorWords,
  logger: Logger,
  onKeeper: (keep: OnRecord) => void,
): Promise<OpenOperator> {
  if (words.listen === 'none') return () => Promise.resolve(null);
  // Loaded only where it is used.
  const { fixedToken, Operator, NO_TOKENS, parseListen, RecentLogs, TokenFile } =
    await import('@vedette/operator');
  const listen = parseListen(words.listen);
  if (listen === null) return () => Promise.resolve(null);
  if (words.token !== null && words.tokenFile !== null) {
    throw new CommandFailure(
      EXIT.usage,
      'both --token-file and VEDETTE_API_TOKEN are set',
      'Leave one of the two out',
    );
  }
  const tokens =
    words.tokenFile !== null
      ? new TokenFile(words.tokenFile, systemClock, logger)
      : words.token !== null
        ? fixedToken(words.token)
        : NO_TOKENS;
  const { allowActions } = words;
  // One for all managers of this process: who follows the log of a standby sees it take over.
  const logs = new RecentLogs(systemClock);
  onKeeper((level, sentence, fields) => {
    logs.note(level, sentence, fields);
  });
  return async (manager, retryMs) => {
    const options: OperatorOptions = { manager, listen, tokens, allowActions, logs, logger };
    const operator = new Operator(options);
    const url = await operator.listen(retryMs);
    logger.log('info', 'Listening for operators', { component: 'operator', url });
    return operator;
  };
}
