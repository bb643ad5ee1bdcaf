/** A host whose workers are ready at once and end when asked; a test may also let one die or hang. */
import {
  VitalsWriter,
  type FromWorker,
  type SerialisedError,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from '@vedette/supervisor';

export class InstantHost implements Host {
  /** Live workers by monitor id. */
  readonly workers = new Map<string, InstantWorker>();
  /** Every spawn, in order. */
  readonly spawned: StartData[] = [];
  /** Most workers of one id alive at a time, ever. */
  mostPerId = 0;
  refusesToStart = false;
  /** Workers spawned now get ready never, and do not hear a stop. */
  isSlow = false;
  readonly #alive = new Map<string, number>();

  spawn(start: StartData): WorkerHandle {
    const { id } = start.spec;
    if (this.refusesToStart) throw new Error('no room for a worker');
    this.spawned.push(start);
    const alive = (this.#alive.get(id) ?? 0) + 1;
    this.#alive.set(id, alive);
    this.mostPerId = Math.max(this.mostPerId, alive);
    const worker = new InstantWorker(`instant:${this.spawned.length}`, start, this.isSlow);
    this.workers.set(id, worker);
    void worker.exited.then(() => {
      this.#alive.set(id, (this.#alive.get(id) ?? 1) - 1);
      if (this.workers.get(id) === worker) this.workers.delete(id);
    });
    return worker;
  }

  /** What a work loop does about once a second; a worker that does not counts as hung. */
  beat(): void {
    for (const { start, isSlow } of this.workers.values()) {
      if (!isSlow) new VitalsWriter(start.vitals, start.slot).beat();
    }
  }

  /** Component names of the live workers, sorted. */
  get running(): string[] {
    return [...this.workers.values()].map(({ start }) => start.spec.componentName).sort();
  }
}

export class InstantWorker implements WorkerHandle {
  readonly exited: Promise<WorkerExit>;
  #listener: ((message: FromWorker) => void) | null = null;
  #resolve: (exit: WorkerExit) => void = () => undefined;

  constructor(
    readonly hostId: string,
    readonly start: StartData,
    readonly isSlow: boolean,
  ) {
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  send({ type }: ToWorker): void {
    if (type !== 'stop' || this.isSlow) return;
    // Never in the turn of the call: no real worker answers that fast.
    queueMicrotask(() => {
      this.say({ type: 'stopped' });
      this.#resolve({ reason: 'exited', code: 0, error: null });
    });
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#listener = listener;
    if (this.isSlow) return;
    queueMicrotask(() => {
      this.say({ type: 'ready' });
    });
  }

  say(message: FromWorker): void {
    this.#listener?.(message);
  }

  /** Ends by itself, as a worker does that throws. */
  crash(): void {
    this.#resolve({ reason: 'crashed', code: 1, error: null });
  }

  /** Its host has no room for it. */
  refuse(error: SerialisedError): void {
    this.#resolve({ reason: 'refused', code: null, error });
  }

  kill(): Promise<void> {
    this.#resolve({ reason: 'killed', code: null, error: null });
    return Promise.resolve();
  }
}
