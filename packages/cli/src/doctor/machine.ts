/** Node and the limits of this machine, as far as monitors meet them. What is judged is pure. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { linuxMachine } from '@vedette/supervisor';
import { failed, judgedFigure, ok, skipped, type Finding } from './findings.js';

/** Null: there is no such limit, or nobody says. */
export interface MachineReading {
  readonly platform: string;
  readonly nodeVersion: string;
  /** As in `>=20.19`. */
  readonly nodeWanted: string;
  readonly openFiles: number | null;
  readonly memoryMb: number | null;
  readonly mappings: number | null;
  /** Threads and processes that may still be started. */
  readonly freeTasks: number | null;
}

export function readMachine(nodeWanted: string): MachineReading {
  const { limits, numbers } = linuxMachine.read([]);
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    nodeWanted,
    openFiles: limits.handles,
    memoryMb: limits.memoryMb === null ? null : Math.max(0, limits.memoryMb - numbers.memoryMb),
    mappings: limits.mappings,
    freeTasks: freeTasks(textOf),
  };
}

/** From the process's own limit and those of its control groups; a bare count where a group says none. */
export function freeTasks(read: (path: string) => string | null): number | null {
  const soft = /^Max processes\s+(\d+)/m.exec(read('/proc/self/limits') ?? '')?.[1];
  const free = soft === undefined ? [] : [Number(soft)];
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [number, controllers, path] = line.split(':');
    const isOld = controllers?.split(',').includes('pids') === true;
    if (path === undefined || (!isOld && number !== '0')) continue;
    for (let at = path; at.startsWith('/'); at = posix.dirname(at)) {
      const folder = posix.join('/sys/fs/cgroup', isOld ? 'pids' : '', at);
      const most = Number(read(`${folder}/pids.max`)?.trim() || Number.NaN);
      const used = Number(read(`${folder}/pids.current`)?.trim() || 0);
      if (Number.isFinite(most)) free.push(Math.max(0, most - used));
      if (at === '/') break;
    }
  }
  return free.length === 0 ? null : Math.min(...free);
}

export function judgeMachine(reading: MachineReading): Finding[] {
  const { platform, openFiles, memoryMb, mappings, freeTasks: tasks } = reading;
  const node = judgeNode(reading);
  if (platform !== 'linux') return [node, skipped('limits', `not looked at on ${platform}`)];
  return [
    node,
    limit('open files', openFiles, '', { failed: 256, warning: 4_096 }, 'Raise `ulimit -n`, or LimitNOFILE='),
    limit(
      'memory',
      memoryMb,
      ' MiB free for us',
      { failed: 128, warning: 512 },
      'Give the machine or its control group more memory',
    ),
    limit(
      'memory mappings',
      mappings,
      ' in a process (vm.max_map_count)',
      { failed: 10_000, warning: 65_530 },
      'sysctl -w vm.max_map_count=262144',
    ),
    limit(
      'tasks',
      tasks,
      ' more threads and processes',
      { failed: 100, warning: 1_000 },
      'Raise `ulimit -u`, TasksMax= or pids.max',
    ),
  ];
}

function judgeNode({ nodeVersion, nodeWanted }: MachineReading): Finding {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(nodeWanted)?.map(Number) ?? [];
  const [hasMajor = 0, hasMinor = 0] = nodeVersion.split('.').map(Number);
  const isOld = hasMajor < (major ?? 0) || (hasMajor === major && hasMinor < (minor ?? 0));
  return isOld
    ? failed('node', `Node ${nodeVersion} runs this, ${nodeWanted} is needed`, 'DOCTOR_NODE_TOO_OLD')
    : ok('node', `Node ${nodeVersion}`);
}

function limit(
  check: string,
  value: number | null,
  unit: string,
  marks: { readonly failed: number; readonly warning: number },
  remedy: string,
): Finding {
  if (value === null) return ok(check, 'no limit');
  return judgedFigure(check, { value, text: `${Math.floor(value)}${unit}` }, marks, remedy);
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
