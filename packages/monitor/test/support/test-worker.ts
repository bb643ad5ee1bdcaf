/** A real worker thread from the built entry, with an embedded broker's answers. Promise: `end` ends it. */
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import {
  VitalsReader,
  type FromWorker,
  type PublishOutcome,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import { eventually } from '../../../../test/support/eventually.js';
import { aStart, type StartOptions } from './start-data.js';

export type Message<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

const ENTRY = fileURLToPath(new URL('../../dist/entry.cjs', import.meta.url));
const open = new Set<TestWorker>();

export function fixture(name: string): string {
  return new URL(`../fixtures/${name}`, import.meta.url).href;
}

export class TestWorker {
  readonly start: StartData;
  readonly vitals: VitalsReader;
  readonly messages: FromWorker[] = [];
  /** What the worker's uncaught error was, if it had one. */
  error: Error | null = null;
  exitCode: number | null = null;
  readonly exited: Promise<number>;
  readonly #worker: Worker;
  readonly #answer: PublishOutcome;

  constructor(mode: string, options: StartOptions & { answer?: PublishOutcome } = {}) {
    const { answer = 'confirmed', ...rest } = options;
    const spec = { module: fixture('scripted.cjs'), periodMs: 20, settings: { mode }, ...rest.spec };
    this.#answer = answer;
    this.start = aStart({ beatMs: 20, ...rest, spec });
    this.vitals = new VitalsReader(this.start.vitals);
    this.#worker = new Worker(ENTRY, {
      workerData: this.start,
      // As the host does: not the test runner's loaders.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 24 },
    });
    this.#worker.on('message', (message: FromWorker) => {
      this.#take(message);
    });
    this.#worker.on('error', (error) => (this.error = error as Error));
    this.exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.exitCode = code;
        resolve(code);
      });
    });
    open.add(this);
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  of<T extends FromWorker['type']>(type: T): Message<T>[] {
    return this.messages.filter((message): message is Message<T> => message.type === type);
  }

  /** The first `count` messages of a type, as soon as they are there. */
  async some<T extends FromWorker['type']>(type: T, count = 1): Promise<Message<T>[]> {
    const what = `${count} x ${type}, got ${JSON.stringify(this.messages.at(-1))}`;
    return eventually(() => this.of(type).length >= count && this.of(type).slice(0, count), { what });
  }

  async end(): Promise<void> {
    open.delete(this);
    await this.#worker.terminate();
  }

  #take(message: FromWorker): void {
    this.messages.push(message);
    if (message.type !== 'broker') return;
    this.send({ type: 'broker', reply: { id: message.request.id, outcome: this.#answer } });
  }
}

export async function endWorkers(): Promise<void> {
  await Promise.all([...open].map((worker) => worker.end()));
}
