/**
 * The host's end of a forked process: its line, its output and its end. Promise: the child ends with its parent,
 * also one that loops and reads nothing; what it said before its end is heard before its end is told.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { SerialisedError } from '@vedette/contract';
import { messagesIn } from './frames.js';
import type { OnTheLine } from './process-protocol.js';

/** Of the util-linux every Debian has: the kernel then ends a child whose parent was killed. */
const SETPRIV = '/usr/bin/setpriv';
/** What is still in the pipes of an ended process is read for at most so long. */
const LAST_WORDS_MS = 500;
const LONGEST_OUTPUT = 2_000;

export interface ForkOptions {
  /** A main file this package exports, for example `process-child`. */
  readonly main: string;
  readonly flags: readonly string[];
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The uncaught error it told of, or why it could not be started. */
  readonly error: SerialisedError | null;
  /** The tail of what it wrote. */
  readonly output: string;
}

export class Forked<In, Out> {
  /** Resolves when it is gone and all it said was heard. */
  readonly ended: Promise<ProcessEnd>;
  /** Resolves as soon as it is gone. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  #error: SerialisedError | null = null;
  #output = '';

  constructor(options: ForkOptions, onMessage: (message: Out) => void) {
    const isTied = existsSync(SETPRIV);
    const child = fork(createRequire(import.meta.url).resolve(`@vedette/supervisor/${options.main}`), [], {
      ...(isTied ? { execPath: SETPRIV } : {}),
      execArgv: [...(isTied ? ['--pdeathsig', 'KILL', process.execPath] : []), ...options.flags],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    this.#child = child;
    child.on('message', (message: OnTheLine<Out>) => {
      this.#receive(message, onMessage);
    });
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = `${this.#output}${text}`.slice(-LONGEST_OUTPUT);
        options.onOutput(name, text);
      });
    }
    this.gone = new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
      child.once('error', ({ name, message }) => {
        this.#error ??= { code: null, name, message, details: {} };
        if (child.pid === undefined) resolve();
      });
    });
    this.ended = this.gone
      .then(() => lastWordsOf(child))
      .then(() => ({
        code: child.exitCode,
        signal: child.signalCode,
        error: this.#error,
        output: this.#output,
      }));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Never throws; the answer to a send that fails is the end. */
  send(message: In): void {
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Whether it keeps this process alive. */
  hold(isHeld: boolean): void {
    const parts = [this.#child, this.#child.channel, this.#child.stdout, this.#child.stderr];
    for (const part of parts as ({ ref?: () => void; unref?: () => void } | null | undefined)[]) {
      if (isHeld) part?.ref?.();
      else part?.unref?.();
    }
  }

  #receive(message: OnTheLine<Out>, onMessage: (message: Out) => void): void {
    const { from } = message as { from: string };
    if (from === 'backlog') {
      const { frames } = message as Extract<OnTheLine<Out>, { frames: Uint8Array }>;
      for (const one of messagesIn(frames)) onMessage(one as Out);
    } else if (from === 'crash') {
      this.#error = (message as Extract<OnTheLine<Out>, { error: SerialisedError }>).error;
    } else onMessage(message as Out);
  }
}

/** Messages and output of a process can arrive after its end. */
function lastWordsOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_WORDS_MS);
    const streams = [child.stdout, child.stderr].filter((stream) => stream?.closed === false);
    const ends = [
      ...(child.connected ? [new Promise((done) => child.once('disconnect', done))] : []),
      ...streams.map((stream) => new Promise((done) => stream?.once('close', done))),
    ];
    void Promise.all(ends).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
