/** One worker thread as hosts handle it. Promise: its end is told once, after all it said. */
import { setFlagsFromString } from 'node:v8';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import { maskText, serialiseError, type FromWorker, type LogLevel } from '@vedette/contract';
import type { WorkerExit } from './host.js';

export interface ThreadParts {
  /** What it runs: a file URL, or an absolute path. */
  readonly file: URL | string;
  /** For people who look at the process. */
  readonly name: string;
  /** Its `workerData`. */
  readonly data: unknown;
  readonly limits: ResourceLimits;
}

export type ThreadEnd = WorkerExit & { readonly reason: 'exited' | 'crashed' | 'out-of-memory' };
export type LogMessage = Extract<FromWorker, { type: 'log' }>;

const LONGEST_OUTPUT = 2000;

export class WorkerThread<In, Out> {
  readonly id: number;
  readonly ended: Promise<ThreadEnd>;
  readonly #worker: Worker;
  readonly #onLog: (message: LogMessage) => void;
  #isOver = false;

  constructor(
    { file, name, data, limits }: ThreadParts,
    onMessage: (message: Out) => void,
    onLog: (message: LogMessage) => void,
  ) {
    setThreadFlags();
    const worker = new Worker(file, {
      name,
      workerData: data,
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: limits,
    });
    this.#worker = worker;
    this.#onLog = onLog;
    this.id = worker.threadId;
    this.ended = new Promise((resolve) => {
      let thrown: Pick<ThreadEnd, 'reason' | 'error'> | null = null;
      worker.on('error', (error) => {
        thrown ??= {
          reason: isOutOfMemory(error) ? 'out-of-memory' : 'crashed',
          error: serialiseError(error),
        };
      });
      worker.once('exit', (code) => {
        this.#isOver = true;
        resolve({ reason: thrown?.reason ?? 'exited', code, error: thrown?.error ?? null });
      });
    });
    worker.on('message', onMessage);
    worker.on('messageerror', (error) => {
      this.#tellLog('warn', 'A message of the worker cannot be read', error.message);
    });
    // Unread output would pile up in the main thread, inherited output would tear the log.
    this.#capture(worker.stdout, 'info', 'The worker wrote to stdout');
    this.#capture(worker.stderr, 'warn', 'The worker wrote to stderr');
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Never throws; dropped once the thread has ended. */
  send(message: In): void {
    if (!this.#isOver) this.#worker.postMessage(message);
  }

  /** Resolves when it is gone, or after `deadlineMs`: some native calls never return. */
  async terminate(deadlineMs: number): Promise<void> {
    if (this.#isOver) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#worker.terminate().then(done, done);
    });
  }

  #tellLog(level: LogLevel, sentence: string, text: string): void {
    if (this.#isOver) return;
    const fields = { text: maskText(text.slice(0, LONGEST_OUTPUT)) };
    this.#onLog({ type: 'log', level, sentence, fields });
  }

  #capture(stream: NodeJS.ReadableStream, level: LogLevel, sentence: string): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      if (text.trim() !== '') this.#tellLog(level, sentence, text.trimEnd());
    });
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/**
 * On Node 24 and later an optimised loop can ignore `terminate()` for ever and hang the whole
 * process at its exit; without on-stack replacement every known shape of it dies at once.
 *
 * With any flag set late, V8 no longer takes Node's code cache for that of its own flags, and compiles of Node's own
 * modules only what a thread calls: 0.6 MB less each, for 2 to 7 ms more at the start (Node 20). This one does no more.
 */
export function setThreadFlags(): void {
  setFlagsFromString('--expose-gc');
  if (Number.parseInt(process.versions.node, 10) >= 24) setFlagsFromString('--no-use-osr');
}
