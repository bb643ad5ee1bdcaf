/** A Node program as a child process, as a user runs it. Promise: it never outlives its test by more than its stop. */
import { spawn, type ChildProcess } from 'node:child_process';
import { eventually } from './eventually.js';
import { PATIENCE } from './patience.js';
import { ROOT } from './root.js';

const STOP_MS = 12_000 * PATIENCE;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout holds the text; rejects past the deadline, with all that was said. */
  says(text: string | RegExp, deadlineMs?: number): Promise<void>;
  /** The same of stderr. */
  complains(text: string | RegExp, deadlineMs?: number): Promise<void>;
  /** SIGINT, then SIGKILL if it is not gone in time. */
  stop(): Promise<Ended>;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Which variables of this process it sees. Default: all. */
  readonly inherits?: (name: string) => boolean;
}

export function startProgram(args: readonly string[], options: ProgramOptions = {}): Program {
  const { cwd = ROOT, env = {}, inherits = () => true } = options;
  const inherited = Object.entries(process.env).filter(([name]) => inherits(name));
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const holds = async (said: () => string, text: string | RegExp, deadlineMs: number): Promise<void> => {
    await eventually(
      () => {
        if (typeof text === 'string' ? said().includes(text) : text.test(said())) return true;
        const all = `stdout:\n${stdout.slice(-3_000)}\nstderr:\n${stderr.slice(-3_000)}`;
        throw new Error(`it does not say ${String(text)}\n${all}`);
      },
      { deadlineMs },
    );
  };
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (text, deadlineMs = 20_000) => holds(() => stdout, text, deadlineMs),
    complains: (text, deadlineMs = 15_000) => holds(() => stderr, text, deadlineMs),
    async stop() {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const result = await ended;
      clearTimeout(timer);
      return result;
    },
  };
}
