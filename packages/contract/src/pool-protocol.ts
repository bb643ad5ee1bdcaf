/**
 * What crosses the border between the pool host and a thread of its pool: batches of items that name a monitor
 * by a key, and the words of the worker protocol for one key. Plain data, versioned with the protocol.
 */
import type { MessagePort } from 'node:worker_threads';
import type { SerialisedError } from './errors.js';
import type { JsonValue } from './json.js';
import type {
  Facts,
  FromWorker,
  LinkWord,
  ReportedError,
  RoundOutcome,
  StartData,
  ToWorker,
} from './protocol.js';

/** Of a monitor, as a pool thread keeps it: all but what belongs to the host or changes with each round. */
export type PoolStart = Omit<StartData, 'vitals' | 'slot' | 'state' | 'firstRoundDelayMs'>;

/** One thing to do for one monitor. */
export interface PoolItem {
  /** Names one run of one monitor; never used again. */
  readonly key: number;
  /** Of the settings this is meant for; a thread that knows the key by another refuses. */
  readonly revision: string;
  readonly task: 'open' | 'round' | 'close';
  /** For a round: what the last one left. */
  readonly state: JsonValue;
  /** The first time a thread hears of the key. */
  readonly start?: PoolStart;
  /** Close after it: the monitor goes on in another thread. */
  readonly isLast?: boolean;
}

export type PoolResult =
  | { readonly key: number; readonly did: 'opened' | 'closed' }
  /** The thread knows the key by another revision: nothing was run. */
  | { readonly key: number; readonly did: 'refused' }
  | {
      readonly key: number;
      readonly did: 'failed';
      readonly error: SerialisedError;
      readonly permanent: boolean;
    }
  | {
      readonly key: number;
      readonly did: 'round';
      readonly outcome: RoundOutcome;
      /** False: it ignores its signal and still runs; `settled` is said when it ends after all. */
      readonly isSettled: boolean;
      readonly durationMs: number;
      /** Wall clock, epoch milliseconds. */
      readonly at: number;
      /** Of a good round; null otherwise, and then the old state holds. */
      readonly state: JsonValue;
      readonly facts: Facts;
      readonly reported: ReportedError | null;
      readonly error: SerialisedError | null;
      /** Progress marks of this round. */
      readonly steps: number;
    };

/** The first task of a pool thread. */
export interface PoolThreadStart {
  readonly port: MessagePort;
  /** As of {@link poolWords}. */
  readonly words: SharedArrayBuffer;
  readonly beatMs: number;
  /** `kept`: one per thread. `per-round`: opened for what one round publishes, then closed. */
  readonly connection: 'kept' | 'per-round';
  /** What the broker's administrator sees of a kept connection. */
  readonly name: string;
}

export interface PoolBatch {
  readonly batch: number;
  readonly items: readonly PoolItem[];
}

export type ToPoolThread = { readonly key: number; readonly message: ToWorker };

export type FromPoolThread =
  | { readonly from: 'worker'; readonly key: number; readonly message: FromWorker }
  /**
   * What of a batch is done: all of it, or what is while slow items still run. They take this way and not the
   * task's own so that they stay behind what was said before.
   */
  | { readonly from: 'results'; readonly batch: number; readonly results: readonly PoolResult[] }
  | { readonly from: 'settled'; readonly key: number; readonly durationMs: number }
  | {
      readonly from: 'link';
      readonly link: LinkWord;
      readonly replaced: number;
      readonly error: SerialisedError | null;
    }
  /** `key`: whose code ran then, as far as the thread can tell. */
  | {
      readonly from: 'output';
      readonly key: number | null;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    };

/** Places of the words a pool thread writes; all 32 bits, touched only through `Atomics`. */
export const POOL_WORDS = {
  /** Goes up with each turn of the thread's loop. */
  beats: 0,
  /** 1 + the key whose code is being called right now; 0 between calls. */
  current: 1,
  heapKb: 2,
  externalKb: 3,
} as const;

export function poolWords(): SharedArrayBuffer {
  return new SharedArrayBuffer(Object.keys(POOL_WORDS).length * Int32Array.BYTES_PER_ELEMENT);
}
