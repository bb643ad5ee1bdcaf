/**
 * Programs of others, run for a while. Promise: each ends with this process, however that ends, and with `stop()`
 * at the latest within its deadline, with all it started.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { treeOf } from '@vedette/cli/process-tree';

/** Of the util-linux every Debian has: the kernel then ends a child whose parent was killed. */
const SETPRIV = '/usr/bin/setpriv';
const TERM_MS = 1_500;
const LONGEST_OUTPUT = 2_000;

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export class Program {
  readonly #child: ChildProcess;
  #output = '';

  constructor({ command, args, env = {}, cwd }: ProgramOptions) {
    const isTied = existsSync(SETPRIV);
    const words = isTied ? ['--pdeathsig', 'KILL', command, ...args] : [...args];
    this.#child = spawn(isTied ? SETPRIV : command, words, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = `${this.#output}${text}`.slice(-LONGEST_OUTPUT);
      });
    }
    this.#child.on('error', (error) => {
      this.#output += error.message;
    });
  }

  /** It and all it forked; empty once it has ended. */
  get pids(): number[] {
    return this.isAlive && this.#child.pid !== undefined ? treeOf(this.#child.pid) : [];
  }
  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }
  /** The tail of what it wrote. */
  get output(): string {
    return this.#output;
  }

  async stop(): Promise<void> {
    const pids = this.pids;
    if (pids.length === 0) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), TERM_MS);
    await gone;
    clearTimeout(timer);
    // What it forked may outlive it, and has other parents by now.
    for (const pid of pids.slice(1)) endQuietly(pid);
  }
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
