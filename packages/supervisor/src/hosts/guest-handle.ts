/**
 * One worker of a process or thread that others share, as its supervisor sees it. Promise: its exit is told once,
 * and one that its host moves learns nothing of it: the supervisor hears `moved`, unless it had asked for a stop.
 */
import type { FromWorker, ToWorker } from '@vedette/contract';
import type { WorkerExit, WorkerHandle } from './host.js';

export abstract class GuestHandle implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly #line: (message: ToWorker) => void;
  #listener: ((message: FromWorker) => void) | null = null;
  #resolve: (exit: WorkerExit) => void = () => undefined;
  #isOver = false;
  #isKilled = false;
  #isMoving = false;
  /** By the supervisor, who then knows why it ends. */
  #isAskedToStop = false;

  /** `line`: the way to the worker. */
  constructor(hostId: string, line: (message: ToWorker) => void) {
    this.hostId = hostId;
    this.#line = line;
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }
  get isKilled(): boolean {
    return this.#isKilled;
  }
  /** Its host wants it elsewhere, and nobody asked it to end. */
  protected get isMoved(): boolean {
    return this.#isMoving && !this.#isAskedToStop && !this.#isKilled;
  }

  send(message: ToWorker): void {
    if (message.type === 'stop') this.#isAskedToStop = true;
    if (!this.#isOver) this.#line(message);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    if (!this.#isOver) this.#listener = listener;
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.#isKilled = true;
    await this.killed();
  }

  /** Asks it to end so that it can start elsewhere. */
  move(): Promise<WorkerExit> {
    this.#isMoving = true;
    this.#line({ type: 'stop' });
    return this.exited;
  }

  hear(message: FromWorker): void {
    // The supervisor did not ask it to stop: it learns of the move by the exit.
    if (this.isMoved && message.type === 'stopped') return;
    this.#listener?.(message);
  }

  /** Ends it without asking. Resolves when that was tried, by a deadline. */
  protected abstract killed(): Promise<void>;

  protected end(exit: WorkerExit): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener = null;
    this.#resolve(exit);
  }
}
