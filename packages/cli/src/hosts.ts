/**
 * The hosts `--host` names. Promise: the environment of children is what this command was given, and one malloc
 * arena unless it says otherwise: with a thread each, every further arena is memory nobody uses.
 */
import type { Logger } from '@vedette/contract';
import { CellHost, ProcessHost, ThreadHost, type Host } from '@vedette/supervisor';
import type { Environment } from './environment.js';
import type { HostWord } from './host-words.js';

export function createHost(word: HostWord, env: Environment, logger: Logger): Host {
  const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
  switch (word) {
    case 'thread':
      return new ThreadHost({ entry });
    case 'process':
      return new ProcessHost({ entry, env: { MALLOC_ARENA_MAX: '1', ...env } });
    case 'cell':
      return new CellHost({
        entry,
        env: { MALLOC_ARENA_MAX: '1', ...env },
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
