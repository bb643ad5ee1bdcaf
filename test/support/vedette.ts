/** The `vedette` command as a child process, as an operator runs it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { ROOT } from './root.js';

const BIN = join(ROOT, 'packages/cli/bin/vedette.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Vedette {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  /** Resolves when stderr holds the text; rejects past the deadline or when the command ends before. */
  says(text: string | RegExp, deadlineMs?: number): Promise<void>;
  /** SIGINT, then SIGKILL if it is not gone in time. */
  stop(): Promise<Ended>;
}

export interface VedetteOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Everything a test needs is passed in: no setting of the machine gets through. */
export function startVedette(args: readonly string[], options: VedetteOptions = {}): Vedette {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VEDETTE_|RABBIT_|GITHUB_|DOCKERHUB_|.*_SECONDS$)/.test(name),
  );
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? ROOT,
    // Any free port: commands of several tests run side by side.
    env: { ...Object.fromEntries(kept), VEDETTE_LISTEN: '127.0.0.1:0', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    async says(text, deadlineMs = 15_000) {
      const isThere = (): boolean => (typeof text === 'string' ? stderr.includes(text) : text.test(stderr));
      await eventually(
        () => {
          if (isThere()) return true;
          throw new Error(`stderr does not say ${String(text)}; it says:\n${stderr.slice(-3_000)}`);
        },
        { deadlineMs },
      );
    },
    async stop() {
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 12_000);
      const result = await ended;
      clearTimeout(timer);
      return result;
    },
  };
}

/** Runs a command to its end. */
export function runVedette(args: readonly string[], options: VedetteOptions = {}): Promise<Ended> {
  return startVedette(args, options).ended;
}
