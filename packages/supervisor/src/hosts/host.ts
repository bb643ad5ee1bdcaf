/** Where a monitor runs. A host starts workers and reports their end; it decides nothing. */
import type {
  FromWorker,
  MonitorSpec,
  Placement,
  SerialisedError,
  StartData,
  ToWorker,
} from '@vedette/contract';

/** How a worker ended. Whether that was expected is for the supervisor to say. */
export interface WorkerExit {
  /**
   * `killed`: ended by {@link WorkerHandle.kill}. `moved`: its host needs it elsewhere; nothing is wrong with it.
   * `refused`: it never was, there is no room; `error` says which.
   */
  readonly reason: 'exited' | 'crashed' | 'out-of-memory' | 'killed' | 'moved' | 'refused';
  /** Exit code where there is one. */
  readonly code: number | null;
  readonly error: SerialisedError | null;
}

/** One live worker. After its exit nothing more is heard of it. */
export interface WorkerHandle {
  /** For people, for example `thread:12`. */
  readonly hostId: string;
  /** Of hosts that choose among others. */
  readonly placement?: Placement;
  /** Never throws; dropped once the worker has ended. */
  send(message: ToWorker): void;
  /** One listener; set it in the turn of the spawn or messages may be lost. */
  onMessage(listener: (message: FromWorker) => void): void;
  /** Always resolves, never rejects, and only when the worker is really gone. */
  readonly exited: Promise<WorkerExit>;
  /** Ends the worker without asking it. Never rejects; may return before the worker is gone. */
  kill(): Promise<void>;
}

/** Where monitors run. A host starts workers and tells of their end; it decides nothing. */
export interface Host {
  /** A throw counts as a worker that crashed at once. */
  spawn(start: StartData): WorkerHandle;
  /** Process ids of the children it holds; their memory is ours. */
  readonly processes?: readonly number[];
  /** Of hosts that choose among others: a monitor whose choice changed is started anew. */
  choiceOf?(spec: MonitorSpec): string;
  /** Connections to the broker that a start opens on average; where it is not said, one. The pace of starts follows. */
  connectionsOf?(spec: MonitorSpec): number;
}
