/** Kind `cosmos-node`: a node of a Cosmos chain seen through Prometheus, REST and RPC. Loads no monitor. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineStrategy, type MonitorStrategy } from '@vedette/contract/strategy';
import { cosmosNodeDocs } from './docs.js';
import {
  cosmosNodeEntry,
  cosmosNodeRaws,
  cosmosNodeSettings,
  isNodeWatched,
  rankOf,
  settingsOf,
  type CosmosNodeEntry,
  type CosmosNodeSettings,
} from './settings.js';

/** Kind `cosmos-node`. */
export const cosmosNodeStrategy: MonitorStrategy = defineStrategy<CosmosNodeSettings, CosmosNodeEntry>({
  kind: 'cosmos-node',
  title: 'Cosmos node: height, syncing, bond status, and the signatures and slashes of a validator',
  family: 'node',
  routingKeys: ['chains.cosmos.*.nodes_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 10_000, env: 'NODE_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, youngMb: 1, oldMb: 32 },
  defaultBaseChain: 'cosmos',
  componentName: (name) => `Node monitor (${name})`,
  settings: cosmosNodeSettings,
  docs: cosmosNodeDocs,
  example: {
    prometheusUrl: 'http://127.0.0.1:26660/metrics',
    restUrl: 'http://127.0.0.1:1317',
    rpcUrl: 'http://127.0.0.1:26657',
    isValidator: true,
    operatorAddress: 'cosmosvaloper1sjllsnramtg3ewxqwwrwjxfgc4n4ef9u2lcnj0',
    isArchive: false,
    dataSources: [
      {
        restUrl: 'http://127.0.0.1:11317',
        rpcUrl: 'http://127.0.0.1:36657',
        isValidator: false,
        isArchive: true,
      },
    ],
    verifyTls: true,
  },
  config: cosmosNodeEntry,
  isWatched: isNodeWatched,
  dataSources: { rankOf, settingsOf },
  rawFields: { prometheusUrl: 'prometheus_url', restUrl: 'cosmos_rest_url', rpcUrl: 'tendermint_rpc_url' },
  toConfig: (monitorable, settings) =>
    cosmosNodeRaws(monitorable, settings).map(([configId, raw]) => ({
      routingKey: `chains.${monitorable.baseChain}.${monitorable.chain}.nodes_config`.toLowerCase(),
      configId,
      raw,
    })),
  keyFigure,
});

function keyFigure(facts: Facts): string {
  const { height, is_syncing: syncing, validator_power: power } = facts;
  const parts: string[] = [];
  if (typeof height === 'number') parts.push(`height ${String(Math.trunc(height))}`);
  if (syncing === 1) parts.push('syncing');
  if (typeof power === 'number' && power > 0) parts.push(`power ${String(power)}`);
  return parts.join(' ');
}
