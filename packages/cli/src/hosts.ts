/**
 * The hosts `--host` names. Promise: the environment of children is what this command was given, and one malloc
 * arena unless it says otherwise: with a thread each, every further arena is memory nobody uses.
 */
import type { Logger } from '@vedette/contract';
import {
  CellHost,
  DenseHost,
  ProcessHost,
  ThreadHost,
  type Host,
  type HostTies,
  type Sizes,
} from '@vedette/supervisor';
import type { Environment } from './environment.js';
import type { HostWord } from './host-words.js';

/** Makes pools; apart from the other hosts, who have no use for piscina. `threads` null: as many as can run at once. */
export async function poolFactory(): Promise<(threads: number | null) => Host> {
  const { PoolHost } = await import('@vedette/supervisor/pool');
  const entry = new URL(import.meta.resolve('@vedette/monitor/pool-entry'));
  return (threads) => new PoolHost({ entry, ...(threads === null ? {} : { threads }) });
}

/** `ties`: of a host that is one of several. Throws HOST_OPTION_INVALID. */
export function createHost(
  word: Exclude<HostWord, 'pool'>,
  env: Environment,
  logger: Logger,
  ties?: HostTies & { readonly sizes: Sizes },
): Host {
  const packed = ties?.sizes.density === undefined ? {} : { density: ties.sizes.density };
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
        ...(ties === undefined ? {} : { monitorsPerCell: ties.sizes.cell, hasRoom: ties.hasRoom }),
        onCellEnded(ended) {
          ties?.onCellEnded(ended);
          const { isAsked, monitors, ...end } = ended;
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
