/** A Node program as a child process, as a user runs it. Promise: it never outlives its test by more than its stop. */
import { spawn } from 'node:child_process';
import { eventually } from './eventually.js';
import { ROOT } from './root.js';
import type { Ended } from './packed-packages.js';

export interface Program {
  stdout(): string;
  /** Resolves when stdout holds the pattern; rejects past the deadline, with all that was said. */
  says(pattern: RegExp, deadlineMs?: number): Promise<void>;
  /** SIGINT, then SIGKILL if it is not gone in time. */
  stop(): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

export function startProgram(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Program {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return {
    stdout: () => stdout,
    ended,
    async says(pattern, deadlineMs = 20_000) {
      await eventually(
        () => {
          if (pattern.test(stdout)) return true;
          throw new Error(`stdout does not say ${String(pattern)}; it says:\n${stdout}\nstderr:\n${stderr}`);
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
