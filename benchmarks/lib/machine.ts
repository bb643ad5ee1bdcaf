/** What a figure must be read with: which code, on which machine, when. No path and no host name. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { ROOT } from '../../test/support/root.js';

export interface Machine {
  /** Short hash; `+` where the working tree differed from it. */
  readonly commit: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** ISO date. */
  readonly date: string;
}

export function machineNow(): Machine {
  const processors = cpus();
  return {
    commit: commitNow(),
    node: process.version,
    cpu: (processors[0]?.model ?? 'unknown').trim(),
    cores: processors.length,
    date: new Date().toISOString().slice(0, 10),
  };
}

export function machineLine({ commit, node, cpu, cores, date }: Machine): string {
  return `commit ${commit}, Node ${node.replace(/^v/, '')}, ${cores} × ${cpu}, ${date}`;
}

function commitNow(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const isClean = git('status', '--porcelain', '--', 'packages') === '';
    return `${git('rev-parse', '--short', 'HEAD')}${isClean ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
