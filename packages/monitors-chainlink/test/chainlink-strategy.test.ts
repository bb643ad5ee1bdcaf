import { isTopicMatch, type ConfigMessage, type JsonObject } from '@vedette/contract';
import type { Monitorable } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { chainlinkNodeStrategy } from '../src/index.js';

/** PANIC's common node shape, as its Mongo publisher sends it. */
const ENTRY = {
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
/** What the INI publisher sent: the fields of a Chainlink node only. */
const INI = {
  id: 'node_5f1e',
  parent_id: 'chain_name_77',
  name: 'bsc node A',
  node_prometheus_urls: 'http://10.3.0.2:6688/metrics',
  monitor_node: 'True',
  monitor_prometheus: 'yes',
  monitor_contracts: 'No',
  evm_nodes_urls: '',
  weiwatchers_url: '',
};
const SYMBOL_URL = 'https://chainid.network/chains_mini.json';

function message(body: JsonObject): ConfigMessage {
  return { family: 'node', routingKey: 'chains.chainlink.bsc.nodes_config', body };
}

const native: Monitorable = {
  kind: 'chainlink-node',
  id: 'cl-1',
  name: 'CL 1',
  chain: 'Ethereum',
  baseChain: 'chainlink',
  parentId: 'chain_1',
  periodMs: null,
  limits: {},
  settings: { prometheusUrls: ['http://127.0.0.1:6688/metrics', 'http://127.0.0.1:6689/metrics'] },
};

describe('the chainlink-node strategy', () => {
  it('makes a spec of an entry as the Mongo publisher sends it', () => {
    const { specs, refusals } = chainlinkNodeStrategy.parse(message({ [ENTRY.id]: ENTRY }));
    expect(refusals).to.deep.equal([]);
    expect(specs[0]).to.deep.include({
      id: 'chainlink-node:64f0c0a1b2c3d4e5f6a70201',
      componentName: 'Node monitor (bsc node A)',
      periodMs: 10_000,
      settings: {
        prometheusUrls: ['http://10.3.0.2:6688/metrics', 'http://10.3.0.3:6688/metrics'],
        verifyTls: false,
        symbolLookup: true,
        symbolUrl: SYMBOL_URL,
      },
    });
    expect(specs[0]?.module).to.match(/^file:.*\/chainlink-node\/monitor\.cjs$/);
  });

  it('takes an entry of the INI dialect: few fields, switches as typed, an inner id of its own', () => {
    const { specs } = chainlinkNodeStrategy.parse(message({ node_1: INI }));
    expect(specs[0]?.origin).to.include({ configId: 'node_1', wireId: 'node_5f1e' });
  });

  it('answers Chainlink nodes only, in any case of letters', () => {
    const answers = (key: string): boolean =>
      chainlinkNodeStrategy.routingKeys.some((pattern) => isTopicMatch(pattern, key));
    expect(answers('chains.chainlink.bsc.nodes_config')).to.equal(true);
    expect(answers('chains.Chainlink.BSC.nodes_config')).to.equal(true);
    expect(answers('chains.cosmos.regen.nodes_config')).to.equal(false);
    expect(answers('chains.chainlink.bsc.evm_nodes_config')).to.equal(false);
  });

  const LISTS: readonly (readonly [text: string, urls: string[]])[] = [
    ['http://a:1/m', ['http://a:1/m']],
    ['http://a:1/m,', ['http://a:1/m']],
    [',,http://a:1/m,,http://b:1/m,', ['http://a:1/m', 'http://b:1/m']],
    [' http://a:1/m , http://b:1/m ', ['http://a:1/m', 'http://b:1/m']],
    ['10.0.0.1:6688/metrics', ['10.0.0.1:6688/metrics']],
  ];
  for (const [text, urls] of LISTS) {
    it(`reads the list ${JSON.stringify(text)}`, () => {
      const { specs } = chainlinkNodeStrategy.parse(message({ n: { ...ENTRY, node_prometheus_urls: text } }));
      expect(specs[0]?.settings['prometheusUrls']).to.deep.equal(urls);
    });
  }

  for (const field of ['monitor_node', 'monitor_prometheus']) {
    it(`leaves a node unwatched when ${field} is off, whatever else it holds`, () => {
      const entry = { ...ENTRY, [field]: 'false', node_prometheus_urls: 'file:///etc/passwd' };
      const parsed = chainlinkNodeStrategy.parse(message({ n: entry }));
      expect(parsed).to.deep.equal({ specs: [], refusals: [], unwatched: ['n'] });
    });
  }

  for (const field of [
    'id',
    'parent_id',
    'name',
    'node_prometheus_urls',
    'monitor_node',
    'monitor_prometheus',
  ]) {
    it(`refuses an entry without ${field}`, () => {
      const entry = Object.fromEntries(Object.entries(ENTRY).filter(([name]) => name !== field));
      const { specs, refusals } = chainlinkNodeStrategy.parse(message({ n: entry, good: ENTRY }));
      expect(specs).to.have.lengthOf(1);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code: 'CONFIG_MISSING_FIELD', configId: 'n', field });
    });
  }

  const URLS = 'node_prometheus_urls';
  const REFUSED: readonly (readonly [why: string, change: JsonObject, code: string, field: string])[] = [
    ['an empty list', { [URLS]: '' }, 'CONFIG_INVALID_FIELD', URLS],
    ['a list of blanks', { [URLS]: ' , ,' }, 'CONFIG_INVALID_FIELD', URLS],
    ['a JSON list', { [URLS]: ['http://a:1/m'] }, 'CONFIG_INVALID_FIELD', URLS],
    ['a file: URL in the list', { [URLS]: 'http://a:1/m,file:///etc/passwd' }, 'CONFIG_INVALID_URL', URLS],
    ['credentials in the list', { [URLS]: 'http://a:1/m,http://x:hunter2@b/m' }, 'CONFIG_INVALID_URL', URLS],
    ['101 URLs', { [URLS]: Array(101).fill('http://a:1/m').join() }, 'CONFIG_INVALID_FIELD', URLS],
    ['a URL of 5,000 characters', { [URLS]: `http://a/${'m'.repeat(5_000)}` }, 'CONFIG_INVALID_URL', URLS],
    ['a list of 50,000 characters', { [URLS]: 'a,'.repeat(25_000) }, 'CONFIG_INVALID_FIELD', URLS],
    ['a switch that is no text', { monitor_prometheus: true }, 'CONFIG_INVALID_FIELD', 'monitor_prometheus'],
    ['a name with control characters', { name: 'a\u0000b' }, 'CONFIG_INVALID_FIELD', 'name'],
    ['a symbol list that is no URL', { symbol_url: 'file:///x' }, 'CONFIG_INVALID_URL', 'symbol_url'],
  ];
  for (const [why, change, code, field] of REFUSED) {
    it(`refuses ${why}, and only that entry`, () => {
      const { specs, refusals } = chainlinkNodeStrategy.parse(
        message({ bad: { ...ENTRY, ...change }, good: ENTRY }),
      );
      expect(specs.map((spec) => spec.origin.configId)).to.deep.equal(['good']);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code, configId: 'bad', field });
      expect(refusals[0]?.reason).to.have.length.lessThan(300).and.not.include('hunter2');
    });
  }

  it('declares native settings and fills in what is left out', () => {
    const { spec, refusals } = chainlinkNodeStrategy.declare(native);
    expect(refusals).to.deep.equal([]);
    expect(spec?.settings).to.deep.equal({
      ...native.settings,
      verifyTls: true,
      symbolLookup: true,
      symbolUrl: SYMBOL_URL,
    });
  });

  const NATIVE_REFUSED: readonly (readonly [
    why: string,
    settings: JsonObject,
    code: string,
    field: string,
  ])[] = [
    ['no URLs', {}, 'CONFIG_MISSING_FIELD', 'prometheusUrls'],
    ['an empty list', { prometheusUrls: [] }, 'CONFIG_INVALID_FIELD', 'prometheusUrls'],
    ['a text', { prometheusUrls: 'http://a' }, 'CONFIG_INVALID_FIELD', 'prometheusUrls'],
    [
      'a URL without a scheme',
      { prometheusUrls: ['http://a', 'b:1'] },
      'CONFIG_INVALID_URL',
      'prometheusUrls.1',
    ],
    ['credentials', { prometheusUrls: ['http://a:hunter2@h/'] }, 'CONFIG_INVALID_URL', 'prometheusUrls'],
  ];
  for (const [why, settings, code, field] of NATIVE_REFUSED) {
    it(`refuses native settings with ${why}`, () => {
      const { spec, refusals } = chainlinkNodeStrategy.declare({ ...native, settings });
      expect(spec).to.equal(null);
      expect(refusals[0]).to.include({ code, field });
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  const MEANINGS: readonly JsonObject[] = [
    {},
    { verifyTls: false },
    { symbolLookup: false },
    { symbolUrl: 'http://127.0.0.1:8080/chains.json' },
  ];
  for (const change of MEANINGS) {
    it(`gives PANIC's 24 fields, which mean the same with ${JSON.stringify(change)}`, () => {
      const monitorable = { ...native, settings: { ...native.settings, ...change } };
      const entry = chainlinkNodeStrategy.toConfig(monitorable)[0]!;
      expect(entry.routingKey).to.equal('chains.chainlink.ethereum.nodes_config');
      expect(Object.keys(entry.raw).slice(0, 24)).to.deep.equal(Object.keys(ENTRY));
      const { specs } = chainlinkNodeStrategy.parse(message({ [entry.configId]: entry.raw }));
      expect(specs[0]?.settings).to.deep.equal(chainlinkNodeStrategy.declare(monitorable).spec?.settings);
    });
  }

  it('describes its settings and gives an example that it accepts', () => {
    expect(chainlinkNodeStrategy.settingsSchema['required']).to.deep.equal(['prometheusUrls']);
    const settings = chainlinkNodeStrategy.example;
    expect(chainlinkNodeStrategy.declare({ ...native, settings }).refusals).to.deep.equal([]);
  });

  it('shows its key figure in a table cell', () => {
    const facts = { head_height: 18_500_000, balance: 26 };
    expect(chainlinkNodeStrategy.keyFigure(facts)).to.equal('head 18500000 balance 26.00');
    expect(chainlinkNodeStrategy.keyFigure({ head_height: 1, balance: null })).to.equal('head 1');
    expect(chainlinkNodeStrategy.keyFigure({})).to.equal('');
  });
});
