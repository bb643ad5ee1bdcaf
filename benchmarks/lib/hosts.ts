/**
 * Where monitors can run: one line each, and every bench that asks by host goes through all of them in one run.
 * Promise: a number that a host cannot do is not tried; its row says why.
 */
import { CellHost, DenseHost, ProcessHost, ThreadHost, type Host } from '@vedette/supervisor';

export interface HostPlace {
  /** The built worker entry, and that of the pool's threads. */
  readonly entry: URL;
  readonly poolEntry: URL;
  /** Of child processes. */
  readonly env: NodeJS.ProcessEnv;
}

export interface HostCase {
  readonly name: string;
  /** For people. */
  readonly what: string;
  /** More monitors are not tried, because of `why`. */
  readonly most: number;
  readonly why: string;
  /** The least that could do it; see `measured/floor.ts`. */
  readonly floor: FloorName;
  readonly create: (place: HostPlace) => Host | Promise<Host>;
}

/** Bare threads or bare processes with amqplib and a connection each, or one process with one connection. */
export type FloorName = 'bare threads' | 'bare processes' | 'one bare process';

const MAPPINGS = 'some 1,200 threads exhaust the memory mappings of a process';
const MEMORY = 'a process each takes 7 to 9 MB of its own and half a second of a core to start';

const UNTRIED = 'more were not tried';

/** A further host is a line of its own. */
export const HOSTS: readonly HostCase[] = [
  {
    name: 'thread',
    what: 'a thread each',
    most: 1_000,
    why: MAPPINGS,
    floor: 'bare threads',
    create: ({ entry }) => new ThreadHost({ entry }),
  },
  {
    name: 'process',
    what: 'a process each',
    most: 300,
    why: MEMORY,
    floor: 'bare processes',
    create: ({ entry, env }) => new ProcessHost({ entry, env }),
  },
  {
    name: 'cell',
    what: 'threads in processes of up to 100',
    most: 1_000,
    why: UNTRIED,
    floor: 'bare threads',
    create: ({ entry, env }) => new CellHost({ entry, env }),
  },
  ...[10, 100].map((density): HostCase => {
    return {
      name: `dense-${density}`,
      what: `${density} in a thread`,
      most: 10_000,
      why: UNTRIED,
      floor: 'one bare process',
      create: ({ entry }) => new DenseHost({ entry, density }),
    };
  }),
  {
    name: 'pool',
    what: 'rounds as tasks of a few threads',
    most: 10_000,
    why: UNTRIED,
    floor: 'one bare process',
    // Its libraries are loaded where it runs, as the command does: they are no part of other hosts' memory.
    create: async ({ poolEntry }) => {
      const { PoolHost } = await import('@vedette/supervisor/pool');
      return new PoolHost({ entry: poolEntry });
    },
  },
];

export function hostNamed(name: string): HostCase {
  const found = HOSTS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no host ${name}`);
  return found;
}

/** Why `host` is not measured with `n` monitors; null if it is. */
export function refusalOf(host: HostCase, n: number): string | null {
  return n <= host.most ? null : `at most ${host.most} on host ${host.name}: ${host.why}`;
}

/** As the command gives it to children. */
export async function hostOf(name: string): Promise<Host> {
  return hostNamed(name).create({
    entry: new URL(import.meta.resolve('@vedette/monitor/entry')),
    poolEntry: new URL(import.meta.resolve('@vedette/monitor/pool-entry')),
    env: { MALLOC_ARENA_MAX: '1', ...process.env },
  });
}
