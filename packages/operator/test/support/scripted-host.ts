/** A host inside this process whose workers are ready at once and end rounds when a test says so. */
import type { FromWorker, StartData, ToWorker } from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from '@vedette/supervisor';

type RoundEnded = Extract<FromWorker, { type: 'round-ended' }>;

export class ScriptedHost implements Host {
  readonly #workers = new Map<string, ScriptedWorker>();
  #spawned = 0;
  /** Ids whose workers never become ready. */
  readonly silent = new Set<string>();

  spawn(start: StartData): WorkerHandle {
    this.#spawned += 1;
    const worker = new ScriptedWorker(`scripted:${this.#spawned}`, this.silent.has(start.spec.id));
    this.#workers.set(start.spec.id, worker);
    return worker;
  }

  /** A round of this monitor ends: well, and just now, unless told otherwise. */
  round(id: string, parts: Partial<RoundEnded> = {}): void {
    this.#of(id).say({
      type: 'round-ended',
      outcome: 'ok',
      durationMs: 12,
      at: Date.now(),
      state: null,
      facts: {},
      reported: null,
      error: null,
      ...parts,
    });
  }

  say(id: string, message: FromWorker): void {
    this.#of(id).say(message);
  }

  crash(id: string, text = 'boom'): void {
    const error = { code: null, name: 'Error', message: text, details: {} } as const;
    this.#of(id).exit({ reason: 'crashed', code: 1, error });
  }

  /** Words the newest worker of an id was sent. */
  received(id: string): readonly ToWorker['type'][] {
    return this.#of(id).received;
  }

  #of(id: string): ScriptedWorker {
    const worker = this.#workers.get(id);
    if (worker === undefined) throw new Error(`no worker of ${id} was spawned`);
    return worker;
  }
}

class ScriptedWorker implements WorkerHandle {
  readonly exited: Promise<WorkerExit>;
  readonly received: ToWorker['type'][] = [];
  #listener: ((message: FromWorker) => void) | null = null;
  #resolve: (exit: WorkerExit) => void = () => undefined;

  constructor(
    readonly hostId: string,
    readonly isSilent: boolean,
  ) {
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  send({ type }: ToWorker): void {
    this.received.push(type);
    if (type !== 'stop') return;
    queueMicrotask(() => {
      this.say({ type: 'stopped' });
      this.exit({ reason: 'exited', code: 0, error: null });
    });
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.#listener = listener;
    if (this.isSilent) return;
    queueMicrotask(() => {
      this.say({ type: 'ready' });
    });
  }

  kill(): Promise<void> {
    this.exit({ reason: 'killed', code: null, error: null });
    return Promise.resolve();
  }

  say(message: FromWorker): void {
    this.#listener?.(message);
  }

  exit(exit: WorkerExit): void {
    this.#resolve(exit);
  }
}
