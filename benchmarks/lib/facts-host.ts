/** A host whose workers are ready at once and end a round with given facts whenever they are told to. */
import type { Facts, FromWorker, StartData } from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from '@vedette/supervisor';

export class FactsHost implements Host {
  readonly #facts: Facts;
  readonly #listeners: ((message: FromWorker) => void)[] = [];
  #next = 0;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** One round of the next monitor in turn. */
  round(): void {
    const listener = this.#listeners[this.#next % this.#listeners.length];
    this.#next += 1;
    listener?.(this.#roundEnded());
  }

  spawn(_start: StartData): WorkerHandle {
    let resolve: (exit: WorkerExit) => void = () => undefined;
    let tell: (message: FromWorker) => void = () => undefined;
    const exited = new Promise<WorkerExit>((settle) => {
      resolve = settle;
    });
    return {
      hostId: 'instant:1',
      exited,
      send: ({ type }) => {
        if (type !== 'stop') return;
        queueMicrotask(() => {
          tell({ type: 'stopped' });
          resolve({ reason: 'exited', code: 0, error: null });
        });
      },
      onMessage: (listener) => {
        tell = listener;
        this.#listeners.push(listener);
        queueMicrotask(() => {
          listener({ type: 'ready' });
          listener(this.#roundEnded());
        });
      },
      kill: () => {
        resolve({ reason: 'killed', code: null, error: null });
        return Promise.resolve();
      },
    };
  }

  #roundEnded(): FromWorker {
    return {
      type: 'round-ended',
      outcome: 'ok',
      durationMs: 12,
      at: Date.now(),
      state: null,
      facts: this.#facts,
      reported: null,
      error: null,
      publishes: { confirmed: 1 },
    };
  }
}
