/** What a process and all it forked take of this machine, as the kernel counts it. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** Memory in MB of 1,000,000 bytes, summed over the processes. */
export interface TreeReading {
  readonly processes: number;
  /** Counts a page once for each process that has it. */
  readonly rssMb: number;
  /** Shares each page among those that have it: the true cost of many alike processes. */
  readonly pssMb: number;
  /** Pages nobody shares. */
  readonly privateMb: number;
  /** Spent so far by those alive. */
  readonly cpuMs: number;
}

/** Of the kernel's accounting, whatever its own tick. */
const TICK_MS = 10;

/** `pid` and all its descendants; empty where there is no such process. */
export function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  let isThere = false;
  for (const name of readdirSync('/proc')) {
    const one = Number(name);
    if (!Number.isInteger(one)) continue;
    const parent = Number(statOf(one)?.[1]);
    if (!Number.isInteger(parent)) continue;
    isThere ||= one === pid;
    children.set(parent, [...(children.get(parent) ?? []), one]);
  }
  const found = isThere ? [pid] : [];
  for (const one of found) found.push(...(children.get(one) ?? []));
  return found;
}

/** A process that ends meanwhile counts as nothing. */
export function readProcesses(pids: readonly number[]): TreeReading {
  const sum = { processes: 0, rssMb: 0, pssMb: 0, privateMb: 0, cpuMs: 0 };
  for (const pid of pids) {
    const text = textOf(`/proc/${pid}/smaps_rollup`);
    const fields = statOf(pid);
    if (text === null || fields === null) continue;
    sum.processes += 1;
    sum.rssMb += megabytes(text, 'Rss');
    sum.pssMb += megabytes(text, 'Pss');
    sum.privateMb += megabytes(text, 'Private_Clean') + megabytes(text, 'Private_Dirty');
    sum.cpuMs += cpuMsOf(fields);
  }
  return sum;
}

/** Memory, threads and processor time of a process and all below it. */
export function readTree(pid: number): TreeReading {
  return readProcesses(treeOf(pid));
}

/** The cheap part alone: reading memory takes time where there are thousands of mappings. */
export function cpuMsOfTree(pid: number): number {
  return treeOf(pid).reduce((sum, one) => sum + cpuMsOf(statOf(one) ?? []), 0);
}

/** RSS alone, in MB: cheap. */
export function rssMbOfTree(pid: number): number {
  return treeOf(pid).reduce((sum, one) => sum + megabytes(textOf(`/proc/${one}/status`) ?? '', 'VmRSS'), 0);
}

function cpuMsOf(fields: readonly string[]): number {
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

/** The fields of `/proc/PID/stat` after the name, which may hold anything: state, parent, … */
function statOf(pid: number): readonly string[] | null {
  const text = textOf(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function megabytes(text: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text);
  return match === null ? 0 : (Number(match[1]) * 1024) / 1e6;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended, or belongs to someone else.
    return null;
  }
}
