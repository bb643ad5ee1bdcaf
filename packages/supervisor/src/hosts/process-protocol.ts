/** What crosses the border between a process host and its child, besides the words of every worker. */
import type { FromWorker, SerialisedError, StartData, ToWorker } from '@vedette/contract';

/** Memory cannot be shared between processes: the child makes its own, and sends its words. */
export type ProcessStart = Omit<StartData, 'vitals' | 'slot'>;

export type ToProcess =
  | { readonly to: 'child'; readonly entry: string; readonly start: ProcessStart }
  | { readonly to: 'worker'; readonly message: ToWorker };

export type FromProcess =
  /** Several messages that had to wait, as one; see `frames.ts`. */
  | { readonly from: 'backlog'; readonly frames: Uint8Array }
  | { readonly from: 'worker'; readonly message: FromWorker }
  /** The words of its slot of vitals, when they have changed. */
  | { readonly from: 'vitals'; readonly words: readonly number[] }
  /** The last word of a process that ends on an uncaught error. */
  | { readonly from: 'crash'; readonly error: SerialisedError };
