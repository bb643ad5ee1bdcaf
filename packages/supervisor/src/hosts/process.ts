/**
 * The process host: one child process per monitor. Promise: a child ends with its parent, whatever either is
 * doing, and what it does to its memory or its process hurts no other monitor.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  maskText,
  type FromWorker,
  type MonitorLimits,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import { messagesIn } from './frames.js';
import type { Host, WorkerExit, WorkerHandle } from './host.js';
import type { FromProcess, ToProcess } from './process-protocol.js';

export interface ProcessHostOptions {
  /** The built worker entry: a file URL, or an absolute path. */
  readonly entry: URL | string;
  /**
   * Environment of the children; default: that of this process. `MALLOC_ARENA_MAX=1` in it saves memory: a
   * monitor has one busy thread, and each further arena of malloc costs.
   */
  readonly env?: NodeJS.ProcessEnv;
  /** From SIGTERM to SIGKILL. Default 300 ms. */
  readonly termGraceMs?: number;
  /** After this `kill()` returns although the process is still there. Default 2,000 ms. */
  readonly killDeadlineMs?: number;
}

/** Lets the kernel end a child whose parent was killed, also one that loops and reads nothing. */
const SETPRIV = '/usr/bin/setpriv';
/** What is still in the pipes of an ended process is read for at most so long. */
const LAST_WORDS_MS = 500;
const LONGEST_OUTPUT = 2_000;

export class ProcessHost implements Host {
  readonly #entry: string;
  readonly #child = createRequire(import.meta.url).resolve('@vedette/supervisor/process-child');
  readonly #env: NodeJS.ProcessEnv | undefined;
  readonly #termGraceMs: number;
  readonly #killDeadlineMs: number;

  constructor(options: ProcessHostOptions) {
    this.#entry = String(options.entry);
    this.#env = options.env;
    this.#termGraceMs = options.termGraceMs ?? 300;
    this.#killDeadlineMs = options.killDeadlineMs ?? 2_000;
  }

  spawn({ vitals, slot: _slot, ...start }: StartData): WorkerHandle {
    const { limits } = start.spec;
    const isTied = existsSync(SETPRIV);
    const child = fork(this.#child, [], {
      ...(isTied ? { execPath: SETPRIV } : {}),
      execArgv: [...(isTied ? ['--pdeathsig', 'KILL', process.execPath] : []), ...flagsOf(limits)],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      ...(this.#env === undefined ? {} : { env: this.#env }),
    });
    const handle = new ProcessHandle(
      child,
      new Int32Array(vitals),
      limits,
      this.#termGraceMs,
      this.#killDeadlineMs,
    );
    handle.tell({ to: 'child', entry: this.#entry, start });
    return handle;
  }
}

class ProcessHandle implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  readonly #termGraceMs: number;
  readonly #killDeadlineMs: number;
  readonly #gone: Promise<void>;
  #listener: ((message: FromWorker) => void) | null = null;
  #crash: WorkerExit['error'] = null;
  #lastOutput = '';
  #isOver = false;
  #isKilled = false;

  constructor(
    child: ChildProcess,
    words: Int32Array,
    limits: MonitorLimits,
    termGraceMs: number,
    killDeadlineMs: number,
  ) {
    this.#child = child;
    this.#termGraceMs = termGraceMs;
    this.#killDeadlineMs = killDeadlineMs;
    this.hostId = `process:${String(child.pid ?? 'none')}`;
    child.on('message', (message: FromProcess) => {
      this.#receive(message, words);
    });
    this.#capture(child.stdout, 'info', 'The worker wrote to stdout');
    this.#capture(child.stderr, 'warn', 'The worker wrote to stderr');
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
      child.once('error', (error) => {
        this.#crash ??= { code: null, name: error.name, message: error.message, details: {} };
        if (child.pid === undefined) resolve();
      });
    });
    this.exited = this.#gone
      .then(() => lastWordsOf(child))
      .then(() => {
        this.#isOver = true;
        this.#listener = null;
        return this.#exit(limits);
      });
  }

  tell(message: ToProcess): void {
    // The answer to a send that fails is the exit.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  send(message: ToWorker): void {
    this.tell({ to: 'worker', message });
  }

  onMessage(listener: (message: FromWorker) => void): void {
    if (!this.#isOver) this.#listener = listener;
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.#isKilled = true;
    this.#child.kill('SIGTERM');
    const timers = [setTimeout(() => this.#child.kill('SIGKILL'), this.#termGraceMs)];
    await new Promise<void>((resolve) => {
      timers.push(setTimeout(resolve, this.#killDeadlineMs));
      void this.#gone.then(resolve);
    });
    for (const timer of timers) clearTimeout(timer);
  }

  #receive(message: FromProcess, words: Int32Array): void {
    switch (message.from) {
      case 'worker':
        this.#listener?.(message.message);
        return;
      case 'backlog':
        for (const one of messagesIn(message.frames)) this.#receive(one as FromProcess, words);
        return;
      case 'vitals':
        message.words.forEach((word, index) => Atomics.store(words, index, word));
        return;
      case 'crash':
        this.#crash = message.error;
    }
  }

  #exit(limits: MonitorLimits): WorkerExit {
    const { exitCode: code, signalCode: signal } = this.#child;
    if (/heap out of memory|Reached heap limit/.test(this.#lastOutput)) {
      const message = `The process reached its memory limit of ${String(limits.oldMb)} MiB`;
      return { reason: 'out-of-memory', code, error: { code: null, name: 'Error', message, details: {} } };
    }
    if (this.#isKilled) return { reason: 'killed', code, error: null };
    if (this.#crash !== null) return { reason: 'crashed', code, error: this.#crash };
    if (signal === null) return { reason: 'exited', code, error: null };
    const message = `The process was ended by ${signal}`;
    return { reason: 'crashed', code, error: { code: null, name: 'Error', message, details: { signal } } };
  }

  #capture(stream: NodeJS.ReadableStream | null, level: 'info' | 'warn', sentence: string): void {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastOutput = `${this.#lastOutput}${text}`.slice(-LONGEST_OUTPUT);
      if (text.trim() === '') return;
      const fields = { text: maskText(text.trimEnd().slice(0, LONGEST_OUTPUT)) };
      this.#listener?.({ type: 'log', level, sentence, fields });
    });
  }
}

/** Messages and output of a process can arrive after its end. */
function lastWordsOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_WORDS_MS);
    const ended = Promise.all([
      new Promise<void>((done) => (child.connected ? child.once('disconnect', done) : done())),
      ...[child.stdout, child.stderr].map(
        (stream) =>
          new Promise<void>((done) => {
            if (stream === null || stream.readableEnded || stream.destroyed) done();
            else stream.once('close', done);
          }),
      ),
    ]);
    void ended.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function flagsOf({ oldMb, youngMb }: MonitorLimits): string[] {
  const flags = [
    `--max-old-space-size=${String(Math.ceil(oldMb))}`,
    // The young generation is three semi-spaces.
    `--max-semi-space-size=${String(Math.max(1, Math.round(youngMb / 3)))}`,
  ];
  return flags;
}
