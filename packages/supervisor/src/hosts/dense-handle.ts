/** One worker of a shared thread, as its supervisor sees it. Promise: its exit is told once, in its own words. */
import {
  VitalsWriter,
  type FromWorker,
  type MonitorSpec,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import type { WorkerExit, WorkerHandle } from './host.js';

export interface DenseLine {
  send(message: ToWorker): void;
  kill(): Promise<void>;
}

export class DenseHandle implements WorkerHandle {
  readonly spec: MonitorSpec;
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly #vitals: VitalsWriter;
  readonly #line: DenseLine;
  #listener: ((message: FromWorker) => void) | null = null;
  #resolve: (exit: WorkerExit) => void = () => undefined;
  #lastExit: WorkerExit | null = null;
  #isOver = false;
  #isReady = false;
  #isKilled = false;
  #isMoving = false;
  /** By the supervisor, who then knows why it ends. */
  #isAskedToStop = false;

  constructor({ spec, vitals, slot }: StartData, hostId: string, line: DenseLine) {
    this.spec = spec;
    this.hostId = hostId;
    this.#vitals = new VitalsWriter(vitals, slot);
    this.#line = line;
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }
  get isReady(): boolean {
    return this.#isReady;
  }
  get isKilled(): boolean {
    return this.#isKilled;
  }
  /** How its run ended, while it still waits for the end of the thread. */
  get lastExit(): WorkerExit | null {
    return this.#lastExit;
  }

  send(message: ToWorker): void {
    if (message.type === 'stop') this.#isAskedToStop = true;
    if (!this.#isOver) this.#line.send(message);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    if (!this.#isOver) this.#listener = listener;
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    this.#isKilled = true;
    await this.#line.kill();
  }

  /** Asks it to end so that it can start elsewhere. */
  move(): Promise<WorkerExit> {
    if (this.#lastExit === null) {
      this.#isMoving = true;
      this.#line.send({ type: 'stop' });
    }
    return this.exited;
  }

  hear(message: FromWorker): void {
    if (this.#isKilled) return;
    if (message.type === 'ready') this.#isReady = true;
    // The supervisor did not ask it to stop: it learns of the move by the exit.
    if (this.#isMoving && !this.#isAskedToStop && message.type === 'stopped') return;
    this.#listener?.(message);
  }

  /** Another one keeps the loop they share: this one is not to blame for its silence. */
  beat(): void {
    this.#vitals.beat();
  }

  /** Its run is over, but what is left of it ends with the thread. */
  ends(exit: WorkerExit): void {
    this.#lastExit = exit;
  }

  ended(exit: WorkerExit): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener = null;
    const isMoved = this.#isMoving && !this.#isAskedToStop && exit.reason === 'exited';
    this.#resolve(
      this.#isKilled ? { ...exit, reason: 'killed' } : isMoved ? { ...exit, reason: 'moved' } : exit,
    );
  }
}
