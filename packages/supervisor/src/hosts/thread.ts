/** The thread host: one worker thread per monitor. Every thread's end becomes one plain exit. */
import type { ResourceLimits } from 'node:worker_threads';
import type { FromWorker, MonitorLimits, StartData, ToWorker } from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from './host.js';
import { WorkerThread } from './worker-thread.js';

/** What a {@link ThreadHost} spawns and how it ends it. */
export interface ThreadHostOptions {
  /** The built worker entry: a file URL, or an absolute path. */
  readonly entry: URL | string;
  /** After this `kill()` returns although the thread is still there. Default 2,000 ms. */
  readonly killDeadlineMs?: number;
  /** V8's stack limit of a thread in MiB. Default 4, as Node's own. */
  readonly stackMb?: number;
}

export const DEFAULT_KILL_DEADLINE_MS = 2_000;
export const DEFAULT_STACK_MB = 4;

/**
 * A worker thread per monitor: the quickest start. Sets V8's `--expose-gc` for threads begun from then on in this
 * process, for their memory, and on Node 24 and later `--no-use-osr`, without which not every one could be ended.
 */
export class ThreadHost implements Host {
  readonly #entry: URL | string;
  readonly #killDeadlineMs: number;
  readonly #stackMb: number;

  constructor(options: ThreadHostOptions) {
    this.#entry = options.entry;
    this.#killDeadlineMs = options.killDeadlineMs ?? DEFAULT_KILL_DEADLINE_MS;
    this.#stackMb = options.stackMb ?? DEFAULT_STACK_MB;
  }

  spawn(start: StartData): WorkerHandle {
    return new ThreadHandle(this.#entry, start, this.#stackMb, this.#killDeadlineMs);
  }
}

class ThreadHandle implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly #thread: WorkerThread<ToWorker, FromWorker>;
  readonly #killDeadlineMs: number;
  #listener: ((message: FromWorker) => void) | null = null;
  #isKilled = false;

  constructor(entry: URL | string, start: StartData, stackMb: number, killDeadlineMs: number) {
    const tell = (message: FromWorker): void => {
      this.#listener?.(message);
    };
    const { id, limits } = start.spec;
    this.#thread = new WorkerThread<ToWorker, FromWorker>(
      { file: entry, name: id, data: start, limits: resourceLimitsOf(limits, stackMb) },
      tell,
      tell,
    );
    this.#killDeadlineMs = killDeadlineMs;
    this.hostId = `thread:${this.#thread.id}`;
    this.exited = this.#thread.ended.then((end) => {
      this.#listener = null;
      return end.reason === 'exited' && this.#isKilled ? { ...end, reason: 'killed' } : end;
    });
  }

  send(message: ToWorker): void {
    this.#thread.send(message);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    if (!this.#thread.isOver) this.#listener = listener;
  }

  async kill(): Promise<void> {
    if (this.#thread.isOver) return;
    this.#isKilled = true;
    await this.#thread.terminate(this.#killDeadlineMs);
  }
}

function resourceLimitsOf(limits: MonitorLimits, stackMb: number): ResourceLimits {
  return {
    maxYoungGenerationSizeMb: limits.youngMb,
    maxOldGenerationSizeMb: limits.oldMb,
    stackSizeMb: stackMb,
  };
}
