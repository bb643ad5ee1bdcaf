/** What a kind's strategy is written with. Main thread only: a schema library is too dear for a worker. */
export { defineChainStrategy, type ChainEntry, type ChainStrategyParts } from './define-chain-strategy.js';
export { defineStrategy, type DataSources, type ParsedEntry, type StrategyParts } from './define-strategy.js';
export { gaugeName, type FactDocs, type KindDocs } from './kind-docs.js';
export {
  chainOf,
  isSwitchOff,
  isSwitchOn,
  type ConfigEntry,
  type Monitorable,
  type MonitorStrategy,
  type ParseOptions,
} from './monitor-strategy.js';
export { panicNode } from './panic-node.js';
export { refusal, refusalsOf } from './refusals.js';
export { httpUrl, httpUrlList, label, panicUrl, panicUrlList, panicWsUrl, wsUrl } from './schemas.js';
