/**
 * The hosts `--host` names. Promise: the environment of children is what this command was given, and one malloc
 * arena unless it says otherwise: with a thread each, every further arena is memory nobody uses.
 */
import { isVedetteError, type Logger } from '@vedette/contract';
import { CellHost, DenseHost, ProcessHost, ThreadHost, type Host } from '@vedette/supervisor';
import type { Environment } from './environment.js';
import { CommandFailure, EXIT } from './exit-codes.js';
import type { HostWord } from './host-words.js';

export interface HostChoice {
  readonly word: HostWord;
  /** Of the pool; null for as many as the machine can run at once. */
  readonly threads: number | null;
  /** Monitors per thread, for the hosts that can; null: as the host has it. */
  readonly density: number | null;
}

/** The host the options of `run` name. Rejects with a CommandFailure. */
export async function hostFrom(
  options: Readonly<Record<string, unknown>>,
  env: Environment,
  logger: Logger,
): Promise<Host> {
  const word = options['host'] as HostWord;
  const threads = (options['threads'] as number | undefined) ?? null;
  const density = (options['density'] as number | undefined) ?? null;
  if (threads !== null && word !== 'pool') {
    const text = `--threads is for --host pool, not for --host ${word}`;
    throw new CommandFailure(EXIT.usage, text, 'Leave one of the two out');
  }
  if (density !== null && density !== 1 && word !== 'dense' && word !== 'cell') {
    throw new CommandFailure(
      EXIT.usage,
      `--host ${word} holds one monitor each, --density ${density} needs another`,
      'Use --host dense or --host cell, or leave --density out',
    );
  }
  try {
    return await createHost({ word, threads, density }, env, logger);
  } catch (error) {
    if (!isVedetteError(error) || error.code !== 'HOST_OPTION_INVALID') throw error;
    throw new CommandFailure(EXIT.usage, `${error.code}: ${error.message}`, error.remedy);
  }
}

/** Rejects with HOST_OPTION_INVALID. */
export async function createHost(
  { word, threads, density }: HostChoice,
  env: Environment,
  logger: Logger,
): Promise<Host> {
  const packed = density === null ? {} : { density };
  const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
  switch (word) {
    case 'thread':
      return new ThreadHost({ entry });
    case 'dense':
      return new DenseHost({ entry, ...packed });
    case 'process':
      return new ProcessHost({ entry, env: { MALLOC_ARENA_MAX: '1', ...env } });
    case 'pool': {
      // Loaded only where it is wanted: piscina is of no use to the other hosts.
      const { PoolHost } = await import('@vedette/supervisor/pool');
      const poolEntry = new URL(import.meta.resolve('@vedette/monitor/pool-entry'));
      return new PoolHost({ entry: poolEntry, ...(threads === null ? {} : { threads }) });
    }
    case 'cell':
      return new CellHost({
        entry,
        env: { MALLOC_ARENA_MAX: '1', ...env },
        ...packed,
        onCellEnded({ isAsked, monitors, ...end }) {
          if (isAsked && monitors.length === 0) return;
          logger.log('warn', 'A cell ended, its monitors start elsewhere', {
            component: 'supervisor',
            ...end,
            monitors: [...monitors],
          });
        },
      });
  }
}
