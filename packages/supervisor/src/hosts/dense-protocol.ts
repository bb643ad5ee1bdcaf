/** What crosses the border between a host and a thread that holds several workers, each under a key of its own. */
import type { FromWorker, StartData, ToWorker } from '@vedette/contract';

/** The `workerData` of such a thread. */
export interface DenseThreadData {
  /** The worker entry. */
  readonly entry: string;
  /** Of {@link THREAD_WORDS}. */
  readonly words: SharedArrayBuffer;
  /** The loop shows that it turns so often. */
  readonly turnMs: number;
  /** Code that keeps the loop for longer is told of. */
  readonly blockLimitMs: number;
  /** Part of the thread's memory that counts as one worker's. */
  readonly memoryShare: number;
}

/** Shared words, each by itself and written by the thread alone. */
export const THREAD_WORDS = { turns: 0, current: 1, heapKb: 2, externalKb: 3 } as const;
/** `current` before the first worker's code ran. */
export const NOBODY = -1;

export function createThreadWords(): Int32Array<SharedArrayBuffer> {
  const count = Object.keys(THREAD_WORDS).length;
  const words = new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
  words[THREAD_WORDS.current] = NOBODY;
  return words;
}

export type ToDense =
  | { readonly to: 'start'; readonly key: number; readonly start: StartData }
  | { readonly to: 'worker'; readonly key: number; readonly message: ToWorker }
  /** The run is given up: it may publish nothing more. */
  | { readonly to: 'cut'; readonly key: number };

export type FromDense =
  | { readonly from: 'worker'; readonly key: number; readonly message: FromWorker }
  /** Its run is over, and the thread goes on. `hasLeftovers`: some of its code may go on too. */
  | { readonly from: 'ended'; readonly key: number; readonly code: number; readonly hasLeftovers: boolean }
  | { readonly from: 'blocked'; readonly key: number; readonly forMs: number };
