/**
 * The process host: one child process per monitor. Promise: what a monitor does to its memory or its process
 * hurts no other.
 */
import {
  maskText,
  type FromWorker,
  type MonitorLimits,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import { Forked, type ProcessEnd } from './forked.js';
import type { Host, WorkerExit, WorkerHandle } from './host.js';
import type { FromProcess, RemoteStart, ToProcess } from './process-protocol.js';

/** What a {@link ProcessHost} spawns and how it ends it. */
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

const LONGEST_OUTPUT = 2_000;

/** A child process per monitor: full isolation, for more memory and slower starts. */
export class ProcessHost implements Host {
  readonly #options: Required<Omit<ProcessHostOptions, 'env'>> & Pick<ProcessHostOptions, 'env'>;

  readonly #alive = new Set<ProcessHandle>();

  constructor(options: ProcessHostOptions) {
    this.#options = { termGraceMs: 300, killDeadlineMs: 2_000, ...options };
  }

  get processes(): readonly number[] {
    return [...this.#alive].flatMap(({ pid }) => pid ?? []);
  }

  spawn({ vitals, slot: _slot, ...start }: StartData): WorkerHandle {
    const handle = new ProcessHandle(start, new Int32Array(vitals), this.#options);
    this.#alive.add(handle);
    void handle.exited.then(() => this.#alive.delete(handle));
    return handle;
  }
}

class ProcessHandle implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly #process: Forked<ToProcess, FromProcess>;
  readonly #options: { readonly termGraceMs: number; readonly killDeadlineMs: number };
  #listener: ((message: FromWorker) => void) | null = null;
  #isOver = false;
  #isKilled = false;

  constructor(
    start: RemoteStart,
    vitals: Int32Array,
    options: Required<Omit<ProcessHostOptions, 'env'>> & Pick<ProcessHostOptions, 'env'>,
  ) {
    this.#options = options;
    const { limits } = start.spec;
    this.#process = new Forked<ToProcess, FromProcess>(
      {
        main: 'process-child',
        flags: flagsOf(limits),
        env: options.env,
        onOutput: (stream, text) => {
          this.#hearOutput(stream, text);
        },
      },
      (message) => {
        if (message.from === 'worker') this.#listener?.(message.message);
        else for (const [, words] of message.changed) storeWords(vitals, words);
      },
    );
    this.hostId = `process:${String(this.#process.pid ?? 'none')}`;
    this.exited = this.#process.ended.then((end) => {
      this.#isOver = true;
      this.#listener = null;
      return exitOf(end, limits, this.#isKilled);
    });
    this.#process.send({ to: 'child', entry: String(options.entry), start });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(message: ToWorker): void {
    this.#process.send({ to: 'worker', message });
  }

  onMessage(listener: (message: FromWorker) => void): void {
    if (!this.#isOver) this.#listener = listener;
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.#isKilled = true;
    this.#process.signal('SIGTERM');
    const toKill = setTimeout(() => {
      this.#process.signal('SIGKILL');
    }, this.#options.termGraceMs);
    let toGiveUp: NodeJS.Timeout | undefined;
    await Promise.race([
      this.#process.gone,
      new Promise((resolve) => {
        toGiveUp = setTimeout(resolve, this.#options.killDeadlineMs);
      }),
    ]);
    clearTimeout(toKill);
    clearTimeout(toGiveUp);
  }

  #hearOutput(stream: 'stdout' | 'stderr', text: string): void {
    if (text.trim() === '') return;
    this.#listener?.({
      type: 'log',
      level: stream === 'stdout' ? 'info' : 'warn',
      sentence: `The worker wrote to ${stream}`,
      fields: { text: maskText(text.trimEnd().slice(0, LONGEST_OUTPUT)) },
    });
  }
}

/** Each word by itself, as its writer wrote it. */
export function storeWords(vitals: Int32Array, words: readonly number[]): void {
  words.forEach((word, index) => Atomics.store(vitals, index, word));
}

function exitOf(end: ProcessEnd, limits: MonitorLimits, isKilled: boolean): WorkerExit {
  const { code, signal, error } = end;
  const plain = (message: string) => ({ code: null, name: 'Error', message, details: {} });
  if (/heap out of memory|Reached heap limit/.test(end.output)) {
    const text = `The process reached its memory limit of ${String(limits.oldMb)} MiB`;
    return { reason: 'out-of-memory', code, error: plain(text) };
  }
  if (isKilled) return { reason: 'killed', code, error: null };
  if (error !== null) return { reason: 'crashed', code, error };
  if (signal === null) return { reason: 'exited', code, error: null };
  return { reason: 'crashed', code, error: plain(`The process was ended by ${signal}`) };
}

function flagsOf({ oldMb, youngMb }: MonitorLimits): string[] {
  return [
    `--max-old-space-size=${String(Math.ceil(oldMb))}`,
    // The young generation is three semi-spaces.
    `--max-semi-space-size=${String(Math.max(1, Math.round(youngMb / 3)))}`,
  ];
}
