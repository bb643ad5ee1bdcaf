/** The thread host: one worker thread per monitor. Every thread's end becomes one plain exit. */
import { setFlagsFromString } from 'node:v8';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import {
  maskText,
  serialiseError,
  type FromWorker,
  type LogLevel,
  type MonitorLimits,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from './host.js';

export interface ThreadHostOptions {
  /** The built worker entry: a file URL, or an absolute path. */
  readonly entry: URL | string;
  /** After this `kill()` returns although the thread is still there. Default 2,000 ms. */
  readonly killDeadlineMs?: number;
  /** V8's stack limit of a thread in MiB. Default 4, as Node's own. */
  readonly stackMb?: number;
}

const LONGEST_OUTPUT = 2000;

export class ThreadHost implements Host {
  readonly #entry: URL | string;
  readonly #killDeadlineMs: number;
  readonly #stackMb: number;

  constructor(options: ThreadHostOptions) {
    this.#entry = options.entry;
    this.#killDeadlineMs = options.killDeadlineMs ?? 2_000;
    this.#stackMb = options.stackMb ?? 4;
    keepLoopsKillable();
    // Isolates begun from here on know `gc`, which the worker's loop calls before it waits for long.
    setFlagsFromString('--expose-gc');
  }

  spawn(start: StartData): WorkerHandle {
    const worker = new Worker(this.#entry, {
      name: start.spec.id,
      workerData: start,
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: resourceLimitsOf(start.spec.limits, this.#stackMb),
    });
    return new ThreadHandle(worker, this.#killDeadlineMs);
  }
}

class ThreadHandle implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly #worker: Worker;
  readonly #killDeadlineMs: number;
  #listener: ((message: FromWorker) => void) | null = null;
  #isOver = false;
  #isKilled = false;

  constructor(worker: Worker, killDeadlineMs: number) {
    this.#worker = worker;
    this.#killDeadlineMs = killDeadlineMs;
    this.hostId = `thread:${worker.threadId}`;
    this.exited = new Promise((resolve) => {
      let thrown: Pick<WorkerExit, 'reason' | 'error'> | null = null;
      worker.on('error', (error) => {
        thrown ??= {
          reason: isOutOfMemory(error) ? 'out-of-memory' : 'crashed',
          error: serialiseError(error),
        };
      });
      worker.once('exit', (code) => {
        this.#isOver = true;
        this.#listener = null;
        const reason = thrown?.reason ?? (this.#isKilled ? 'killed' : 'exited');
        resolve({ reason, code, error: thrown?.error ?? null });
      });
    });
    worker.on('message', (message: FromWorker) => {
      this.#tell(message);
    });
    worker.on('messageerror', (error) => {
      this.#tellLog('warn', 'A message of the worker cannot be read', error.message);
    });
    // Unread output would pile up in the main thread, inherited output would tear the log.
    this.#capture(worker.stdout, 'info', 'The worker wrote to stdout');
    this.#capture(worker.stderr, 'warn', 'The worker wrote to stderr');
  }

  send(message: ToWorker): void {
    if (!this.#isOver) this.#worker.postMessage(message);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    if (!this.#isOver) this.#listener = listener;
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.#isKilled = true;
    // terminate() waits for native calls for as long as they last, and some never return.
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#killDeadlineMs);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#worker.terminate().then(done, done);
    });
  }

  #tell(message: FromWorker): void {
    this.#listener?.(message);
  }

  #tellLog(level: LogLevel, sentence: string, text: string): void {
    this.#tell({ type: 'log', level, sentence, fields: { text: maskText(text.slice(0, LONGEST_OUTPUT)) } });
  }

  #capture(stream: NodeJS.ReadableStream, level: LogLevel, sentence: string): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      if (text.trim() !== '') this.#tellLog(level, sentence, text.trimEnd());
    });
  }
}

function resourceLimitsOf(limits: MonitorLimits, stackMb: number): ResourceLimits {
  return {
    maxYoungGenerationSizeMb: limits.youngMb,
    maxOldGenerationSizeMb: limits.oldMb,
    stackSizeMb: stackMb,
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/**
 * On Node 24 and later an optimised loop can ignore `terminate()` for ever and hang the whole
 * process at its exit; without on-stack replacement every known shape of it dies at once.
 */
function keepLoopsKillable(): void {
  if (Number.parseInt(process.versions.node, 10) >= 24) setFlagsFromString('--no-use-osr');
}
