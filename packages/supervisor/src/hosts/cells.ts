/**
 * The cell host: worker threads in child processes, so that the manager's own process holds no monitor and
 * outlives anything one does. Promise: a thread that cannot be ended costs its cell, not the manager, and its
 * neighbours are asked to move first.
 */
import type { MonitorSpec, SerialisedError, StartData, ToWorker } from '@vedette/contract';
import { checkedDensity, connectionsOf } from './density.js';
import { Forked, type ProcessEnd } from './forked.js';
import { GuestHandle } from './guest-handle.js';
import type { Host, WorkerExit, WorkerHandle } from './host.js';
import type { FromCell, RemoteStart, ToCell } from './process-protocol.js';
import { storeWords } from './process.js';

/** What a {@link CellHost} spawns and how full its cells get. */
export interface CellHostOptions {
  /** The built worker entry: a file URL, or an absolute path. */
  readonly entry: URL | string;
  /** Of the cells; default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** A new cell is begun when all have so many. Default 100: about 50 memory mappings each, of 65,530. */
  readonly monitorsPerCell?: number;
  /** Monitors per thread of a cell, 1 to 200. Default 1. Such a thread must fit its cell with all it holds. */
  readonly density?: number;
  /** Whether the process with this id has room for one more; asked before each start in it. Default: always. */
  readonly hasRoom?: (pid: number, spec: MonitorSpec) => boolean;
  /** Told of each cell that ended, `isAsked` if it was empty or sacrificed. */
  readonly onCellEnded?: (end: CellEnd) => void;
}

/** How a cell ended, and whose monitors start elsewhere. */
export interface CellEnd {
  readonly cellId: string;
  readonly isAsked: boolean;
  /** Ids of the monitors that were in it. */
  readonly monitors: readonly string[];
  /** `SIGSEGV`, `exit code 1`. */
  readonly how: string;
  /** The tail of what it wrote. */
  readonly output: string;
}

/**
 * From the kill of a thread until its cell takes no more monitors: before those that share the thread are let go (in
 * cell-child.ts), or they would start again in a cell that is about to be given up.
 */
const DOUBT_MS = 250;
/** From the kill of a thread to the sacrifice of its cell: a busy machine may take most of it to end a thread. */
const OBEY_MS = 1_000;
/** For the neighbours to end in order; what is left then goes down with the cell. */
const MOVE_MS = 800;
/** An empty cell waits so long for the next monitor. */
const LINGER_MS = 5_000;

/** Threads in child processes of up to `monitorsPerCell`: no fault of a monitor reaches this process. */
export class CellHost implements Host {
  readonly #options: CellHostOptions;
  readonly #cells = new Set<Cell>();

  /** Throws HOST_OPTION_INVALID. */
  constructor(options: CellHostOptions) {
    checkedDensity(options.density ?? 1);
    this.#options = options;
  }

  /** Process ids of the cells there are. */
  get cells(): readonly number[] {
    return [...this.#cells].flatMap(({ pid }) => pid ?? []);
  }
  get processes(): readonly number[] {
    return this.cells;
  }

  connectionsOf(spec: MonitorSpec): number {
    return connectionsOf(spec, this.#options.density ?? 1);
  }

  spawn({ vitals, slot: _slot, ...start }: StartData): WorkerHandle {
    const { monitorsPerCell = 100, hasRoom = () => true } = this.#options;
    const open = [...this.#cells].filter((cell) => cell.isOpen && cell.size < monitorsPerCell);
    open.sort((a, b) => a.size - b.size);
    const cell = open.find(({ pid }) => pid !== undefined && hasRoom(pid, start.spec)) ?? this.#fork();
    return cell.spawn(start, new Int32Array(vitals));
  }

  /** Ends the cells that hold no monitor. Those that do end with their last one, or with this process. */
  close(): void {
    for (const cell of this.#cells) cell.endIfEmpty();
  }

  #fork(): Cell {
    const cell = new Cell(this.#options, (end) => {
      this.#cells.delete(cell);
      this.#options.onCellEnded?.(end);
    });
    this.#cells.add(cell);
    return cell;
  }
}

class Cell {
  readonly #process: Forked<ToCell, FromCell>;
  readonly #entry: string;
  readonly #density: number;
  readonly #workers = new Map<number, CellHandle>();
  #nextKey = 0;
  #isOpen = true;
  #isAsked = false;
  /** Kills that are not obeyed yet, and threads full of memory that are not over yet. */
  #doubts = 0;
  #linger: NodeJS.Timeout | null = null;

  constructor(options: CellHostOptions, onEnded: (end: CellEnd) => void) {
    this.#entry = String(options.entry);
    this.#density = options.density ?? 1;
    this.#process = new Forked<ToCell, FromCell>(
      // Heap flags here would override the limits of the threads.
      { main: 'cell-child', flags: [], env: options.env, onOutput: () => undefined },
      (message) => {
        this.#receive(message);
      },
    );
    void this.#process.ended.then((end) => {
      this.#isOpen = false;
      this.#stopLingering();
      const lost = [...this.#workers.values()];
      onEnded({
        cellId: this.id,
        isAsked: this.#isAsked,
        monitors: lost.map(({ monitorId }) => monitorId),
        how: end.signal ?? `exit code ${String(end.code)}`,
        output: end.output,
      });
      for (const worker of lost) worker.lost(this.#isAsked, this.id, end);
      this.#workers.clear();
    });
  }

  get id(): string {
    return `cell:${String(this.pid ?? 'none')}`;
  }
  get pid(): number | undefined {
    return this.#process.pid;
  }
  get size(): number {
    return this.#workers.size;
  }
  /** It takes more monitors. */
  get isOpen(): boolean {
    return this.#isOpen && this.#doubts === 0;
  }

  spawn(start: RemoteStart, vitals: Int32Array): WorkerHandle {
    this.#stopLingering();
    this.#process.hold(true);
    const key = this.#nextKey++;
    const worker = new CellHandle(start.spec.id, `${this.id}/${String(key)}`, vitals, {
      send: (message) => {
        this.#process.send({ to: 'worker', key, message });
      },
      kill: () => {
        this.#process.send({ to: 'kill', key });
      },
      doubt: (isBegun) => {
        this.#doubt(isBegun);
      },
      sacrifice: () => this.#sacrificeFor(key),
    });
    this.#workers.set(key, worker);
    this.#process.send({ to: 'cell', key, entry: this.#entry, start, density: this.#density });
    return worker;
  }

  endIfEmpty(): void {
    if (this.size > 0) return;
    this.#isOpen = false;
    this.#isAsked = true;
    this.#process.signal('SIGTERM');
  }

  /** One of its threads cannot be ended: the others end in order, to start elsewhere, then the cell goes. */
  async #sacrificeFor(stuck: number): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#isAsked = true;
    const moving = [...this.#workers].filter(([key]) => key !== stuck).map(([, worker]) => worker.move());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, MOVE_MS);
    });
    await Promise.race([Promise.all(moving), late]);
    clearTimeout(timer);
    this.#process.signal('SIGKILL');
  }

  #receive(message: FromCell): void {
    switch (message.from) {
      case 'worker':
        this.#workers.get(message.key)?.hear(message.message);
        return;
      case 'doubt':
        this.#doubt(message.isBegun);
        return;
      case 'vitals':
        for (const [key, words] of message.changed) this.#workers.get(key)?.feel(words);
        return;
      case 'exit': {
        const worker = this.#workers.get(message.key);
        this.#workers.delete(message.key);
        worker?.ended(message.exit);
        if (this.size === 0 && this.#isOpen) this.#wait();
      }
    }
  }

  #doubt(isBegun: boolean): void {
    this.#doubts += isBegun ? 1 : -1;
  }

  /** Empty: neither it nor the wait keeps this process alive. */
  #wait(): void {
    this.#process.hold(false);
    this.#linger = setTimeout(() => {
      this.endIfEmpty();
    }, LINGER_MS).unref();
  }

  #stopLingering(): void {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
  }
}

interface CellLine {
  send(message: ToWorker): void;
  kill(): void;
  /** Whether it obeys is in doubt, or no more. */
  doubt(isBegun: boolean): void;
  /** Resolves when the cell is told to end. */
  sacrifice(): Promise<void>;
}

class CellHandle extends GuestHandle {
  readonly monitorId: string;
  readonly #vitals: Int32Array;
  readonly #line: CellLine;

  constructor(monitorId: string, hostId: string, vitals: Int32Array, line: CellLine) {
    super(hostId, (message) => {
      line.send(message);
    });
    this.monitorId = monitorId;
    this.#vitals = vitals;
    this.#line = line;
  }

  feel(words: readonly number[]): void {
    storeWords(this.#vitals, words);
  }

  ended(exit: WorkerExit): void {
    this.end(this.isMoved ? { ...exit, reason: 'moved' } : exit);
  }

  /** Its cell is gone. */
  lost(isAsked: boolean, cellId: string, { code, signal, error }: ProcessEnd): void {
    if (this.isKilled) {
      this.end({ reason: 'killed', code, error: null });
      return;
    }
    const message = `${cellId}, where it ran, was ended by ${signal ?? `exit code ${String(code)}`}`;
    const why: SerialisedError = error ?? { code: null, name: 'Error', message, details: { cell: cellId } };
    this.end({ reason: isAsked ? 'moved' : 'crashed', code, error: why });
  }

  protected override async killed(): Promise<void> {
    this.#line.kill();
    if (!(await this.#endsWithin(DOUBT_MS))) {
      this.#line.doubt(true);
      void this.exited.then(() => {
        this.#line.doubt(false);
      });
      if (!(await this.#endsWithin(OBEY_MS - DOUBT_MS))) await this.#line.sacrifice();
    }
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, ms, false);
    });
    const isOver = await Promise.race([this.exited.then(() => true), late]);
    clearTimeout(timer);
    return isOver;
  }
}
