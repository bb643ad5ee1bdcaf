/** The public face of the supervisor. What is exported is promised. */
export { monitorSpec, type MonitorSpec, type MonitorSpecParts } from '@vedette/contract';
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
export { Admission, type AdmissionOptions, type Reservation } from './admission/admission.js';
export {
  admit,
  remedyOf,
  resourceName,
  RESOURCES,
  SHARE,
  shortageText,
  type Limits,
  type Numbers,
  type Resource,
  type Shortage,
  type Verdict,
} from './admission/admit.js';
export { HOST_COSTS, type Cost, type HostCosts, type Sizes } from './admission/costs.js';
export { linuxMachine, type Machine, type Reading } from './admission/machine.js';
export {
  planOf,
  type Plan,
  type PlannedHost,
  type PlannedMonitor,
  type PlannedResource,
} from './admission/plan.js';
export { checkCellSize, largestCell, usualCell } from './admission/sizes.js';
export { PlacedHost, type HostTies, type PlacedHostOptions } from './hosts/placed.js';
export { placementOf, type Choice, type HostRules } from './placement/placement-of.js';
export type { Host, WorkerExit, WorkerHandle } from './hosts/host.js';
export { CellHost, type CellEnd, type CellHostOptions } from './hosts/cells.js';
export { DenseHost, type Block, type DenseHostOptions } from './hosts/dense.js';
export { checkedDensity, DEFAULT_DENSITY, MAX_DENSITY } from './hosts/density.js';
export { checkPoolOptions } from './hosts/pool/pool-options.js';
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
export { STATE_WORDS, stateWord, type MonitorStatus, type StateWord } from './status.js';
export type { ForcedStop, StopReport } from './stop-all.js';
export { Supervisor, type StopOptions, type SupervisorOptions } from './supervisor.js';
