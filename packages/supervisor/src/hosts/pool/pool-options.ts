/** The options of the pool host, checked. */
import { availableParallelism } from 'node:os';
import { describeValue, VedetteError } from '@vedette/contract';

export interface PoolHostOptions {
  /** The built pool entry: a file URL, or an absolute path. */
  readonly entry: URL | string;
  /** Threads that run rounds, 1 to 64. Default: what the machine can run at once. */
  readonly threads?: number;
  /** A broker connection per thread, or one per round for as long as it publishes. Default `kept`. */
  readonly connection?: 'kept' | 'per-round';
  /** V8's old generation of one thread, which its monitors share, MiB. Default 256. */
  readonly heapMb?: number;
  /** Memory of one thread outside the heap, MiB; past it the thread is replaced. Default 128. */
  readonly externalMb?: number;
  /** After this `kill()` returns although the thread is still there. Default 2,000 ms. */
  readonly killDeadlineMs?: number;
}

export type CheckedPoolOptions = Required<Omit<PoolHostOptions, 'entry'>> & { readonly entry: string };

export const MAX_POOL_THREADS = 64;

/** Throws HOST_OPTION_INVALID. */
export function checkPoolOptions(options: PoolHostOptions): CheckedPoolOptions {
  const threads = options.threads ?? Math.min(availableParallelism(), MAX_POOL_THREADS);
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_POOL_THREADS) {
    const text = `threads of the pool must be 1 to ${MAX_POOL_THREADS}, not ${describeValue(threads)}`;
    const details = { field: 'threads', min: 1, max: MAX_POOL_THREADS };
    throw new VedetteError('HOST_OPTION_INVALID', text, { details });
  }
  const { connection = 'kept', heapMb = 256, externalMb = 128, killDeadlineMs = 2_000 } = options;
  return { entry: String(options.entry), threads, connection, heapMb, externalMb, killDeadlineMs };
}
