export {
  offerChannel,
  offeredChannel,
  offeredSharedLines,
  offerSharedLines,
  type Channel,
  type SharedChannel,
  type SharedLines,
} from './channel.js';
export { systemClock, type Clock } from './clock.js';
export { CONFIG_LIMITS, type ConfigMessage, type ParsedConfig, type Refusal } from './config-message.js';
export { parseDurationMs } from './duration.js';
export { offerEntered, reentry, type Entered } from './entered.js';
export {
  ERROR_CODES,
  isVedetteError,
  reviveError,
  serialiseError,
  VedetteError,
  type ErrorCode,
  type SerialisedError,
} from './errors.js';
export {
  FAMILIES,
  FAMILY_NAMES,
  readsNodesOf,
  type Family,
  type FamilyTopology,
  type MonitorableType,
} from './families.js';
export { isJsonObject, numberOf, objectOf, textOf, type JsonObject, type JsonValue } from './json.js';
export {
  HEALTH_WORDS,
  isLegalMove,
  RESTART_CAUSES,
  TRANSITIONS,
  type Health,
  type MonitorState,
  type RestartCause,
  type StateName,
} from './lifecycle.js';
export { isLogged, LOG_LEVELS, silentLogger, type LogFields, type Logger, type LogLevel } from './logger.js';
export {
  PROTOCOL_VERSION,
  type BrokerAddress,
  type BrokerReply,
  type BrokerRequest,
  type Facts,
  type FromWorker,
  type LinkWord,
  type PublishOutcome,
  type ReportedError,
  type RoundOutcome,
  type StartData,
  type ToWorker,
  type WireMessage,
} from './protocol.js';
export type {
  FromPoolThread,
  PoolBatch,
  PoolItem,
  PoolResult,
  PoolStart,
  PoolThreadStart,
  ToPoolThread,
} from './pool-protocol.js';
export { POOL_WORDS, poolWords } from './pool-protocol.js';
export { canonicalJson, revisionOf } from './revision.js';
export { nextDue } from './schedule.js';
export { describeValue, isSecretName, maskText, maskUrl, printable } from './secrets.js';
export {
  DEFAULT_LIMITS,
  withRevision,
  type MonitorableSource,
  type MonitorLimits,
  type MonitorOrigin,
  type MonitorSpec,
} from './spec.js';
export { isTopicMatch } from './topic.js';
export { createVitals, VitalsReader, VitalsWriter, type VitalsReading } from './vitals.js';
export {
  EXCHANGES,
  epochSeconds,
  MANAGER_NAME,
  managerHeartbeat,
  monitorableList,
  QUEUES,
  ROUTING_KEYS,
  workerHeartbeat,
} from './wire.js';
export { Real, real, wireJson, type WireObject, type WireValue } from './wire-json.js';
