/**
 * One thread of the pool, run by piscina: takes batches, tells what came of each item, and says how it ended.
 * Promise: after its end nothing more is heard of it, and `gone` resolves only when the thread is.
 */
import { MessageChannel, receiveMessageOnPort, type MessagePort, type Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import {
  POOL_WORDS,
  poolWords,
  serialiseError,
  type FromPoolThread,
  type PoolItem,
  type PoolResult,
  type ToWorker,
} from '@vedette/contract';
import type { WorkerExit } from '../host.js';
import type { PoolHandle } from './pool-handle.js';
import type { CheckedPoolOptions } from './pool-options.js';

export interface LaneListener {
  onResult(lane: Lane, result: PoolResult): void;
  onWord(lane: Lane, message: Exclude<FromPoolThread, { from: 'results' }>): void;
  /** Not told of a lane that was killed. */
  onEnded(lane: Lane, exit: WorkerExit): void;
  /** Nothing more comes out of it, its messages that wait for the broker included. */
  onDiscarded(lane: Lane): void;
}

/** V8's own default: what hundreds of rounds hold while they wait must not be copied again and again. */
const YOUNG_MB = 48;
const STACK_MB = 4;

export class Lane {
  /** For people; free again when the lane is given up. */
  readonly slot: number;
  /** What runs here right now. */
  readonly inFlight = new Map<number, PoolHandle>();
  /** Keys the thread knows. */
  readonly known = new Set<number>();
  /** Monitors that are to run here. */
  homed = 0;
  readonly gone: Promise<WorkerExit>;
  /** The last word on its broker link. */
  link: Extract<FromPoolThread, { from: 'link' }> | null = null;
  /** How long its loop has not turned, by the host's account. */
  stillMs = 0;
  /** When it was decided to give it up, by the host's account. */
  drainedSince: number | null = null;
  readonly #pool: Piscina;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  readonly #listener: LaneListener;
  readonly #early = new Map<number, () => void>();
  #whenEmpty: (() => void) | null = null;
  #nextBatch = 0;
  #beats = 0;
  /** It threw: piscina has let go of it, and its exit is on the way. */
  #isEnding = false;
  #isOver = false;

  constructor(slot: number, options: CheckedPoolOptions, beatMs: number, listener: LaneListener) {
    this.slot = slot;
    this.#listener = listener;
    this.#pool = new Piscina({
      filename: options.entry,
      // None before the first task, none by itself after an end: what follows is decided here.
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: Infinity,
      concurrentTasksPerWorker: Number.MAX_SAFE_INTEGER,
      loadBalancer: (_task, [worker]) => worker ?? null,
      // Any other way stops the thread's loop between tasks, and with it the connection to the broker.
      atomics: 'disabled',
      recordTiming: false,
      execArgv: [],
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_MB,
        maxOldGenerationSizeMb: options.heapMb,
        stackSizeMb: STACK_MB,
      },
    });
    this.#pool.on('error', () => undefined);
    const words = poolWords();
    this.#words = new Int32Array(words);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on('message', (message: FromPoolThread) => {
      this.#hear(message);
    });
    port1.unref();
    const start = {
      port: port2,
      words,
      beatMs,
      connection: options.connection,
      name: `vedette pool:${slot}`,
    };
    this.#pool.run(start, { name: 'begin', transferList: [port2] }).catch(() => undefined);
    this.#worker = this.#pool.threads[0] as Worker;
    this.gone = this.#watchEnd();
  }

  get isAlive(): boolean {
    return !this.#isOver && !this.#isEnding;
  }
  /** Only suspects run here. */
  get isWard(): boolean {
    return this.slot === 0;
  }
  get heapKb(): number {
    return Atomics.load(this.#words, POOL_WORDS.heapKb);
  }
  get externalKb(): number {
    return Atomics.load(this.#words, POOL_WORDS.externalKb);
  }
  /** Whose code is being called. */
  get current(): number | null {
    const word = Atomics.load(this.#words, POOL_WORDS.current);
    return word === 0 ? null : word - 1;
  }

  /** Resolves when all is told, when the slow rest would only wait, or when the lane is over. Never rejects. */
  run(items: readonly PoolItem[]): Promise<void> {
    // Piscina would start another thread for it; its end will say what becomes of these.
    if (!this.isAlive) return Promise.resolve();
    const batch = this.#nextBatch++;
    return new Promise((resolve) => {
      this.#early.set(batch, () => {
        this.#early.delete(batch);
        resolve();
      });
      // What came of it takes the lane's own line; here comes only what could not even be handed over.
      this.#pool.run({ batch, items }, { name: 'rounds' }).catch((error: unknown) => {
        if (!this.isAlive) return;
        const failed = { did: 'failed', error: serialiseError(error), permanent: false } as const;
        for (const { key } of items) this.#tell({ key, ...failed });
        resolve();
      });
    });
  }

  /** Has it close and forget what nobody here waits for. */
  forget(key: number): void {
    if (!this.known.delete(key) || !this.isAlive) return;
    const item: PoolItem = { key, revision: '', task: 'close', state: null };
    void this.run([item]);
  }

  send(key: number, message: ToWorker): void {
    if (!this.#isOver) this.#port.postMessage({ key, message });
  }

  /** The item of this monitor is done with. */
  finished(key: number): void {
    if (this.inFlight.delete(key) && this.inFlight.size === 0) this.#whenEmpty?.();
  }

  /** Resolves when nothing runs here, also by its end. */
  empty(): Promise<void> {
    if (this.#isOver || this.inFlight.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  look(passedMs: number): void {
    const beats = Atomics.load(this.#words, POOL_WORDS.beats);
    // A thread that has not started cannot turn yet.
    this.stillMs = beats === this.#beats && beats !== 0 ? this.stillMs + passedMs : 0;
    this.#beats = beats;
  }

  /** Ends it; what was in flight is for the caller to see to. */
  kill(): void {
    if (this.#isOver) return;
    this.#end();
    // Waits for the thread, which may be never.
    void this.#pool.destroy();
  }

  #watchEnd(): Promise<WorkerExit> {
    let thrown: Pick<WorkerExit, 'reason' | 'error'> | null = null;
    this.#worker.once('error', (error: unknown) => {
      this.#isEnding = true;
      const isFull = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      thrown = { reason: isFull ? 'out-of-memory' : 'crashed', error: serialiseError(error) };
    });
    return new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        const exit: WorkerExit = { reason: 'exited', error: null, ...thrown, code };
        resolve(exit);
        if (this.#isOver) return;
        this.#hearTheRest();
        this.#end();
        this.#listener.onEnded(this, exit);
      });
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#port.close();
    for (const resolve of this.#early.values()) resolve();
    this.#early.clear();
    this.#whenEmpty?.();
  }

  /** What the thread said before its end, and the event loop has not brought yet. */
  #hearTheRest(): void {
    for (
      let next = receiveMessageOnPort(this.#port);
      next !== undefined;
      next = receiveMessageOnPort(this.#port)
    ) {
      this.#hear(next.message as FromPoolThread);
    }
  }

  #hear(message: FromPoolThread): void {
    if (this.#isOver) return;
    if (message.from !== 'results') {
      if (message.from === 'link') this.link = message;
      this.#listener.onWord(this, message);
      return;
    }
    for (const result of message.results) this.#tell(result);
    this.#early.get(message.batch)?.();
  }

  #tell(result: PoolResult): void {
    if (!this.#isOver) this.#listener.onResult(this, result);
  }
}
