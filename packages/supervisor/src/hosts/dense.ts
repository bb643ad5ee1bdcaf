/**
 * The dense host: up to D monitors of one module share a worker thread and its broker connection. Promise: a
 * monitor that harms its neighbours is named and gets a thread of its own, and where one holds a thread alone it
 * is the thread host's.
 */
import { createRequire } from 'node:module';
import { VitalsReader, type MonitorSpec, type StartData } from '@vedette/contract';
import { DenseThread, turnMsOf, type DenseThreadListener } from './dense-thread.js';
import { checkedDensity, connectionsOf, DEFAULT_DENSITY } from './density.js';
import type { Host, WorkerExit, WorkerHandle } from './host.js';
import { Suspects } from './suspects.js';
import { DEFAULT_KILL_DEADLINE_MS, DEFAULT_STACK_MB, ThreadHost, type ThreadHostOptions } from './thread.js';

/** How many share a thread, and when one is judged to harm the others. */
export interface DenseHostOptions extends ThreadHostOptions {
  /** Monitors per thread, 1 to 200. Default 10; 1 is the thread host. */
  readonly density?: number;
  /** Code that keeps the loop of a shared thread for longer is named. Default 200 ms. */
  readonly blockLimitMs?: number;
  /** So long a monitor that may have harmed its neighbours stays alone. Default 600,000 ms. */
  readonly probationMs?: number;
  /** Told of each shared thread that is full of memory and being emptied, and when it is over. */
  readonly onFull?: (isFull: boolean) => void;
  /** Told of each long block. */
  readonly onBlocked?: (block: Block) => void;
}

/** Code that kept a shared thread from its other monitors for too long. */
export interface Block {
  readonly monitorId: string;
  readonly hostId: string;
  readonly forMs: number;
  /** This one included, within the last minute. */
  readonly times: number;
  /** It gets a thread of its own now. */
  readonly isMoved: boolean;
}

const BLOCK_LIMIT_MS = 200;
/** As the supervisor's mark. */
const MARK = 0.8;

/** Where shared threads begin, found alike from a module and from the bundle of a cell. */
const MAIN = '@vedette/supervisor/dense-child';

/** Up to D monitors of one module share a worker thread and its broker connection. */
export class DenseHost implements Host {
  readonly #density: number;
  readonly #options: DenseHostOptions;
  readonly #alone: ThreadHost;
  readonly #suspects: Suspects;
  readonly #groups = new Map<string, Set<DenseThread>>();
  #timer: NodeJS.Timeout | null = null;

  /** Throws HOST_OPTION_INVALID. */
  constructor(options: DenseHostOptions) {
    this.#density = checkedDensity(options.density ?? DEFAULT_DENSITY);
    this.#options = options;
    this.#alone = new ThreadHost(options);
    const { probationMs } = options;
    this.#suspects = new Suspects({
      now: () => performance.now(),
      ...(probationMs === undefined ? {} : { probationMs }),
    });
  }

  /** Monitors of each shared thread there is. */
  get threads(): readonly number[] {
    return [...this.#groups.values()].flatMap((group) => [...group].map(({ size }) => size));
  }

  connectionsOf(spec: MonitorSpec): number {
    return connectionsOf(spec, this.#density);
  }

  spawn(start: StartData): WorkerHandle {
    const density = checkedDensity(start.spec.hosting?.density ?? this.#density);
    if (density === 1 || start.spec.isPackable === false) return this.#alone.spawn(start);
    if (this.#suspects.mustBeAlone(start.spec)) return this.#spawnAlone(start);
    const key = groupOf(start, density);
    const group = this.#groups.get(key) ?? new Set<DenseThread>();
    this.#groups.set(key, group);
    // The fullest first, so that threads become empty and end.
    const open = [...group].filter(({ isOpen }) => isOpen).sort((a, b) => b.size - a.size);
    return (open[0] ?? this.#begin(start, key, group, density)).spawn(start);
  }

  #begin(start: StartData, key: string, group: Set<DenseThread>, density: number): DenseThread {
    const { entry, killDeadlineMs, stackMb, blockLimitMs } = this.#options;
    const listener: DenseThreadListener = {
      ...this.#listener,
      onEnded: (ended) => {
        if (ended.isFull) this.#options.onFull?.(false);
        group.delete(ended);
        if (group.size === 0) this.#groups.delete(key);
        if (this.#groups.size === 0) this.#rest();
      },
    };
    const options = {
      entry,
      main: createRequire(import.meta.url).resolve(MAIN),
      density,
      stackMb: stackMb ?? DEFAULT_STACK_MB,
      killDeadlineMs: killDeadlineMs ?? DEFAULT_KILL_DEADLINE_MS,
      blockLimitMs: blockLimitMs ?? BLOCK_LIMIT_MS,
    };
    const thread = new DenseThread(start, options, listener);
    group.add(thread);
    this.#timer ??= setInterval(this.#look, turnMsOf(start.beatMs)).unref();
    return thread;
  }

  /** One that is alone because of a suspicion, and comes to harm, was it. */
  #spawnAlone(start: StartData): WorkerHandle {
    const handle = this.#alone.spawn(start);
    const vitals = new VitalsReader(start.vitals, start.slot);
    void handle.exited.then((exit) => {
      if (isOwnFault(exit, vitals, start.spec.limits)) this.#suspects.convict(start.spec);
      // Perhaps its sources failed it, perhaps it ended its thread: it stays alone while that goes on.
      else if (exit.code !== 0) this.#suspects.suspect(start.spec);
    });
    return handle;
  }

  readonly #listener: Omit<DenseThreadListener, 'onEnded'> = {
    onBlocked: (thread, worker, forMs) => {
      const { spec, hostId } = worker;
      const { times, isTooOften } = this.#suspects.blocked(spec);
      const isMoved = isTooOften && thread.size > 1;
      worker.hear({
        type: 'log',
        level: 'warn',
        sentence: isMoved
          ? 'Kept its thread from its neighbours too often and gets a thread of its own'
          : 'Kept its thread from its neighbours',
        fields: { forMs, times, host: hostId, neighbours: thread.size - 1 },
      });
      this.#options.onBlocked?.({ monitorId: spec.id, hostId, forMs, times, isMoved });
      if (isMoved) thread.moveOut(worker);
    },
    onFull: () => {
      this.#options.onFull?.(true);
    },
    onHarm: (culprit, neighbours, isMemory) => {
      if (culprit !== null) this.#suspects.suspect(culprit);
      // Nobody can tell whose memory it was, or whose timer: each is alone until that shows.
      const areSuspects = isMemory || culprit === null;
      for (const spec of neighbours) {
        if (areSuspects) this.#suspects.suspect(spec);
        else this.#suspects.witness(spec);
      }
    },
  };

  readonly #look = (): void => {
    const now = performance.now();
    for (const group of this.#groups.values()) for (const thread of group) thread.look(now);
  };

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** What a thread has in common: how many it holds, its code, its limits (V8 fixes them at its start), its connection, its beat. */
function groupOf({ spec, broker, beatMs }: StartData, density: number): string {
  const { youngMb, oldMb, externalMb } = spec.limits;
  return JSON.stringify([spec.module, youngMb, oldMb, externalMb, broker, beatMs, density]);
}

function isOwnFault(
  { reason }: WorkerExit,
  vitals: VitalsReader,
  { oldMb, externalMb }: StartData['spec']['limits'],
): boolean {
  const isFull = vitals.heapKb() > oldMb * 1024 * MARK || vitals.externalKb() > externalMb * 1024 * MARK;
  return isFull || reason !== 'exited';
}
