import { isTopicMatch, type JsonObject, type ParsedConfig } from '@vedette/contract';
import type { Monitorable } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { chainlinkContractsStrategy as strategy } from '../src/index.js';

/** PANIC's common node shape, as its Mongo publisher sends it: panic-manager-contract 2.5. */
const NODE = {
  id: '64f0c0a1b2c3d4e5f6a70201',
  parent_id: '64f0c0a1b2c3d4e5f6a7cccc',
  name: 'bsc node A',
  node_ws_url: '',
  exporter_url: '',
  monitor_system: 'false',
  monitor_node: 'true',
  is_validator: 'false',
  is_archive_node: 'false',
  use_as_data_source: 'false',
  stash_address: '',
  governance_addresses: '',
  monitor_network: 'false',
  cosmos_rest_url: '',
  monitor_cosmos_rest: 'false',
  tendermint_rpc_url: '',
  monitor_tendermint_rpc: 'false',
  operator_address: '',
  monitor_prometheus: 'true',
  prometheus_url: '',
  node_prometheus_urls: 'http://10.3.0.2:6688/metrics,http://10.3.0.3:6688/metrics',
  evm_nodes_urls: 'http://10.3.0.9:8545,http://10.3.0.10:8545',
  weiwatchers_url: 'https://weiwatchers.example/bsc.json',
  monitor_contracts: 'true',
};
const OTHER = {
  ...NODE,
  id: '64f0c0a1b2c3d4e5f6a70202',
  name: 'bsc node B',
  monitor_node: 'false',
  node_prometheus_urls: 'http://10.3.0.4:6688/metrics',
};
const KEY = 'chains.chainlink.binance smart chain.nodes_config';

function parse(...nodes: readonly JsonObject[]): ParsedConfig {
  const body = Object.fromEntries(nodes.map((node) => [String(node['id']), node]));
  return strategy.parse({ family: 'contract', routingKey: KEY, body });
}

const native: Monitorable = {
  kind: 'chainlink-contracts',
  id: 'feeds',
  name: 'feeds',
  chain: 'Ethereum',
  baseChain: 'chainlink',
  parentId: 'chain_1',
  periodMs: null,
  limits: {},
  settings: {
    weiwatchersUrl: 'https://weiwatchers.example/eth.json',
    evmUrls: ['http://127.0.0.1:8545'],
    nodes: [
      {
        id: 'n1',
        name: 'CL 1',
        prometheusUrls: ['http://127.0.0.1:6688/m', 'http://127.0.0.1:6689/m'],
        verifyTls: true,
      },
      { id: 'n2', name: 'CL 2', prometheusUrls: ['http://127.0.0.2:6688/m'], verifyTls: false },
    ],
  },
};

describe('the chainlink-contracts strategy', () => {
  it('makes one monitor of all nodes of a chain, named by it, with every node and the chain to be listed', () => {
    const { specs, refusals, unwatched } = parse(NODE, OTHER);
    expect({ refusals, unwatched }).to.deep.equal({ refusals: [], unwatched: [] });
    expect(specs).to.have.lengthOf(1);
    expect(specs[0]).to.deep.include({
      id: 'chainlink-contracts:chainlink binance smart chain',
      name: 'binance smart chain',
      componentName: 'Chainlink Contracts Monitor (binance smart chain)',
      periodMs: 10_000,
      settings: {
        weiwatchersUrl: 'https://weiwatchers.example/bsc.json',
        evmUrls: ['http://10.3.0.9:8545', 'http://10.3.0.10:8545'],
        nodes: [
          {
            id: NODE.id,
            name: 'bsc node A',
            prometheusUrls: ['http://10.3.0.2:6688/metrics', 'http://10.3.0.3:6688/metrics'],
            verifyTls: false,
          },
          {
            id: OTHER.id,
            name: 'bsc node B',
            prometheusUrls: ['http://10.3.0.4:6688/metrics'],
            verifyTls: false,
          },
        ],
      },
    });
    expect(specs[0]?.origin).to.deep.include({
      family: 'contract',
      parentId: NODE.parent_id,
      sources: [
        { type: 'nodes', id: NODE.id, name: 'bsc node A' },
        { type: 'nodes', id: OTHER.id, name: 'bsc node B' },
        { type: 'chains', id: NODE.parent_id, name: 'chainlink binance smart chain' },
      ],
    });
    expect(specs[0]?.module).to.match(/^file:.*\/chainlink-contracts\/monitor\.cjs$/);
  });

  it('answers the nodes of Chainlink chains, and no other key', () => {
    const answers = (key: string): boolean =>
      strategy.routingKeys.some((pattern) => isTopicMatch(pattern, key));
    expect(answers(KEY)).to.equal(true);
    expect(answers('chains.cosmos.regen.nodes_config')).to.equal(false);
    expect(answers('chains.chainlink.bsc.evm_nodes_config')).to.equal(false);
  });

  const SWITCHES: readonly (readonly [
    contracts: string,
    prometheus: string,
    urls: string,
    isPart: boolean,
  ])[] = [
    ['true', 'true', 'http://h/m', true],
    ['Yes', 'TRUE', ' http://h/m , ', true],
    ['false', 'true', 'http://h/m', false],
    ['true', 'false', 'http://h/m', false],
    ['false', 'false', 'http://h/m', false],
    ['true', 'true', '', false],
    ['true', 'true', ' , ,', false],
    ['true', '1', 'http://h/m', false],
  ];
  for (const [monitor_contracts, monitor_prometheus, node_prometheus_urls, isPart] of SWITCHES) {
    const what = `contracts ${monitor_contracts}, Prometheus ${monitor_prometheus}, pages ${JSON.stringify(node_prometheus_urls)}`;
    it(`${isPart ? 'takes in' : 'leaves out'} a node with ${what}`, () => {
      const changed = { ...OTHER, monitor_contracts, monitor_prometheus, node_prometheus_urls };
      const nodes = parse(NODE, changed).specs[0]?.settings['nodes'] as { id: string }[];
      expect(nodes.map(({ id }) => id)).to.deep.equal(isPart ? [NODE.id, OTHER.id] : [NODE.id]);
      const alone = parse(changed);
      expect(alone.specs).to.have.lengthOf(isPart ? 1 : 0);
      expect(alone.unwatched).to.deep.equal(isPart ? [] : [OTHER.id]);
    });
  }

  it('makes none of an empty message', () => {
    expect(parse()).to.deep.equal({ specs: [], refusals: [], unwatched: [] });
  });

  for (const field of ['parent_id', 'weiwatchers_url', 'evm_nodes_urls']) {
    it(`refuses every node when ${field} differs, also of one that takes no part`, () => {
      const other = { ...OTHER, monitor_contracts: 'false', [field]: 'http://else' };
      const { specs, refusals } = parse(NODE, other);
      expect(specs).to.deep.equal([]);
      expect(refusals.map((one) => [one.configId, one.code, one.field])).to.deep.equal([
        [NODE.id, 'CONFIG_INVALID_FIELD', field],
        [OTHER.id, 'CONFIG_INVALID_FIELD', field],
      ]);
    });
  }

  it('starts with blank URLs of list and EVM nodes, as PANIC does, which tells operators by 5018 and 5019', () => {
    const { specs, refusals } = parse({ ...NODE, weiwatchers_url: '', evm_nodes_urls: ' , ' });
    expect(refusals).to.deep.equal([]);
    expect(specs[0]?.settings).to.deep.include({ weiwatchersUrl: '', evmUrls: [] });
  });

  it('does nothing for a field it does not use, nor for a switch written another way', () => {
    const [first] = parse(NODE, OTHER).specs;
    const [same] = parse(
      { ...NODE, monitor_node: 'false', stash_address: 'x', monitor_contracts: 'Yes', more: '1' },
      OTHER,
    ).specs;
    expect(same?.revision).to.equal(first?.revision);
    expect(parse(OTHER, NODE).specs[0]?.revision).not.to.equal(first?.revision);
  });

  const REFUSED: readonly (readonly [why: string, change: JsonObject, code: string, field: string])[] = [
    [
      'a page that is no http URL',
      { node_prometheus_urls: 'http://a/m,file:///etc/passwd' },
      'CONFIG_INVALID_URL',
      'node_prometheus_urls',
    ],
    [
      'credentials in a page',
      { node_prometheus_urls: 'http://me:hunter2@a/m' },
      'CONFIG_INVALID_URL',
      'node_prometheus_urls',
    ],
    [
      'pages that are no text',
      { node_prometheus_urls: ['http://a/m'] },
      'CONFIG_INVALID_FIELD',
      'node_prometheus_urls',
    ],
    [
      '101 pages',
      { node_prometheus_urls: Array(101).fill('http://a/m').join() },
      'CONFIG_INVALID_FIELD',
      'node_prometheus_urls',
    ],
    [
      'credentials in the list',
      { weiwatchers_url: 'https://me:hunter2@a/l' },
      'CONFIG_INVALID_URL',
      'weiwatchers_url',
    ],
    ['a list on a disk', { weiwatchers_url: 'file:///l' }, 'CONFIG_INVALID_URL', 'weiwatchers_url'],
    [
      'credentials in an EVM URL',
      { evm_nodes_urls: 'http://a,http://me:hunter2@b' },
      'CONFIG_INVALID_URL',
      'evm_nodes_urls',
    ],
    [
      'an EVM URL of another scheme',
      { evm_nodes_urls: 'ws://a:8546' },
      'CONFIG_INVALID_URL',
      'evm_nodes_urls',
    ],
    ['a switch that is no text', { monitor_contracts: true }, 'CONFIG_INVALID_FIELD', 'monitor_contracts'],
    ['a name with control characters', { name: 'a\u0000' }, 'CONFIG_INVALID_FIELD', 'name'],
    ...[
      'id',
      'parent_id',
      'name',
      'weiwatchers_url',
      'evm_nodes_urls',
      'node_prometheus_urls',
      'monitor_prometheus',
      'monitor_contracts',
    ].map((field) => [`no ${field}`, { [field]: null }, 'CONFIG_INVALID_FIELD', field] as const),
  ];
  for (const [why, change, code, field] of REFUSED) {
    it(`refuses a node with ${why}, and watches the other`, () => {
      const body = { bad: { ...NODE, ...change }, good: OTHER };
      const { specs, refusals } = strategy.parse({ family: 'contract', routingKey: KEY, body });
      const settings = specs[0]?.settings as { nodes: { id: string }[] } | undefined;
      expect(settings?.nodes.map(({ id }) => id)).to.deep.equal([OTHER.id]);
      expect(refusals[0]).to.include({ code, configId: 'bad', field });
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  it('tolerates nonsense in the pages of a node that takes no part', () => {
    const off = {
      ...OTHER,
      monitor_contracts: 'false',
      node_prometheus_urls: 'http://me:hunter2@a/m,ftp://x',
    };
    expect(parse(NODE, off).refusals).to.deep.equal([]);
  });

  it('takes entries of the INI dialect: few fields, switches as typed, line ends in lists', () => {
    const { id, parent_id, name, weiwatchers_url, evm_nodes_urls } = NODE;
    const few = { id, parent_id, name, weiwatchers_url, evm_nodes_urls };
    const entry = {
      ...few,
      node_prometheus_urls: 'http://a/m,\nhttp://b/m',
      monitor_prometheus: 'True',
      monitor_contracts: 'yes',
    };
    const { specs } = strategy.parse({ family: 'contract', routingKey: KEY, body: { node_1: entry } });
    expect(specs[0]?.settings['nodes']).to.deep.equal([
      { id, name, prometheusUrls: ['http://a/m', 'http://b/m'], verifyTls: false },
    ]);
  });

  it('reads back what it writes for PANIC: one entry per node, of 24 fields', () => {
    const entries = strategy.toConfig(native);
    expect(entries.map(({ routingKey, configId }) => [routingKey, configId])).to.deep.equal([
      ['chains.chainlink.ethereum.nodes_config', 'n1'],
      ['chains.chainlink.ethereum.nodes_config', 'n2'],
    ]);
    expect(Object.keys(entries[1]?.raw ?? {})).to.have.lengthOf(24);
    const body = Object.fromEntries(entries.map(({ configId, raw }) => [configId, { ...raw }]));
    const { specs } = strategy.parse({ family: 'contract', routingKey: entries[0]?.routingKey ?? '', body });
    expect(specs[0]?.settings).to.deep.equal(native.settings);
    expect(specs[0]?.origin.parentId).to.equal('chain_1');
  });

  const NATIVE_REFUSED: readonly (readonly [why: string, change: JsonObject, field: string])[] = [
    ['no EVM nodes', { evmUrls: [] }, 'evmUrls'],
    ['no nodes', { nodes: [] }, 'nodes'],
    [
      'a node without a page',
      { nodes: [{ id: 'a', name: 'a', prometheusUrls: [] }] },
      'nodes.0.prometheusUrls',
    ],
    ['a list that is no URL', { weiwatchersUrl: 'list.json' }, 'weiwatchersUrl'],
    [
      'credentials in a page',
      { nodes: [{ id: 'a', name: 'a', prometheusUrls: ['http://me:hunter2@h/'] }] },
      'nodes',
    ],
  ];
  for (const [why, change, field] of NATIVE_REFUSED) {
    it(`refuses native settings with ${why}`, () => {
      const { spec, refusals } = strategy.declare({ ...native, settings: { ...native.settings, ...change } });
      expect(spec).to.equal(null);
      expect(refusals[0]?.field).to.equal(field);
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  it('declares native settings, named by their chain', () => {
    const { spec } = strategy.declare(native);
    expect(spec).to.include({
      id: 'chainlink-contracts:feeds',
      componentName: 'Chainlink Contracts Monitor (Ethereum)',
    });
    expect(spec?.origin.sources?.map(({ id }) => id)).to.deep.equal(['n1', 'n2', 'chain_1']);
  });
});
