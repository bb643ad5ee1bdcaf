/** What crosses the border between a host and the processes it forks, besides the words of every worker. */
import type { FromWorker, StartData, ToWorker } from '@vedette/contract';
import type { WorkerExit } from './host.js';
import type { Backlog, Crash } from './host-line.js';

/** Memory cannot be shared between processes: the child makes its own, and sends its words. */
export type RemoteStart = Omit<StartData, 'vitals' | 'slot'>;

/** Words of vitals that changed, by the key of their worker. */
export interface VitalsChanged {
  readonly from: 'vitals';
  readonly changed: readonly (readonly [key: number, words: readonly number[]])[];
}

/** To a process with one worker. */
export type ToProcess =
  | { readonly to: 'child'; readonly entry: string; readonly start: RemoteStart }
  | { readonly to: 'worker'; readonly message: ToWorker };
export type FromProcess = { readonly from: 'worker'; readonly message: FromWorker } | VitalsChanged;

/** To a cell: a process with many workers, each under a key of its own. */
export type ToCell =
  | {
      readonly to: 'cell';
      readonly key: number;
      readonly entry: string;
      readonly start: RemoteStart;
      /** Monitors per thread. */
      readonly density: number;
    }
  | { readonly to: 'worker'; readonly key: number; readonly message: ToWorker }
  | { readonly to: 'kill'; readonly key: number };
export type FromCell =
  | { readonly from: 'worker'; readonly key: number; readonly message: FromWorker }
  | { readonly from: 'exit'; readonly key: number; readonly exit: WorkerExit }
  /** A thread that is full of memory is being emptied, or is over: until then the cell may go down with it. */
  | { readonly from: 'doubt'; readonly isBegun: boolean }
  | VitalsChanged;

/** Any of them may arrive bundled, or as the last word. */
export type OnTheLine<Message> = Message | Backlog | Crash;
