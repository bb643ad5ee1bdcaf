/**
 * The host's end of a thread that several workers share. Promise: one that cannot be ended costs the thread; its
 * neighbours are asked to move first, and none of them is blamed for another's silence.
 */
import type { MonitorLimits, MonitorSpec, StartData } from '@vedette/contract';
import { exitsOf } from './dense-exits.js';
import { DenseHandle } from './dense-handle.js';
import {
  createThreadWords,
  THREAD_WORDS,
  type DenseThreadData,
  type FromDense,
  type ToDense,
} from './dense-protocol.js';
import { heapLimitsOf, isPastMark, memoryShareOf } from './density.js';
import { WorkerThread, type LogMessage, type ThreadEnd } from './worker-thread.js';

export interface DenseThreadOptions {
  /** The first file of such a thread. */
  readonly main: string;
  readonly entry: URL | string;
  readonly density: number;
  readonly stackMb: number;
  readonly killDeadlineMs: number;
  readonly blockLimitMs: number;
}

export interface DenseThreadListener {
  /** One kept the loop of the thread from the others. */
  onBlocked(thread: DenseThread, worker: DenseHandle, forMs: number): void;
  /** The thread ends for the culprit's sake, or for nobody knows whose. `isMemory`: it was used up. */
  onHarm(culprit: MonitorSpec | null, neighbours: readonly MonitorSpec[], isMemory: boolean): void;
  /** It is full of memory and being emptied. Told before {@link onEnded}, where at all. */
  onFull(): void;
  onEnded(thread: DenseThread): void;
}

/** For the neighbours of a killed worker to end in order: the supervisor waits for it. */
const HURRIED_MOVE_MS = 400;
const LONGEST_TURN_MS = 500;
const LONGEST_STILL_MS = 1_000;

/** The loop of a thread shows so often that it turns. */
export function turnMsOf(beatMs: number): number {
  return Math.min(beatMs / 4, LONGEST_TURN_MS);
}

export class DenseThread {
  readonly #options: DenseThreadOptions;
  readonly #listener: DenseThreadListener;
  readonly #limits: MonitorLimits;
  readonly #thread: WorkerThread<ToDense, FromDense>;
  readonly #words = createThreadWords();
  readonly #workers = new Map<number, DenseHandle>();
  readonly #stillMs: number;
  #nextKey = 0;
  #isOpen = true;
  #isAsked = false;
  #retiring: Promise<void> | null = null;
  #isFull = false;
  #turns = 0;
  #turnedAt = performance.now();

  constructor({ spec, beatMs }: StartData, options: DenseThreadOptions, listener: DenseThreadListener) {
    const { density, blockLimitMs } = options;
    this.#options = options;
    this.#listener = listener;
    this.#limits = spec.limits;
    this.#stillMs = Math.min(beatMs, LONGEST_STILL_MS);
    const data: DenseThreadData = {
      entry: String(options.entry),
      words: this.#words.buffer,
      turnMs: turnMsOf(beatMs),
      blockLimitMs,
      memoryShare: memoryShareOf(density),
    };
    this.#thread = new WorkerThread<ToDense, FromDense>(
      {
        file: options.main,
        name: `${spec.kind} x ${density}`,
        data,
        limits: heapLimitsOf(spec.limits, density, options.stackMb),
      },
      (message) => {
        this.#receive(message);
      },
      (message) => {
        this.#log(message);
      },
    );
    void this.#thread.ended.then((end) => {
      this.#ended(end);
    });
  }

  get id(): string {
    return `thread:${this.#thread.id}`;
  }
  get size(): number {
    return this.#workers.size;
  }
  /** Its memory was used up, and it was emptied for that. */
  get isFull(): boolean {
    return this.#isFull;
  }
  /** It takes more workers. */
  get isOpen(): boolean {
    return this.#isOpen && this.size < this.#options.density && !this.#isStill;
  }

  spawn(start: StartData): DenseHandle {
    const key = this.#nextKey++;
    const worker: DenseHandle = new DenseHandle(start, `${this.id}/${key}`, {
      send: (message) => {
        this.#thread.send({ to: 'worker', key, message });
      },
      kill: () => {
        this.#thread.send({ to: 'cut', key });
        return this.#retire(this.#blamedFor(worker), HURRIED_MOVE_MS);
      },
    });
    this.#workers.set(key, worker);
    this.#thread.send({ to: 'start', key, start });
    return worker;
  }

  /** A worker ends in order, to start elsewhere; one that does not takes the thread with it. */
  moveOut(worker: DenseHandle): void {
    const toGiveUp = setTimeout(() => {
      void this.#retire(worker, HURRIED_MOVE_MS);
    }, worker.spec.limits.stopTimeoutMs);
    void worker.move().then(() => {
      clearTimeout(toGiveUp);
    });
  }

  /** To be called each {@link turnMsOf}: covers those another one silences, and sees a thread that fills up. */
  look(now: number): void {
    const turns = Atomics.load(this.#words, THREAD_WORDS.turns);
    if (turns !== this.#turns) {
      this.#turns = turns;
      this.#turnedAt = now;
    }
    if (this.#isStill) {
      const culprit = this.#lastEntered();
      if (culprit === null) return;
      for (const worker of this.#workers.values()) if (worker !== culprit) worker.beat();
      return;
    }
    const { heapKb, externalKb } = THREAD_WORDS;
    const [heap, external] = [Atomics.load(this.#words, heapKb), Atomics.load(this.#words, externalKb)];
    if (this.#retiring !== null) return;
    if (isPastMark(this.#limits, this.#options.density, heap, external)) {
      void this.#retire(null, this.#limits.stopTimeoutMs, true);
    }
  }

  get #isStill(): boolean {
    return this.#turns > 0 && performance.now() - this.#turnedAt >= this.#stillMs;
  }

  #lastEntered(): DenseHandle | null {
    return this.#workers.get(Atomics.load(this.#words, THREAD_WORDS.current)) ?? null;
  }

  /** One that is killed while another one holds the loop is not to blame. */
  #blamedFor(killed: DenseHandle): DenseHandle {
    return (this.#isStill ? this.#lastEntered() : null) ?? killed;
  }

  /** The thread takes no more, the others end in order to start elsewhere, then it goes. */
  #retire(culprit: DenseHandle | null, moveMs: number, isMemory = false): Promise<void> {
    this.#retiring ??= this.#end(culprit, moveMs, isMemory);
    return this.#retiring;
  }

  async #end(culprit: DenseHandle | null, moveMs: number, isMemory: boolean): Promise<void> {
    this.#isOpen = false;
    this.#isAsked = true;
    this.#isFull = isMemory;
    if (isMemory) this.#listener.onFull();
    // Those that are killed in the same turn are no neighbours.
    await Promise.resolve();
    const movable = [...this.#workers.values()].filter((one) => !one.isKilled && one.lastExit === null);
    const neighbours = movable.filter((one) => one !== culprit);
    if (neighbours.length > 0) {
      const specs = neighbours.map(({ spec }) => spec);
      this.#listener.onHarm(culprit?.spec ?? null, specs, isMemory);
    }
    if (!this.#isStill) await within(moveMs, Promise.all(neighbours.map((one) => one.move())));
    await this.#terminate();
  }

  async #terminate(): Promise<void> {
    this.#isOpen = false;
    this.#isAsked = true;
    await this.#thread.terminate(this.#options.killDeadlineMs);
    if (this.#thread.isOver) return;
    // Stuck outside JavaScript. Nothing of the others ever runs again in there, so they can start elsewhere.
    const message = `${this.id}, where it ran, cannot be ended`;
    const error = { code: null, name: 'Error', message, details: {} };
    for (const worker of this.#workers.values()) {
      if (!worker.isKilled) worker.ended(worker.lastExit ?? { reason: 'moved', code: null, error });
    }
  }

  #receive(message: FromDense): void {
    const worker = this.#workers.get(message.key);
    if (worker === undefined) return;
    switch (message.from) {
      case 'worker':
        worker.hear(message.message);
        return;
      case 'blocked':
        // Loading a module takes the loop too, once.
        if (worker.isReady) this.#listener.onBlocked(this, worker, message.forMs);
        return;
      case 'ended': {
        const exit = { reason: 'exited', code: message.code, error: null } as const;
        if (this.size === 1 || message.hasLeftovers) {
          worker.ends(exit);
          void this.#retire(worker, this.#limits.stopTimeoutMs);
          return;
        }
        this.#workers.delete(message.key);
        worker.ended(exit);
      }
    }
  }

  /** Output has no sender: it is told in the name of whose code ran last. */
  #log(message: LogMessage): void {
    const [first] = this.#workers.values();
    (this.#lastEntered() ?? first)?.hear(message);
  }

  #ended(end: ThreadEnd): void {
    this.#isOpen = false;
    const culprit = this.#lastEntered();
    const left = [...this.#workers.values()];
    this.#workers.clear();
    const exits = exitsOf(
      this.id,
      end,
      this.#isAsked,
      left.map(({ spec: { id }, isKilled, lastExit }) => ({ id, isKilled, lastExit })),
      culprit === null ? -1 : left.indexOf(culprit),
    );
    const neighbours = left.filter((one) => one !== culprit).map(({ spec }) => spec);
    if (!this.#isAsked && left.length > 1) {
      this.#listener.onHarm(culprit?.spec ?? null, neighbours, end.reason === 'out-of-memory');
    }
    this.#listener.onEnded(this);
    left.forEach((worker, index) => {
      const exit = exits[index];
      if (exit !== undefined) worker.ended(exit);
    });
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
