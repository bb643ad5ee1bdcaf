/** The public face of the manager. What is exported is promised. */
export { createManager, type CreateManagerOptions } from './create-manager.js';
export type { ManagerCounters } from './counters.js';
export type { ConfigPlan, DirectConfig } from './direct-config.js';
export { Heartbeats, type HeartbeatsOptions } from './heartbeats.js';
export type { ConfigSink, ConfigSource, Verdict } from './intake/config-source.js';
export { decodeConfig, type Decoded } from './intake/decode.js';
export {
  MONITORABLE_SCHEMA,
  parseConfigFile,
  type FileConfig,
  type FileProblem,
} from './intake/file-config.js';
export { ConfigFileError, FileSource } from './intake/file-source.js';
export { ListSource } from './intake/list-source.js';
export { RabbitSource } from './intake/rabbit-source.js';
export { SingleManager, type SingleManagerOptions } from './intake/single-manager.js';
export type { ManagerEvents, ManagerOptions, ManagerState } from './manager-options.js';
export { MonitorsManager } from './monitors-manager.js';
export type { Intake } from './monitorables-gate.js';
export { RollCall, type Roll } from './roll-call.js';
export type { NotTaken, ScopeView } from './scope-log.js';
export { FileScopeStore } from './store/file-scope-store.js';
export { RoundStateStore, type RoundStateOptions } from './store/round-state-store.js';
export { MemoryScopeStore, type ScopeRecord, type ScopeStore, type SetAside } from './store/scope-store.js';
export { StrategyRegistry, type RegistryOptions } from './strategy-registry.js';
export {
  CONFIG_TOPOLOGY,
  configTopology,
  HEARTBEAT_TOPOLOGY,
  PARKING_TOPOLOGY,
  STAND_ALONE_TOPOLOGY,
} from './topology.js';
