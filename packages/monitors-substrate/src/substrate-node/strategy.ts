/** Kind `substrate-node`: a node of a Substrate chain seen over WebSocket. Never loads @polkadot. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineStrategy, isSwitchOff, type MonitorStrategy } from '@vedette/contract/strategy';
import { substrateNodeDocs } from './docs.js';
import { CHAIN_LIMITS } from '../limits.js';
import {
  rankOf,
  settingsOf,
  substrateNodeConfig,
  substrateNodeEntry,
  substrateNodeSettings,
  type SubstrateNodeEntry,
  type SubstrateNodeSettings,
} from './settings.js';

/** Kind `substrate-node`. */
export const substrateNodeStrategy: MonitorStrategy = defineStrategy<
  SubstrateNodeSettings,
  SubstrateNodeEntry
>({
  kind: 'substrate-node',
  title: 'Substrate node: heights, and a validator’s election, rewards, slashes and payouts, over WebSocket',
  family: 'node',
  routingKeys: ['chains.substrate.*.nodes_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 10_000, env: 'NODE_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, ...CHAIN_LIMITS },
  defaultBaseChain: 'substrate',
  componentName: (name) => `Node monitor (${name})`,
  settings: substrateNodeSettings,
  docs: substrateNodeDocs,
  example: {
    url: 'ws://127.0.0.1:9944',
    verifyTls: true,
    isValidator: false,
    stashAddress: '',
    isArchiveNode: false,
    dataSources: [],
  },
  config: substrateNodeEntry,
  isWatched: (raw) => !isSwitchOff(raw['monitor_node']),
  dataSources: { rankOf, settingsOf },
  rawFields: { url: 'node_ws_url', stashAddress: 'stash_address' },
  toConfig: substrateNodeConfig,
  keyFigure,
});

function keyFigure(facts: Facts): string {
  const { best_height: best, finalized_height: finalized, is_active: active } = facts;
  const parts: string[] = [];
  if (typeof best === 'number') parts.push(`best ${String(best)}`);
  if (typeof finalized === 'number') parts.push(`finalized ${String(finalized)}`);
  if (typeof active === 'number') parts.push(active === 1 ? 'active' : 'inactive');
  return parts.join(' ');
}
