/**
 * What piscina runs in a thread of the pool: `begin` once, then `rounds`, a batch at a time. It joins the line
 * to the host, the broker links and the monitors known here; an error nobody expects ends the thread, and the
 * host runs elsewhere what was in it.
 */
import { getHeapStatistics } from 'node:v8';
import {
  POOL_WORDS,
  systemClock,
  VedetteError,
  type FromPoolThread,
  type FromWorker,
  type PoolBatch,
  type PoolItem,
  type PoolResult,
  type PoolStart,
  type PoolThreadStart,
  type ToPoolThread,
} from '@vedette/contract';
import { loadModule } from '../load-module.js';
import { reportable } from '../report.js';
import { PoolJob } from './pool-job.js';
import { PoolLinks } from './pool-links.js';
import { captureOutput } from './thread-output.js';

/** After this the done part of a batch is told, and its slow items one by one. */
const PATIENCE_MS = 25;

let thread: PoolThread | null = null;

export function begin(start: PoolThreadStart): void {
  thread ??= new PoolThread(start);
}

/** Resolves when all results are told. Never rejects. */
export function rounds(batch: PoolBatch): Promise<void> {
  if (thread === null) throw new Error('begin comes first');
  return thread.run(batch);
}

class PoolThread {
  readonly #start: PoolThreadStart;
  readonly #words: Int32Array;
  readonly #jobs = new Map<number, PoolJob>();
  readonly #links: PoolLinks;
  /** Asked to stop before their item came: it takes another port. */
  readonly #earlyStops = new Set<number>();
  /** Whose code was called last: the best guess for what has no other owner. */
  #lastKey: number | null = null;

  constructor(start: PoolThreadStart) {
    this.#start = start;
    this.#words = new Int32Array(start.words);
    this.#links = new PoolLinks({
      ...start,
      post: (message) => {
        this.#post(message);
      },
      log: (level, sentence, fields = {}) => {
        if (this.#lastKey === null) return;
        const plain = JSON.parse(JSON.stringify(fields)) as Extract<FromWorker, { type: 'log' }>['fields'];
        this.#say(this.#lastKey, { type: 'log', level, sentence, fields: plain });
      },
    });
    start.port.on('message', (message: ToPoolThread) => {
      this.#obey(message);
    });
    captureOutput((stream, text) => {
      const current = Atomics.load(this.#words, POOL_WORDS.current);
      this.#post({ from: 'output', key: current > 0 ? current - 1 : this.#lastKey, stream, text });
    });
    this.#beat();
    // Unlike a monitor's own beat this timer says just one thing: the loop they all share is free.
    setInterval(() => {
      this.#beat();
    }, start.beatMs / 8).unref();
  }

  run({ batch, items }: PoolBatch): Promise<void> {
    return new Promise((resolve) => {
      let left = items.length;
      let untold: PoolResult[] = [];
      let isLate = false;
      const tell = (): void => {
        this.#post({ from: 'results', batch, results: untold });
        untold = [];
        if (left === 0) resolve();
      };
      const timer = setTimeout(() => {
        isLate = true;
        tell();
      }, PATIENCE_MS);
      for (const item of items) {
        void this.#do(item).then((result) => {
          untold.push(result);
          left -= 1;
          if (isLate) {
            // What ends in one turn of the loop is told at once.
            if (untold.length === 1) setImmediate(tell);
          } else if (left === 0) {
            clearTimeout(timer);
            tell();
          }
        });
      }
    });
  }

  async #do(item: PoolItem): Promise<PoolResult> {
    const { key, task } = item;
    try {
      const job = this.#jobOf(item);
      if (job === null) return { key, did: task === 'close' ? 'closed' : 'refused' };
      if (task === 'close') return await this.#close(key, job);
      if (task === 'open') return await this.#open(key, job);
      const result = await job.round(item.state);
      if (item.isLast === true) await this.#close(key, job);
      return result;
    } catch (error) {
      // A defect of ours must not leave the host waiting.
      return { key, did: 'failed', error: reportable(error), permanent: false };
    }
  }

  async #open(key: number, job: PoolJob): Promise<PoolResult> {
    const failed = await job.open();
    if (failed === null) return { key, did: 'opened' };
    this.#forget(key);
    return failed;
  }

  #close(key: number, job: PoolJob): Promise<PoolResult> {
    // At once: what comes next for this key begins anew.
    this.#forget(key);
    return job.close();
  }

  /** Null if it is not known here, or known with other settings. */
  #jobOf({ key, revision, start, task }: PoolItem): PoolJob | null {
    const known = this.#jobs.get(key);
    if (known !== undefined) return known.revision === revision ? known : null;
    if (start?.spec.revision !== revision || task === 'close') return null;
    const made = this.#newJob(key, start);
    this.#jobs.set(key, made);
    if (this.#earlyStops.delete(key)) made.stop();
    return made;
  }

  #newJob(key: number, start: PoolStart): PoolJob {
    const post = (message: FromWorker): void => {
      this.#say(key, message);
    };
    void this.#links.prepare(start);
    return new PoolJob({
      key,
      start,
      // Node's own caches hold each module once per thread.
      load: () => loadModule(start.spec.module),
      publisher: () => this.#links.publisher(key, start, post),
      clock: systemClock,
      post,
      onCall: (isBegun) => {
        this.#lastKey = key;
        Atomics.store(this.#words, POOL_WORDS.current, isBegun ? key + 1 : 0);
      },
      onSettled: (durationMs) => {
        this.#post({ from: 'settled', key, durationMs });
      },
    });
  }

  #forget(key: number): void {
    this.#jobs.delete(key);
    this.#links.forget(key);
  }

  #obey({ key, message }: ToPoolThread): void {
    switch (message.type) {
      case 'stop':
        if (this.#jobs.has(key)) this.#jobs.get(key)?.stop();
        else this.#earlyStops.add(key);
        return;
      case 'abort': {
        const text = 'the round was aborted by the supervisor';
        this.#jobs.get(key)?.abort(new VedetteError('MONITOR_ROUND_TIMEOUT', text));
        return;
      }
      case 'broker':
        this.#links.reply(key, message.reply);
        return;
      case 'round':
        // The host's schedule sees to it.
        return;
    }
  }

  #say(key: number, message: FromWorker): void {
    this.#post({ from: 'worker', key, message });
  }

  #post(message: FromPoolThread): void {
    this.#start.port.postMessage(message);
  }

  #beat(): void {
    const heap = getHeapStatistics();
    Atomics.store(this.#words, POOL_WORDS.heapKb, Math.round(heap.used_heap_size / 1024));
    Atomics.store(this.#words, POOL_WORDS.externalKb, Math.round(heap.external_memory / 1024));
    Atomics.add(this.#words, POOL_WORDS.beats, 1);
  }
}
