/**
 * The hosts `--host` names. Promise: the environment of children is what this command was given, and one malloc
 * arena unless it says otherwise: with a thread each, every further arena is memory nobody uses.
 */
import type { Logger } from '@vedette/contract';
import { CellHost, DenseHost, ProcessHost, ThreadHost, type Host } from '@vedette/supervisor';
import type { Environment } from './environment.js';
import { CommandFailure, EXIT } from './exit-codes.js';
import type { HostWord } from './host-words.js';

/** `density`: monitors per thread, for the hosts that can; null: as the host has it. */
export function createHost(word: HostWord, density: number | null, env: Environment, logger: Logger): Host {
  const packed = density === null ? {} : { density };
  if (density !== null && density !== 1 && (word === 'thread' || word === 'process')) {
    throw new CommandFailure(
      EXIT.usage,
      `--host ${word} holds one monitor each, --density ${density} needs another`,
      'Use --host dense or --host cell, or leave --density out',
    );
  }
  const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
  switch (word) {
    case 'thread':
      return new ThreadHost({ entry });
    case 'dense':
      return new DenseHost({ entry, ...packed });
    case 'process':
      return new ProcessHost({ entry, env: { MALLOC_ARENA_MAX: '1', ...env } });
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
