/**
 * What one more monitor costs, by host: the only place of these figures. Measured on Node 20 (README "What it
 * costs", `benchmarks/results/memory.json`) and, for cells and processes, from RssAnon, /proc/PID/maps and
 * /proc/PID/fd of ten `system` and ten `evm-node` monitors under `vedette run --host process|cell` in November 2026.
 */
import type { HostWord, MonitorLimits } from '@vedette/contract';
import { DEFAULT_DENSITY } from '../hosts/density.js';

/** Of one resource each. `mappings` and `handles` are those of one process, the others of the machine. */
export interface Cost {
  readonly memoryMb: number;
  readonly mappings: number;
  readonly handles: number;
  readonly connections: number;
}

/** The costs of one host. */
export interface HostCosts {
  /** Of one monitor, to the machine and to the manager's own process. */
  readonly monitor: (limits: HeapLimits) => Cost;
  /** Of the child process or thread that several share, when a new one is begun. */
  readonly container: Cost;
  /** Monitors to a container; null: it has none. */
  readonly perContainer: (sizes: Sizes) => number | null;
  /** Of one monitor, to the process that is its container. */
  readonly inside: (limits: HeapLimits) => Cost;
  /** Child processes: by a container each, by a monitor each, or none. */
  readonly children: 'container' | 'monitor' | 'none';
  readonly threads: 'container' | 'monitor' | 'none';
}

/** What the operator can set. */
export interface Sizes {
  readonly cell: number;
  /** Monitors to a thread of `dense` and of cells; default: 10 and 1. */
  readonly density?: number;
}

/** What of the limits tells the cost. */
type HeapLimits = Pick<MonitorLimits, 'oldMb'>;

export const NOTHING: Cost = { memoryMb: 0, mappings: 0, handles: 0, connections: 0 };

/** Newer V8s take more for the same thread: 6.5 MB on Node 20, 8.3 on 22, 10.5 on 24 (platform figures). */
const NODE_FACTOR = nodeFactor(Number.parseInt(process.versions.node, 10));

export function nodeFactor(major: number): number {
  if (major >= 24) return 1.6;
  return major >= 22 ? 1.3 : 1;
}

/**
 * A kind's heap limit was set from what it needs, so it tells: 24 MiB gave 8.6 to 8.9 MB a monitor (chainlink-node,
 * system), 32 gave 10.2 (evm-node), 96 gave 18.7 (@polkadot/api).
 */
function threadMb({ oldMb }: HeapLimits): number {
  return NODE_FACTOR * (5.8 + 0.13 * oldMb);
}

/** 50 of a bundled thread at 24 MiB, 175 with @polkadot/api at 96. */
function threadMappings({ oldMb }: HeapLimits): number {
  return Math.ceil(NODE_FACTOR * (10 + 1.7 * oldMb));
}

const THREAD_HANDLES = 7;
/** Output, errors, channel, and one while it is forked. */
const CHILD_HANDLES = 4;

/** One pool holds whatever there is; a number only because the others have one. */
const POOL_SIZE = 100_000;

/** What one more monitor costs on each host: megabytes, memory mappings, file handles, connections. */
export const HOST_COSTS: Readonly<Record<HostWord, HostCosts>> = {
  thread: {
    monitor: (limits) => ({
      memoryMb: threadMb(limits),
      mappings: threadMappings(limits),
      handles: THREAD_HANDLES,
      connections: 1,
    }),
    container: NOTHING,
    perContainer: () => null,
    inside: () => NOTHING,
    children: 'none',
    threads: 'monitor',
  },
  dense: {
    // 1,000 trivial monitors in threads of 100: 0.23 MB each; a tenth of a thread's heap is what a real one may add.
    monitor: ({ oldMb }) => ({ ...NOTHING, memoryMb: NODE_FACTOR * 0.02 * oldMb }),
    container: {
      memoryMb: 9 * NODE_FACTOR,
      mappings: Math.ceil(60 * NODE_FACTOR),
      handles: THREAD_HANDLES,
      connections: 1,
    },
    perContainer: ({ density }) => density ?? DEFAULT_DENSITY,
    inside: () => NOTHING,
    children: 'none',
    threads: 'container',
  },
  process: {
    // 54 MB of RSS, most of it code that all of them share: 12 to 14 are its own.
    monitor: (limits) => ({
      memoryMb: threadMb(limits) + 4.5,
      mappings: 0,
      handles: CHILD_HANDLES,
      connections: 1,
    }),
    container: NOTHING,
    perContainer: () => null,
    inside: () => NOTHING,
    children: 'monitor',
    threads: 'none',
  },
  cell: {
    monitor: (limits) => ({ memoryMb: threadMb(limits), mappings: 0, handles: 0, connections: 1 }),
    // An empty one: 13 MB of its own, 110 mappings, 20 handles there.
    container: { memoryMb: 13, mappings: 0, handles: CHILD_HANDLES, connections: 0 },
    perContainer: ({ cell }) => cell,
    inside: (limits) => ({
      memoryMb: 0,
      mappings: threadMappings(limits),
      handles: THREAD_HANDLES,
      connections: 0,
    }),
    children: 'container',
    threads: 'monitor',
  },
  pool: {
    monitor: ({ oldMb }) => ({ ...NOTHING, memoryMb: NODE_FACTOR * 0.005 * oldMb }),
    // Two threads of a large heap each, as a machine of two cores has them.
    container: { memoryMb: 60 * NODE_FACTOR, mappings: 400, handles: 2 * THREAD_HANDLES, connections: 2 },
    perContainer: () => POOL_SIZE,
    inside: () => NOTHING,
    children: 'none',
    threads: 'container',
  },
};

/** What a child process has before its first monitor. */
export const EMPTY_CHILD: Cost = { memoryMb: 0, mappings: 110, handles: 20, connections: 0 };
/** A thread of the default heap limit, to judge sizes by. */
export const USUAL_THREAD = HOST_COSTS.cell.inside({ oldMb: 24 });
