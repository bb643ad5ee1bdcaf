/** Kind `chainlink-node`: a Chainlink node seen through its Prometheus page. Loads no monitor. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineStrategy, isSwitchOff, type MonitorStrategy } from '@vedette/contract/strategy';
import { chainlinkNodeDocs } from './docs.js';
import {
  chainlinkNodeEntry,
  chainlinkNodeSettings,
  chainlinkRaw,
  type ChainlinkNodeSettings,
} from './settings.js';

/** Kind `chainlink-node`. */
export const chainlinkNodeStrategy: MonitorStrategy = defineStrategy<ChainlinkNodeSettings>({
  kind: 'chainlink-node',
  title: 'Chainlink node: heads, transactions, gas, balance and job errors from its Prometheus page',
  family: 'node',
  routingKeys: ['chains.chainlink.*.nodes_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 10_000, env: 'NODE_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, youngMb: 1, oldMb: 24 },
  defaultBaseChain: 'chainlink',
  componentName: (name) => `Node monitor (${name})`,
  settings: chainlinkNodeSettings,
  example: {
    prometheusUrls: ['http://127.0.0.1:6688/metrics'],
    verifyTls: true,
    symbolLookup: true,
    symbolUrl: 'https://chainid.network/chains_mini.json',
  },
  docs: chainlinkNodeDocs,
  config: chainlinkNodeEntry,
  isWatched: (raw) => !isSwitchOff(raw['monitor_node']) && !isSwitchOff(raw['monitor_prometheus']),
  rawFields: { prometheusUrls: 'node_prometheus_urls', symbolUrl: 'symbol_url' },
  toConfig: (monitorable, settings) => [
    {
      routingKey: `chains.chainlink.${monitorable.chain}.nodes_config`.toLowerCase(),
      configId: monitorable.id,
      raw: chainlinkRaw(monitorable, settings),
    },
  ],
  keyFigure,
});

function keyFigure(facts: Facts): string {
  const { head_height: head, balance } = facts;
  const parts: string[] = [];
  if (typeof head === 'number') parts.push(`head ${String(Math.trunc(head))}`);
  if (typeof balance === 'number') parts.push(`balance ${balance.toFixed(2)}`);
  return parts.join(' ');
}
