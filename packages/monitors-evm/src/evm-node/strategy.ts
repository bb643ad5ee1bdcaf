/** Kind `evm-node`: a node of an Ethereum-like chain seen through JSON-RPC. Never loads ethers. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineStrategy, isSwitchOff, type MonitorStrategy } from '@vedette/contract/strategy';
import { evmNodeDocs } from './docs.js';
import { evmNodeEntry, evmNodeSettings, type EvmNodeSettings } from './settings.js';

/** Kind `evm-node`. */
export const evmNodeStrategy: MonitorStrategy = defineStrategy<EvmNodeSettings>({
  kind: 'evm-node',
  title: 'EVM node: block height and sync state over JSON-RPC',
  family: 'node',
  routingKeys: ['chains.*.*.evm_nodes_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 10_000, env: 'NODE_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, youngMb: 1, oldMb: 32 },
  defaultBaseChain: 'chainlink',
  componentName: (name) => `Node monitor (${name})`,
  settings: evmNodeSettings,
  example: { url: 'http://127.0.0.1:8545', verifyTls: true },
  docs: evmNodeDocs,
  config: evmNodeEntry,
  isWatched: (raw) => !isSwitchOff(raw['monitor_node']),
  rawFields: { url: 'node_http_url' },
  toConfig: ({ id, name, parentId, baseChain, chain }, settings) => [
    {
      routingKey: `chains.${baseChain}.${chain}.evm_nodes_config`.toLowerCase(),
      configId: id,
      raw: {
        id,
        parent_id: parentId,
        name,
        node_http_url: settings.url,
        monitor_node: 'true',
        ...(settings.verifyTls ? {} : { verify_tls: 'false' }),
      },
    },
  ],
  keyFigure,
});

function keyFigure(facts: Facts): string {
  const { block_height: height, is_syncing: syncing } = facts;
  if (typeof height !== 'number') return '';
  return `height ${String(height)}${syncing === 1 ? ' syncing' : ''}`;
}
