import type { ConfigMessage, JsonObject, ParsedConfig } from '@vedette/contract';
import type { Monitorable } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { substrateNetworkStrategy, substrateNodeStrategy } from '../src/index.js';

const KEY = 'chains.substrate.kusama.nodes_config';

/** A node as PANIC's Mongo publisher sends it: 24 text fields, in its order. */
function entry(id: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    parent_id: 'chain_1',
    name: `node ${id}`,
    node_ws_url: `ws://10.0.0.1:9944/${id}`,
    exporter_url: '',
    monitor_system: 'false',
    monitor_node: 'true',
    is_validator: 'false',
    is_archive_node: 'false',
    use_as_data_source: 'true',
    stash_address: '',
    governance_addresses: 'Haddr1,Haddr2',
    monitor_network: 'true',
    cosmos_rest_url: '',
    monitor_cosmos_rest: 'false',
    tendermint_rpc_url: '',
    monitor_tendermint_rpc: 'false',
    operator_address: '',
    monitor_prometheus: 'false',
    prometheus_url: '',
    node_prometheus_urls: '',
    evm_nodes_urls: '',
    weiwatchers_url: '',
    monitor_contracts: 'false',
    ...fields,
  };
}
function bodyOf(...entries: JsonObject[]): ConfigMessage['body'] {
  return Object.fromEntries(entries.map((one) => [String(one['id']), one]));
}
function source(id: string, more: object = {}): object {
  const url = `ws://10.0.0.1:9944/${id}`;
  return { name: `node ${id}`, url, isArchiveNode: false, isValidator: false, verifyTls: true, ...more };
}

describe('the substrate-node strategy', () => {
  const parse = (...entries: JsonObject[]): ParsedConfig =>
    substrateNodeStrategy.parse({ family: 'node', routingKey: KEY, body: bodyOf(...entries) });
  const native: Monitorable = {
    kind: 'substrate-node',
    id: 'v1',
    name: 'validator 1',
    chain: 'kusama',
    baseChain: 'substrate',
    parentId: 'chain_1',
    periodMs: null,
    limits: {},
    settings: { url: 'wss://10.0.0.1:9944' },
  };

  it('makes a spec of a Substrate node as the Mongo publisher sends it', () => {
    const { specs, refusals } = parse(
      entry('a', { is_validator: 'true', is_archive_node: 'TRUE', stash_address: 'Hstash' }),
    );
    expect(refusals).to.deep.equal([]);
    expect(specs[0]).to.deep.include({
      id: 'substrate-node:a',
      name: 'node a',
      componentName: 'Node monitor (node a)',
      periodMs: 10_000,
      settings: {
        url: 'ws://10.0.0.1:9944/a',
        verifyTls: true,
        isValidator: true,
        stashAddress: 'Hstash',
        isArchiveNode: true,
        dataSources: [],
      },
    });
    expect(specs[0]?.origin).to.deep.equal({
      family: 'node',
      configId: 'a',
      parentId: 'chain_1',
      baseChain: 'substrate',
      subChain: 'kusama',
    });
    expect(specs[0]?.limits).to.include({ youngMb: 2, oldMb: 96 });
  });

  it('takes the fields of the INI publisher, with an inner id of its own', () => {
    const ini = {
      id: 'node_1',
      parent_id: 'chain_1',
      name: 'kusama validator',
      node_ws_url: 'ws://10.2.0.5:9944',
      monitor_node: 'yes',
      is_validator: 'True',
      is_archive_node: 'no',
      use_as_data_source: 'YES',
      stash_address: 'Hexamplestash111',
    };
    const { specs } = substrateNodeStrategy.parse({ family: 'node', routingKey: KEY, body: { node_a: ini } });
    expect(specs[0]?.origin).to.include({ configId: 'node_a', wireId: 'node_1' });
    expect(specs[0]?.settings).to.include({ isValidator: true, stashAddress: 'Hexamplestash111' });
  });

  it('gives data sources in PANIC order: other non-validators, other validators; itself is asked last', () => {
    const { specs } = parse(
      entry('v1', { is_validator: 'true' }),
      entry('a'),
      entry('no', { use_as_data_source: 'false' }),
      entry('v2', { is_validator: 'true', is_archive_node: 'true' }),
      entry('off', { monitor_node: 'false' }),
      entry('mute', { node_ws_url: '' }),
    );
    const sourcesOf = (id: string): unknown =>
      specs.find(({ origin }) => origin.configId === id)?.settings['dataSources'];
    const v2 = source('v2', { isValidator: true, isArchiveNode: true });
    const v1 = source('v1', { isValidator: true });
    expect(sourcesOf('v1')).to.deep.equal([source('a'), source('off'), v2]);
    expect(sourcesOf('a')).to.deep.equal([source('off'), v1, v2]);
    expect(sourcesOf('no')).to.deep.equal([source('a'), source('off'), v1, v2]);
    expect(sourcesOf('off')).to.equal(undefined);
  });

  it('restarts a Substrate node when a sibling that serves it changes, and not for what it does not read', () => {
    const revision = (...siblings: JsonObject[]): unknown =>
      parse(entry('own'), ...siblings).specs[0]?.revision;
    const before = revision(entry('b'), entry('c'));
    for (const fields of [{ exporter_url: 'x' }, { monitor_node: 'no' }, { governance_addresses: 'z' }]) {
      expect(revision(entry('b', fields), entry('c')), JSON.stringify(fields)).to.equal(before);
    }
    for (const fields of [
      { name: 'renamed' },
      { node_ws_url: 'ws://other' },
      { is_archive_node: 'yes' },
      { is_validator: 'yes' },
      { use_as_data_source: 'no' },
    ]) {
      expect(revision(entry('b', fields), entry('c')), JSON.stringify(fields)).to.not.equal(before);
    }
    expect(revision(entry('c'), entry('b'))).to.not.equal(before);
    expect(revision(entry('b'))).to.not.equal(before);
  });

  it('leaves a Substrate node unwatched when its switch is off', () => {
    for (const monitor_node of ['false', 'no', '', '1', 'on']) {
      const { specs, refusals, unwatched } = parse(entry('a', { monitor_node }));
      expect([specs.length, refusals.length, unwatched]).to.deep.equal([0, 0, ['a']]);
    }
  });

  it('takes a URL without a scheme, as PANIC does', () => {
    expect(parse(entry('a', { node_ws_url: '10.0.0.1:9944' })).specs).to.have.lengthOf(1);
  });

  const REFUSED: readonly (readonly [why: string, change: JsonObject, code: string, field: string])[] = [
    ['no name', { name: undefined as never }, 'CONFIG_MISSING_FIELD', 'name'],
    ['no stash field', { stash_address: undefined as never }, 'CONFIG_MISSING_FIELD', 'stash_address'],
    ['a URL that is no text', { node_ws_url: 7 }, 'CONFIG_INVALID_FIELD', 'node_ws_url'],
    ['an http URL', { node_ws_url: 'http://a' }, 'CONFIG_INVALID_URL', 'node_ws_url'],
    ['credentials', { node_ws_url: 'ws://me:hunter2@h' }, 'CONFIG_INVALID_URL', 'node_ws_url'],
    ['a switch that is no text', { is_validator: true }, 'CONFIG_INVALID_FIELD', 'is_validator'],
  ];
  for (const [why, change, code, field] of REFUSED) {
    it(`refuses a Substrate node with ${why}, and only that one`, () => {
      const { specs, refusals } = parse(entry('bad', change), entry('good'));
      expect(specs.map(({ origin }) => origin.configId)).to.deep.equal(['good']);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code, configId: 'bad', field });
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  const NATIVE_REFUSED: readonly (readonly [
    why: string,
    settings: JsonObject,
    code: string,
    field: string,
  ])[] = [
    ['no URL', {}, 'CONFIG_MISSING_FIELD', 'url'],
    ['an http URL', { url: 'http://a' }, 'CONFIG_INVALID_URL', 'url'],
    ['a URL without a scheme', { url: '10.0.0.1:9944' }, 'CONFIG_INVALID_URL', 'url'],
    [
      'a validator without stash',
      { url: 'ws://a', isValidator: true },
      'CONFIG_MISSING_FIELD',
      'stashAddress',
    ],
    [
      'credentials in a source',
      { url: 'ws://a', dataSources: [{ url: 'ws://u:hunter2@b' }] },
      'CONFIG_INVALID_URL',
      'dataSources',
    ],
  ];
  for (const [why, settings, code, field] of NATIVE_REFUSED) {
    it(`refuses native settings of a Substrate node with ${why}`, () => {
      const { spec, refusals } = substrateNodeStrategy.declare({ ...native, settings });
      expect(spec).to.equal(null);
      expect(refusals[0]).to.include({ code, field });
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  const MEANINGS: readonly JsonObject[] = [
    {},
    { verifyTls: false, isArchiveNode: true },
    { isValidator: true, stashAddress: 'Hstash' },
    {
      dataSources: [
        { url: 'ws://a', name: 'A' },
        { url: 'wss://b', name: 'B', isArchiveNode: true, verifyTls: false },
        { url: 'ws://c', name: 'C', isValidator: true },
      ],
    },
  ];
  for (const change of MEANINGS) {
    it(`gives entries of PANIC that mean the same with ${JSON.stringify(change)}`, () => {
      const monitorable = { ...native, settings: { ...native.settings, ...change } };
      const entries = substrateNodeStrategy.toConfig(monitorable);
      for (const { routingKey, raw } of entries) {
        expect(routingKey).to.equal(KEY);
        expect(Object.keys(raw).slice(0, 24)).to.deep.equal(Object.keys(entry('x')));
      }
      const body = Object.fromEntries(entries.map(({ configId, raw }) => [configId, raw]));
      const { specs, refusals } = substrateNodeStrategy.parse({ family: 'node', routingKey: KEY, body });
      expect(refusals).to.deep.equal([]);
      expect(specs).to.have.lengthOf(1);
      expect(specs[0]?.settings).to.deep.equal(substrateNodeStrategy.declare(monitorable).spec?.settings);
    });
  }

  it('gives an example that it accepts, and its key figure', () => {
    const settings = substrateNodeStrategy.example;
    expect(substrateNodeStrategy.declare({ ...native, settings }).refusals).to.deep.equal([]);
    const facts = { best_height: 10, finalized_height: 8, is_active: 1 };
    expect(substrateNodeStrategy.keyFigure(facts)).to.equal('best 10 finalized 8 active');
    expect(substrateNodeStrategy.keyFigure({})).to.equal('');
  });
});

describe('the substrate-network strategy', () => {
  const parse = (...entries: JsonObject[]): ParsedConfig =>
    substrateNetworkStrategy.parse({ family: 'network', routingKey: KEY, body: bodyOf(...entries) });
  const native: Monitorable = {
    kind: 'substrate-network',
    id: 'kusama-governance',
    name: 'kusama',
    chain: 'kusama',
    baseChain: 'substrate',
    parentId: 'chain_1',
    periodMs: null,
    limits: {},
    settings: { dataSources: [{ url: 'ws://a', name: 'A' }], governanceAddresses: ['H1', 'H2'] },
  };

  it('makes one Substrate network monitor of a chain, non-validators first', () => {
    const { specs, refusals } = parse(
      entry('v', { is_validator: 'true' }),
      entry('no', { use_as_data_source: 'false' }),
      entry('a', { monitor_node: 'false' }),
    );
    expect(refusals).to.deep.equal([]);
    expect(specs).to.have.lengthOf(1);
    expect(specs[0]).to.deep.include({
      id: 'substrate-network:substrate kusama',
      componentName: 'Substrate Network Monitor (kusama)',
      periodMs: 60_000,
      settings: {
        dataSources: [source('a'), source('v', { isValidator: true })],
        governanceAddresses: ['Haddr1', 'Haddr2'],
      },
    });
    expect(specs[0]?.origin).to.include({ family: 'network', parentId: 'chain_1', subChain: 'kusama' });
  });

  for (const field of ['parent_id', 'monitor_network', 'governance_addresses']) {
    it(`refuses all nodes of a Substrate chain that disagree on ${field}`, () => {
      const { specs, refusals } = parse(entry('a'), entry('b', { [field]: 'another' }));
      expect(specs).to.deep.equal([]);
      expect(refusals.map(({ configId, field: named }) => [configId, named])).to.deep.equal([
        ['a', field],
        ['b', field],
      ]);
    });
  }

  it('refuses a Substrate chain of which no node offers itself as data source', () => {
    const { specs, refusals } = parse(
      entry('a', { use_as_data_source: 'no' }),
      entry('b', { node_ws_url: '' }),
    );
    expect(specs).to.deep.equal([]);
    expect(refusals.map(({ code, field }) => [code, field])).to.deep.equal([
      ['CONFIG_INVALID_FIELD', 'use_as_data_source'],
      ['CONFIG_INVALID_FIELD', 'use_as_data_source'],
    ]);
  });

  it('leaves a Substrate network unwatched when its switch is off, and without nodes', () => {
    const off = parse(entry('a', { monitor_network: 'false' }));
    expect([off.specs.length, off.refusals.length, off.unwatched]).to.deep.equal([0, 0, ['a']]);
    expect(parse().specs).to.deep.equal([]);
  });

  it('refuses native settings of a Substrate network without sources', () => {
    const { spec, refusals } = substrateNetworkStrategy.declare({ ...native, settings: { dataSources: [] } });
    expect(spec).to.equal(null);
    expect(refusals[0]).to.include({ code: 'CONFIG_INVALID_FIELD', field: 'dataSources' });
  });

  for (const change of [{}, { governanceAddresses: [] }]) {
    it(`gives nodes of PANIC that mean the same network with ${JSON.stringify(change)}`, () => {
      const monitorable = { ...native, settings: { ...native.settings, ...change } };
      const entries = substrateNetworkStrategy.toConfig(monitorable);
      const body = Object.fromEntries(entries.map(({ configId, raw }) => [configId, raw]));
      const { specs } = substrateNetworkStrategy.parse({ family: 'network', routingKey: KEY, body });
      expect(specs[0]?.settings).to.deep.equal(substrateNetworkStrategy.declare(monitorable).spec?.settings);
    });
  }

  it('gives an example that it accepts, and its key figure', () => {
    const settings = substrateNetworkStrategy.example;
    expect(substrateNetworkStrategy.declare({ ...native, settings }).refusals).to.deep.equal([]);
    const facts = { active_referendums: 3, active_proposals: 1, is_grandpa_stalled: 1 };
    expect(substrateNetworkStrategy.keyFigure(facts)).to.equal('finality stalled referenda 3 proposals 1');
    expect(substrateNetworkStrategy.keyFigure({})).to.equal('');
  });
});
