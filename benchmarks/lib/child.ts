/** A forked child with one request and one answer. Promise: it is gone when its promise settles. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Progress } from './progress.js';

/** What a child says to its parent. */
export type ChildWord =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'error'; readonly text: string }
  /** To be answered before it goes on: see {@link Answer}. */
  | { readonly type: 'question'; readonly question: string };

/** What a parent says besides its request. */
export interface Answer {
  readonly type: 'answer';
  readonly value: unknown;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly progress: Progress;
  /** What only the parent can find out. A rejection fails the measurement. */
  readonly answer?: (question: string) => Promise<unknown>;
}

export class Children {
  readonly #alive = new Set<ChildProcess>();

  /** Forks a built script and hands it `args`. Rejects with its error, its early end or the deadline. */
  async ask<T>(script: string, args: unknown, options: ChildOptions): Promise<T> {
    const child = this.fork(script, options.env);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.deadlineMs);
    try {
      return await answerOf<T>(child, args, options);
    } finally {
      clearTimeout(timer);
      await end(child);
    }
  }

  fork(script: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
    // Not a word of tsx: the child is built, and what it spawns inherits nothing of it.
    const child = fork(script, [], {
      execArgv: ['--expose-gc'],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#alive.add(child);
    child.once('exit', () => this.#alive.delete(child));
    return child;
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#alive].map(end));
  }
}

function answerOf<T>(child: ChildProcess, args: unknown, options: ChildOptions): Promise<T> {
  const { progress, deadlineMs, answer = () => Promise.resolve(null) } = options;
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exit code ${String(code)}` : signal;
      reject(
        new Error(`the measuring process ended by ${how} (deadline ${Math.round(deadlineMs / 1_000)} s)`),
      );
    });
    child.on('message', (word: ChildWord) => {
      if (word.type === 'progress') progress(word.text);
      else if (word.type === 'result') resolve(word.value as T);
      else if (word.type === 'question') {
        answer(word.question).then((value) => {
          if (child.connected) child.send({ type: 'answer', value });
        }, reject);
      } else reject(new Error(word.text));
    });
    child.send(args as object);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
