/**
 * Reads what this machine gives and what we use of it, from /proc and the control groups. Promise: what cannot be
 * read counts as unlimited; reading never throws.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Limits, Numbers } from './admit.js';

/** Of the machine and of the manager's own process. Connections are nothing a machine knows. */
export interface Reading {
  readonly numbers: Omit<Numbers, 'connections'>;
  readonly limits: Omit<Limits, 'connections'>;
}

/** Reads numbers and limits of a machine. */
export interface Machine {
  /** `children`: process ids whose memory is ours too. */
  read(children: readonly number[]): Reading;
  readChild(pid: number): Pick<Numbers, 'mappings' | 'handles'>;
}

export type ReadText = (path: string) => string | null;

/** Reads /proc and the control group of this process. */
export const linuxMachine: Machine = {
  read: (children) => readMachine(textOf, handlesOf, children),
  readChild: (pid) => childOf(textOf, handlesOf, String(pid)),
};

export function readMachine(
  read: ReadText,
  countHandles: (process: string) => number,
  children: readonly number[],
): Reading {
  const own = statusKb(read('/proc/self/status'), 'VmRSS');
  // Code and libraries of children are the same pages as ours; what counts is what is theirs alone.
  const others = children.map((pid) => statusKb(read(`/proc/${String(pid)}/status`), 'RssAnon'));
  const memoryMb = [own, ...others].reduce((all, kb) => all + kb, 0) / 1024;
  const availableKb = statusKb(read('/proc/meminfo'), 'MemAvailable');
  const ceilings = [
    ...(availableKb > 0 ? [memoryMb + availableKb / 1024] : []),
    ...cgroupCeilingsMb(read('/proc/self/cgroup') ?? '', read),
  ];
  const mappings = Number(read('/proc/sys/vm/max_map_count') ?? Number.NaN);
  return {
    numbers: { memoryMb, ...childOf(read, countHandles, 'self') },
    limits: {
      memoryMb: ceilings.length === 0 ? null : Math.min(...ceilings),
      mappings: Number.isFinite(mappings) && mappings > 0 ? mappings : null,
      handles: openFiles(read('/proc/self/limits') ?? ''),
    },
  };
}

/** Limits in MiB of the control groups we are in, from our own up to the root; both versions. */
export function cgroupCeilingsMb(cgroups: string, read: ReadText): number[] {
  const files: string[] = [];
  for (const line of cgroups.split('\n')) {
    const [number, controllers, path] = line.split(':');
    if (path === undefined) continue;
    const isOld = controllers?.split(',').includes('memory') === true;
    if (!isOld && number !== '0') continue;
    const [root, file] = isOld ? ['memory', 'memory.limit_in_bytes'] : ['', 'memory.max'];
    for (let at = path; ; at = posix.dirname(at)) {
      files.push(posix.join('/sys/fs/cgroup', root, at, file));
      if (at === '/' || at === '.' || !at.startsWith('/')) break;
    }
  }
  return files
    .map((file) => Number(read(file)?.trim() || Number.NaN))
    .filter((bytes) => Number.isFinite(bytes) && bytes > 0 && bytes < 2 ** 60)
    .map((bytes) => bytes / 2 ** 20);
}

function childOf(
  read: ReadText,
  countHandles: (process: string) => number,
  process: string,
): Pick<Numbers, 'mappings' | 'handles'> {
  return { mappings: lines(read(`/proc/${process}/maps`) ?? ''), handles: countHandles(process) };
}

function lines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** The soft limit; null if there is none. */
function openFiles(limits: string): number | null {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? null : Number(soft);
}

function statusKb(text: string | null, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '')?.[1];
  return found === undefined ? 0 : Number(found);
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

function handlesOf(process: string): number {
  try {
    return readdirSync(`/proc/${process}/fd`).length;
  } catch {
    return 0;
  }
}
