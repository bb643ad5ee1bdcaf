import { type JsonObject, type ParsedConfig } from '@vedette/contract';
import { panicNode, type Monitorable } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { cosmosNetworkStrategy } from '../src/index.js';

const KEY = 'chains.cosmos.regen.nodes_config';

function node(id: string, fields: Record<string, string> = {}): Record<string, string> {
  return panicNode(
    { id, parentId: 'chain_1', name: `node ${id}` },
    { monitor_network: 'true', use_as_data_source: 'true', cosmos_rest_url: `http://${id}:1317`, ...fields },
  );
}
const parse = (...nodes: JsonObject[]): ParsedConfig =>
  cosmosNetworkStrategy.parse({
    family: 'network',
    routingKey: KEY,
    body: Object.fromEntries(nodes.map((one) => [String(one['id']), one])),
  });
const refusedOf = ({ refusals }: ParsedConfig): unknown =>
  refusals.map(({ configId, code, field }) => [configId, code, field]);

const native: Monitorable = {
  kind: 'cosmos-network',
  id: 'hub',
  name: 'hub',
  chain: 'cosmoshub',
  baseChain: 'cosmos',
  parentId: 'chain_1',
  periodMs: null,
  limits: {},
  settings: { dataSources: [{ restUrl: 'http://127.0.0.1:1317' }] },
};

describe('the cosmos-network strategy', () => {
  it('makes one monitor of all nodes: non-validators, then validators, each as the message has them', () => {
    const { specs, refusals } = parse(
      node('v', { is_validator: 'true', monitor_node: 'false' }),
      node('a'),
      node('closed', { use_as_data_source: 'false' }),
      node('b'),
      node('blank', { cosmos_rest_url: '' }),
    );
    expect(refusals).to.deep.equal([]);
    expect(specs).to.have.lengthOf(1);
    expect(specs[0]).to.deep.include({
      id: 'cosmos-network:cosmos regen',
      name: 'regen',
      componentName: 'Cosmos Network Monitor (regen)',
      periodMs: 60_000,
      settings: {
        dataSources: [
          { restUrl: 'http://a:1317', isValidator: false },
          { restUrl: 'http://b:1317', isValidator: false },
          { restUrl: 'http://v:1317', isValidator: true },
        ],
        verifyTls: false,
      },
    });
    expect(specs[0]?.origin).to.include({ configId: 'cosmos regen', parentId: 'chain_1', subChain: 'regen' });
    expect(specs[0]?.module).to.match(/^file:.*\/cosmos-network\/monitor\.cjs$/);
  });

  it('makes none when the network is not watched, whatever the nodes offer', () => {
    const off = { monitor_network: 'false', use_as_data_source: 'false' };
    expect(parse(node('a', off))).to.deep.equal({ specs: [], refusals: [], unwatched: ['a'] });
    expect(parse()).to.deep.equal({ specs: [], refusals: [], unwatched: [] });
  });

  it('refuses all nodes when they disagree, so that what runs goes on', () => {
    const code = 'CONFIG_INVALID_FIELD';
    expect(refusedOf(parse(node('a'), node('b', { parent_id: 'other' })))).to.deep.equal([
      ['a', code, 'parent_id'],
      ['b', code, 'parent_id'],
    ]);
    expect(refusedOf(parse(node('a'), node('b', { monitor_network: 'no' })))).to.deep.equal([
      ['a', code, 'monitor_network'],
      ['b', code, 'monitor_network'],
    ]);
    // The same in another spelling is no disagreement.
    expect(parse(node('a'), node('b', { monitor_network: 'Yes' })).specs).to.have.lengthOf(1);
  });

  it('refuses all nodes when none may be used as a data source, where PANIC never gets ready', () => {
    const closed = { use_as_data_source: 'false' };
    const config = parse(node('a', closed), node('b', closed));
    expect(config.specs).to.deep.equal([]);
    expect(refusedOf(config)).to.deep.equal([
      ['a', 'CONFIG_INVALID_FIELD', 'use_as_data_source'],
      ['b', 'CONFIG_INVALID_FIELD', 'use_as_data_source'],
    ]);
  });

  it('starts with sources that have no URL, as PANIC does: it publishes 5019', () => {
    expect(parse(node('a', { cosmos_rest_url: '' })).specs[0]?.settings['dataSources']).to.deep.equal([]);
  });

  it('makes the same revision of nodes that differ in what it does not use', () => {
    const revision = (fields: Record<string, string>): unknown =>
      parse(node('a', fields), node('b')).specs[0]?.revision;
    const unused = {
      name: 'x',
      monitor_node: 'true',
      tendermint_rpc_url: 'http://x',
      is_archive_node: 'true',
    };
    expect(revision(unused)).to.equal(revision({}));
    expect(revision({ cosmos_rest_url: 'http://x' })).not.to.equal(revision({}));
    expect(revision({ is_validator: 'true' })).not.to.equal(revision({}));
  });

  for (const field of [
    'id',
    'parent_id',
    'name',
    'monitor_network',
    'use_as_data_source',
    'is_validator',
    'cosmos_rest_url',
  ]) {
    it(`refuses a node without ${field}, and watches the chain with the others`, () => {
      const bad = Object.fromEntries(Object.entries(node('bad')).filter(([name]) => name !== field));
      const config = cosmosNetworkStrategy.parse({
        family: 'network',
        routingKey: KEY,
        body: { bad, good: node('good') },
      });
      expect(refusedOf(config)).to.deep.equal([['bad', 'CONFIG_MISSING_FIELD', field]]);
      expect(config.specs).to.have.lengthOf(1);
    });
  }

  for (const url of ['ftp://h/', 'http://me:hunter2@h/']) {
    it(`refuses a data source at ${url.replace('hunter2', '…')}`, () => {
      const config = parse(node('a', { cosmos_rest_url: url }), node('b'));
      expect(refusedOf(config)).to.deep.equal([['a', 'CONFIG_INVALID_URL', 'cosmos_rest_url']]);
      expect(JSON.stringify(config)).not.to.include('hunter2');
    });
  }

  for (const [what, settings, code, field] of [
    ['no data sources', {}, 'CONFIG_MISSING_FIELD', 'dataSources'],
    ['an empty list', { dataSources: [] }, 'CONFIG_INVALID_FIELD', 'dataSources'],
    ['a source without URL', { dataSources: [{}] }, 'CONFIG_MISSING_FIELD', 'dataSources.0.restUrl'],
    [
      'a URL without scheme',
      { dataSources: [{ restUrl: 'h:1317' }] },
      'CONFIG_INVALID_URL',
      'dataSources.0.restUrl',
    ],
    [
      'credentials',
      { dataSources: [{ restUrl: 'http://a:hunter2@h' }] },
      'CONFIG_INVALID_URL',
      'dataSources',
    ],
  ] as const) {
    it(`refuses native settings with ${what}`, () => {
      const declared = cosmosNetworkStrategy.declare({
        ...native,
        settings: settings as unknown as JsonObject,
      });
      expect(declared.spec).to.equal(null);
      expect(declared.refusals[0]).to.include({ code, field });
      expect(JSON.stringify(declared)).not.to.include('hunter2');
    });
  }

  for (const settings of [
    native.settings,
    { ...native.settings, verifyTls: false },
    { dataSources: [{ restUrl: 'http://v', isValidator: true }, { restUrl: 'http://a' }] },
  ] as JsonObject[]) {
    it(`gives PANIC's 24 fields per source, which mean the same as ${JSON.stringify(settings)}`, () => {
      const monitorable = { ...native, settings };
      const entries = cosmosNetworkStrategy.toConfig(monitorable);
      for (const { routingKey, raw } of entries) {
        expect(routingKey).to.equal('chains.cosmos.cosmoshub.nodes_config');
        expect(Object.keys(raw).slice(0, 24)).to.deep.equal(Object.keys(node('x')));
      }
      const body = Object.fromEntries(entries.map(({ configId, raw }) => [configId, raw]));
      const { specs } = cosmosNetworkStrategy.parse({
        family: 'network',
        routingKey: entries[0]!.routingKey,
        body,
      });
      const declared = cosmosNetworkStrategy.declare(monitorable).spec;
      expect(specs[0]?.settings).to.deep.equal(declared?.settings);
      expect(specs[0]?.componentName).to.equal(declared?.componentName);
    });
  }

  it('describes its settings and gives an example that it accepts', () => {
    expect(cosmosNetworkStrategy.settingsSchema['required']).to.deep.equal(['dataSources']);
    const { spec } = cosmosNetworkStrategy.declare({ ...native, settings: cosmosNetworkStrategy.example });
    expect(spec?.settings).to.deep.equal(cosmosNetworkStrategy.example);
  });

  it('shows its key figure in a table cell', () => {
    expect(cosmosNetworkStrategy.keyFigure({ proposals: 82, proposals_voting: 1 })).to.equal(
      'proposals 82 voting 1',
    );
    expect(cosmosNetworkStrategy.keyFigure({ proposals: 82, proposals_voting: 0 })).to.equal('proposals 82');
    expect(cosmosNetworkStrategy.keyFigure({})).to.equal('');
  });
});
