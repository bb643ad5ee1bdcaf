/** Options that several commands have, and how their words are read; a word that cannot be read says what would do. */
import { InvalidArgumentError, type Command } from 'commander';
import { parseDurationMs } from '@vedette/contract';
import { DEFAULT_HOST, HOST_CHOICES, HOST_HELP } from './host-words.js';

/** Adds `--strategy` to a command that reads a config file. */
export const STRATEGY_OPTION = [
  '--strategy <MODULE...>',
  'also know the kinds these modules export by default',
] as const;

/** Options about where monitors run. */
export function withHosting(command: Command): Command {
  return command
    .option(
      '--host <HOST>',
      `where monitors run: ${HOST_HELP}. Again as KIND=HOST or ID=HOST for some; before \`hosting\` of FILE [default: ${DEFAULT_HOST}]`,
      known(HOST_CHOICES, (text: string, earlier: readonly string[] | undefined) => [
        ...(earlier ?? []),
        text,
      ]),
    )
    .option(
      '--cell-size <N>',
      'monitors in one cell at most [default: 100, or what limits allow]',
      wholeNumber,
    )
    .option(
      '--density <N>',
      'monitors per thread, 1 to 200 [default: 10 in `dense`, 1 in `cell`]',
      wholeNumber,
    )
    .option('--threads <N>', 'of `pool`, 1 to 64 [default: what this machine can run at once]', wholeNumber)
    .option('--max-memory <MIB>', 'use 80 % of so much memory at most, and of what the machine has', positive)
    .option('--max-connections <N>', 'open 80 % of so many broker connections at most', positive);
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value)) throw new InvalidArgumentError('Give a whole number.');
  return value;
}

export function positive(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return value;
}

export function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === null) throw new InvalidArgumentError('Give a duration such as 500ms, 20s, 5m or 1h.');
  return ms;
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000) {
    throw new InvalidArgumentError('Give a whole number from 1 to 1000.');
  }
  return value;
}

/** Whole numbers from 0 to `most`. */
export function atMost(most: number): (text: string) => number {
  return (text) => {
    const value = wholeNumber(text);
    if (value < 0 || value > most) throw new InvalidArgumentError(`Give a whole number from 0 to ${most}.`);
    return value;
  };
}

export function manyOf(
  words: readonly string[],
): (text: string, before?: readonly string[]) => readonly string[] {
  const one = oneOf(words);
  return known(words, (text: string, before: readonly string[] = []) => [...before, one(text)]);
}

export function oneOf(words: readonly string[]): (text: string) => string {
  return known(words, (text: string) => {
    if (!words.includes(text)) throw new InvalidArgumentError(`Use one of ${words.join(', ')}.`);
    return text;
  });
}

/** A reader of words that says which it knows: a shell offers them. */
function known<F extends object>(
  words: readonly string[],
  read: F,
): F & { readonly words: readonly string[] } {
  return Object.assign(read, { words });
}

/** The words a reader of an option knows; empty where it takes anything. */
export function wordsOf(read: unknown): readonly string[] {
  return typeof read === 'function' && 'words' in read ? (read.words as readonly string[]) : [];
}
