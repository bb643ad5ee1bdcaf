/** Kind `substrate-network`: governance and finality of a Substrate chain. Never loads @polkadot. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineChainStrategy, type MonitorStrategy } from '@vedette/contract/strategy';
import { substrateNetworkDocs } from './docs.js';
import { CHAIN_LIMITS } from '../limits.js';
import {
  condenseNetwork,
  networkProblem,
  substrateNetworkConfig,
  substrateNetworkEntry,
  substrateNetworkSettings,
  type SubstrateNetworkEntry,
  type SubstrateNetworkSettings,
} from './settings.js';

/** Kind `substrate-network`. */
export const substrateNetworkStrategy: MonitorStrategy = defineChainStrategy<
  SubstrateNetworkSettings,
  SubstrateNetworkEntry
>({
  kind: 'substrate-network',
  title: 'Substrate network: stalled finality, public proposals and referenda, over WebSocket',
  family: 'network',
  routingKeys: ['chains.substrate.*.nodes_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 60_000, env: 'NETWORK_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, ...CHAIN_LIMITS },
  defaultBaseChain: 'substrate',
  componentName: (chain) => `Substrate Network Monitor (${chain})`,
  settings: substrateNetworkSettings,
  docs: substrateNetworkDocs,
  example: {
    dataSources: [
      {
        name: 'local node',
        url: 'ws://127.0.0.1:9944',
        isArchiveNode: false,
        isValidator: false,
        verifyTls: true,
      },
    ],
    governanceAddresses: [],
  },
  config: substrateNetworkEntry,
  agreed: [
    ['monitor_network', ({ isWatched }) => String(isWatched)],
    ['governance_addresses', ({ governanceAddresses }) => governanceAddresses],
  ],
  condense: condenseNetwork,
  problem: networkProblem,
  rawFields: { offered: 'node_ws_url' },
  toConfig: substrateNetworkConfig,
  keyFigure,
});

function keyFigure(facts: Facts): string {
  const { active_referendums: referenda, active_proposals: proposals, is_grandpa_stalled: stalled } = facts;
  const parts: string[] = [];
  if (stalled === 1) parts.push('finality stalled');
  if (typeof referenda === 'number') parts.push(`referenda ${String(referenda)}`);
  if (typeof proposals === 'number') parts.push(`proposals ${String(proposals)}`);
  return parts.join(' ');
}
