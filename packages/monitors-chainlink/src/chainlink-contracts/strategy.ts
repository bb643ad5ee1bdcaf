/** Kind `chainlink-contracts`: the price feeds a chain's Chainlink nodes submit to. Never loads ethers. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { defineChainStrategy, type MonitorStrategy } from '@vedette/contract/strategy';
import { chainlinkContractsDocs } from './docs.js';
import {
  chainlinkContractsEntry,
  chainlinkContractsSettings,
  contractsRaw,
  type ChainlinkContractsSettings,
  type ContractsEntry,
} from './settings.js';

/** Kind `chainlink-contracts`. */
export const chainlinkContractsStrategy: MonitorStrategy = defineChainStrategy<
  ChainlinkContractsSettings,
  ContractsEntry
>({
  kind: 'chainlink-contracts',
  title: 'Chainlink price feeds: rounds, submissions and payments of the nodes of one chain',
  family: 'contract',
  routingKeys: ['chains.chainlink.*.nodes_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 10_000, env: 'CHAINLINK_CONTRACTS_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, youngMb: 1, oldMb: 40 },
  defaultBaseChain: 'chainlink',
  componentName: (chain) => `Chainlink Contracts Monitor (${chain})`,
  settings: chainlinkContractsSettings,
  example: {
    weiwatchersUrl: 'https://weiwatchers.com/flux-matic-mainnet-production.json',
    evmUrls: ['http://127.0.0.1:8545'],
    nodes: [
      {
        id: 'my-chainlink-node',
        name: 'my chainlink node',
        prometheusUrls: ['http://127.0.0.1:6688/metrics'],
        verifyTls: true,
      },
    ],
  },
  docs: chainlinkContractsDocs,
  config: chainlinkContractsEntry,
  agreed: [
    ['weiwatchers_url', ({ weiwatchersUrl }) => weiwatchersUrl],
    ['evm_nodes_urls', ({ evmUrls }) => evmUrls.join()],
  ],
  condense: (entries) => {
    const nodes = entries
      .filter(({ isPart }) => isPart)
      .map(({ id, name, prometheusUrls, verifyTls }) => ({ id, name, prometheusUrls, verifyTls }));
    const [{ weiwatchersUrl, evmUrls }] = entries;
    return nodes.length === 0 ? null : { weiwatchersUrl, evmUrls, nodes };
  },
  sources: ({ nodes }) => nodes.map(({ id, name }) => ({ type: 'nodes', id, name })),
  rawFields: {
    weiwatchersUrl: 'weiwatchers_url',
    evmUrls: 'evm_nodes_urls',
    prometheusUrls: 'node_prometheus_urls',
  },
  toConfig: ({ chain, parentId }, settings) =>
    contractsRaw(settings, parentId).map(([configId, raw]) => ({
      routingKey: `chains.chainlink.${chain}.nodes_config`.toLowerCase(),
      configId,
      raw,
    })),
  keyFigure,
});

function keyFigure({ feed_count: feeds, block_height: height }: Facts): string {
  if (typeof feeds !== 'number') return '';
  return `${String(feeds)} feeds${typeof height === 'number' ? ` at block ${String(height)}` : ''}`;
}
