/** The public face of the supervisor. What is exported is promised. */
export type { LastRound } from './account.js';
export type { Changes } from './diff.js';
export type {
  Forced,
  HealthChanged,
  Hung,
  LinkChanged,
  Logged,
  OfMonitor,
  Published,
  Removed,
  Restarted,
  RoundEnded,
  StateChanged,
  SupervisorEvents,
} from './events.js';
export type { Host, WorkerExit, WorkerHandle } from './hosts/host.js';
export { CellHost, type CellEnd, type CellHostOptions } from './hosts/cells.js';
export { DenseHost, type Block, type DenseHostOptions } from './hosts/dense.js';
export { DEFAULT_DENSITY, MAX_DENSITY } from './hosts/density.js';
export { ProcessHost, type ProcessHostOptions } from './hosts/process.js';
export { ThreadHost, type ThreadHostOptions } from './hosts/thread.js';
export {
  journalProblems,
  type Action,
  type AliveRuns,
  type JournalEntry,
  type JournalProblem,
  type JournalView,
} from './journal.js';
export { logEvents } from './log-events.js';
export { DEFAULT_RESTART_POLICY, type RestartPolicy } from './restart.js';
export type { ForcedStep } from './run.js';
export type { MonitorStatus } from './status.js';
export type { ForcedStop, StopReport } from './stop-all.js';
export { Supervisor, type SupervisorOptions } from './supervisor.js';
