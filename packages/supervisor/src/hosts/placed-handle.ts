/** A worker of one of several hosts: passes everything on, and remembers what was done to it. */
import {
  VitalsReader,
  type Clock,
  type FromWorker,
  type MonitorSpec,
  type Placement,
  type SerialisedError,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import type { Reservation } from '../admission/admission.js';
import type { MonitorFacts } from '../placement/demotion.js';
import type { WorkerExit, WorkerHandle } from './host.js';

export class PlacedHandle implements WorkerHandle {
  readonly placement: Placement;
  readonly exited: Promise<WorkerExit>;
  readonly #spec: MonitorSpec;
  readonly #vitals: VitalsReader;
  readonly #inner: WorkerHandle;
  readonly #reservation: Reservation;
  readonly #clock: Clock;
  #abortAskedAt: number | null = null;
  #killAskedAt: number | null = null;

  constructor(
    start: StartData,
    inner: WorkerHandle,
    placement: Placement,
    reservation: Reservation,
    clock: Clock,
  ) {
    this.#spec = start.spec;
    this.#vitals = new VitalsReader(start.vitals, start.slot);
    this.#inner = inner;
    this.placement = placement;
    this.#reservation = reservation;
    this.#clock = clock;
    this.exited = inner.exited.then((exit) => {
      reservation.release();
      return exit;
    });
  }

  get monitorId(): string {
    return this.#spec.id;
  }

  get hostId(): string {
    return this.#inner.hostId;
  }

  send(message: ToWorker): void {
    if (message.type === 'abort') this.#abortAskedAt = this.#clock.monotonic();
    this.#inner.send(message);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#inner.onMessage((message) => {
      // The author's code may post anything, null too.
      if ((message as FromWorker | null)?.type === 'ready') this.#reservation.settled();
      listener(message);
    });
  }

  kill(): Promise<void> {
    this.#killAskedAt ??= this.#clock.monotonic();
    return this.#inner.kill();
  }

  /** Of this moment, for the question who brought a cell down. */
  facts(now: number, outOfMemoryMs: number | null): MonitorFacts {
    const { isInRound, heapKb, externalKb } = this.#vitals.read();
    const ago = (at: number | null): number | null => (at === null ? null : now - at);
    return {
      id: this.monitorId,
      killAskedMs: ago(this.#killAskedAt),
      abortAskedMs: ago(this.#abortAskedAt),
      outOfMemoryMs,
      isInRound,
      heapKb,
      externalKb,
      limits: this.#spec.limits,
    };
  }
}

/** For a monitor there is no room for. */
export function refusedHandle(placement: Placement, error: SerialisedError): WorkerHandle {
  return {
    hostId: 'none',
    placement,
    send: () => undefined,
    onMessage: () => undefined,
    exited: Promise.resolve({ reason: 'refused', code: null, error }),
    kill: () => Promise.resolve(),
  };
}
