/** One worker of a shared thread, as its supervisor sees it. */
import {
  VitalsWriter,
  type FromWorker,
  type MonitorSpec,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import { GuestHandle } from './guest-handle.js';
import type { WorkerExit } from './host.js';

export interface DenseLine {
  send(message: ToWorker): void;
  kill(): Promise<void>;
}

export class DenseHandle extends GuestHandle {
  readonly spec: MonitorSpec;
  readonly #vitals: VitalsWriter;
  readonly #line: DenseLine;
  #lastExit: WorkerExit | null = null;
  #isReady = false;

  constructor({ spec, vitals, slot }: StartData, hostId: string, line: DenseLine) {
    super(hostId, (message) => {
      line.send(message);
    });
    this.spec = spec;
    this.#vitals = new VitalsWriter(vitals, slot);
    this.#line = line;
  }

  get isReady(): boolean {
    return this.#isReady;
  }
  /** How its run ended, while it still waits for the end of the thread. */
  get lastExit(): WorkerExit | null {
    return this.#lastExit;
  }

  override move(): Promise<WorkerExit> {
    return this.#lastExit === null ? super.move() : this.exited;
  }

  override hear(message: FromWorker): void {
    if (this.isKilled) return;
    if (message.type === 'ready') this.#isReady = true;
    super.hear(message);
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
    const isMoved = this.isMoved && exit.reason === 'exited';
    this.end(this.isKilled ? { ...exit, reason: 'killed' } : isMoved ? { ...exit, reason: 'moved' } : exit);
  }

  protected override killed(): Promise<void> {
    return this.#line.kill();
  }
}
