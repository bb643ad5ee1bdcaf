/** The hosts `--host` names. Promise: the environment of children is what this command was given, and no more. */
import { ProcessHost, ThreadHost, type Host } from '@vedette/supervisor';
import type { Environment } from './environment.js';
import type { HostWord } from './host-words.js';

export function createHost(word: HostWord, env: Environment): Host {
  const entry = new URL(import.meta.resolve('@vedette/monitor/entry'));
  switch (word) {
    case 'thread':
      return new ThreadHost({ entry });
    case 'process':
      return new ProcessHost({ entry, env: { MALLOC_ARENA_MAX: '1', ...env } });
  }
}
