/** A host whose workers do what a test says. It counts how many of one id are alive at a time. */
import {
  VitalsWriter,
  type FromWorker,
  type MonitorSpec,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from '../src/hosts/host.js';

export class FakeWorker implements WorkerHandle {
  readonly hostId: string;
  readonly exited: Promise<WorkerExit>;
  readonly vitals: VitalsWriter;
  readonly received: ToWorker['type'][] = [];
  readonly replies: ToWorker[] = [];
  isAlive = true;
  /** Answers `stop` by ending. */
  obeysStop = true;
  /** `kill` works; otherwise it lives on. */
  isKillable = true;
  #listener: ((message: FromWorker) => void) | null = null;
  #resolve: (exit: WorkerExit) => void = () => undefined;

  constructor(
    readonly start: StartData,
    number: number,
  ) {
    this.hostId = `fake:${number}`;
    this.vitals = new VitalsWriter(start.vitals, start.slot);
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  send(message: ToWorker): void {
    this.received.push(message.type);
    if (message.type === 'broker') this.replies.push(message);
    if (message.type === 'stop' && this.obeysStop) {
      this.say({ type: 'stopped' });
      this.exit({ reason: 'exited', code: 0 });
    }
  }
  onMessage(listener: (message: FromWorker) => void): void {
    this.#listener = listener;
  }
  kill(): Promise<void> {
    this.received.push('kill' as ToWorker['type']);
    if (this.isKillable) this.exit({ reason: 'killed', code: 1 });
    return Promise.resolve();
  }

  /** Also delivered after the exit: a host that does so must do no harm. */
  say(message: FromWorker): void {
    this.#listener?.(message);
  }
  ready(): void {
    this.say({ type: 'ready' });
  }
  round(outcome: 'ok' | 'failed' | 'timeout' = 'ok', state: string | null = null): void {
    this.say({
      type: 'round-ended',
      outcome,
      durationMs: 5,
      at: 1,
      state,
      facts: { height: 1 },
      reported: null,
      error: null,
    });
  }
  exit(exit: Partial<WorkerExit> = {}): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#resolve({ reason: 'exited', code: 1, error: null, ...exit });
  }
}

export class FakeHost implements Host {
  readonly workers: FakeWorker[] = [];
  /** What each new worker does at its birth. */
  onSpawn: (worker: FakeWorker) => void = () => undefined;
  failsToSpawn = false;
  choiceOf?: (spec: MonitorSpec) => string;
  mostAliveOfOneId = 0;

  spawn(start: StartData): FakeWorker {
    if (this.failsToSpawn) throw new Error('no more threads');
    const worker = new FakeWorker(start, this.workers.length);
    this.workers.push(worker);
    this.mostAliveOfOneId = Math.max(this.mostAliveOfOneId, this.alive(start.spec.id).length);
    this.onSpawn(worker);
    return worker;
  }

  alive(id?: string): FakeWorker[] {
    return this.workers.filter(
      (worker) => worker.isAlive && (id === undefined || worker.start.spec.id === id),
    );
  }

  /** The newest worker of an id. */
  last(id = 'test:a'): FakeWorker {
    const worker = this.workers.findLast(({ start }) => start.spec.id === id);
    if (worker === undefined) throw new Error(`no worker of ${id} was spawned`);
    return worker;
  }
}
