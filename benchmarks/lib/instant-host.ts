/** A host whose workers are ready and gone at once: what is left is the cost of supervision itself. */
import type { FromWorker, StartData, ToWorker } from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from '@vedette/supervisor';

export class InstantHost implements Host {
  spawned = 0;
  readonly #onSpawn: (start: StartData) => void;

  constructor(onSpawn: (start: StartData) => void = () => undefined) {
    this.#onSpawn = onSpawn;
  }

  spawn(start: StartData): WorkerHandle {
    this.spawned += 1;
    this.#onSpawn(start);
    return new InstantWorker(`instant:${this.spawned}`);
  }
}

class InstantWorker implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  #listener: ((message: FromWorker) => void) | null = null;
  #resolve: (exit: WorkerExit) => void = () => undefined;

  constructor(hostId: string) {
    this.hostId = hostId;
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  send({ type }: ToWorker): void {
    if (type !== 'stop') return;
    // Never in the turn of the call: no real worker answers that fast.
    queueMicrotask(() => {
      this.#listener?.({ type: 'stopped' });
      this.#resolve({ reason: 'exited', code: 0, error: null });
    });
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#listener = listener;
    queueMicrotask(() => {
      listener({ type: 'ready' });
    });
  }

  kill(): Promise<void> {
    this.#resolve({ reason: 'killed', code: null, error: null });
    return Promise.resolve();
  }
}
