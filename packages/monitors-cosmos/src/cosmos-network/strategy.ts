/** Kind `cosmos-network`: the governance proposals of a Cosmos chain, one monitor per chain. Loads no monitor. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineChainStrategy, type MonitorStrategy } from '@vedette/contract/strategy';
import { cosmosNetworkDocs } from './docs.js';
import {
  condenseNetwork,
  cosmosNetworkEntry,
  cosmosNetworkRaws,
  cosmosNetworkSettings,
  networkProblem,
  type CosmosNetworkEntry,
  type CosmosNetworkSettings,
} from './settings.js';

/** Kind `cosmos-network`. */
export const cosmosNetworkStrategy: MonitorStrategy = defineChainStrategy<
  CosmosNetworkSettings,
  CosmosNetworkEntry
>({
  kind: 'cosmos-network',
  title: 'Cosmos network: the governance proposals of a chain',
  family: 'network',
  routingKeys: ['chains.cosmos.*.nodes_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 60_000, env: 'NETWORK_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, youngMb: 1, oldMb: 48 },
  defaultBaseChain: 'cosmos',
  componentName: (chain) => `Cosmos Network Monitor (${chain})`,
  settings: cosmosNetworkSettings,
  docs: cosmosNetworkDocs,
  example: {
    dataSources: [
      { restUrl: 'http://127.0.0.1:1317', isValidator: false },
      { restUrl: 'http://127.0.0.1:11317', isValidator: true },
    ],
    verifyTls: true,
  },
  config: cosmosNetworkEntry,
  agreed: [['monitor_network', ({ isOn }) => String(isOn)]],
  problem: networkProblem,
  condense: condenseNetwork,
  rawFields: { restUrl: 'cosmos_rest_url' },
  toConfig: (monitorable, settings) =>
    cosmosNetworkRaws(monitorable, settings).map(([configId, raw]) => ({
      routingKey: `chains.${monitorable.baseChain}.${monitorable.chain}.nodes_config`.toLowerCase(),
      configId,
      raw,
    })),
  keyFigure,
});

function keyFigure(facts: Facts): string {
  const { proposals_voting: voting, proposals } = facts;
  if (typeof proposals !== 'number') return '';
  return `proposals ${String(proposals)}${typeof voting === 'number' && voting > 0 ? ` voting ${String(voting)}` : ''}`;
}
