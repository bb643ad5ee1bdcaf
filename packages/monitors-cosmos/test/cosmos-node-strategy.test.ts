import { isTopicMatch, type ConfigMessage, type JsonObject, type ParsedConfig } from '@vedette/contract';
import { panicNode, type Monitorable } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { cosmosNodeStrategy } from '../src/index.js';

const KEY = 'chains.cosmos.regen.nodes_config';

/** A node of 24 fields as PANIC's Mongo publisher sends it. */
function node(id: string, fields: Record<string, string> = {}): Record<string, string> {
  return panicNode(
    { id, parentId: 'chain_1', name: `node ${id}` },
    {
      monitor_node: 'true',
      monitor_prometheus: 'true',
      prometheus_url: `http://${id}:26660/metrics`,
      monitor_cosmos_rest: 'true',
      cosmos_rest_url: `http://${id}:1317`,
      monitor_tendermint_rpc: 'true',
      tendermint_rpc_url: `http://${id}:26657`,
      use_as_data_source: 'true',
      ...fields,
    },
  );
}
/** What the INI publisher sent: the fields of a Cosmos node only, switches as typed. */
function iniNode(id: string): Record<string, string> {
  const ofOthers = /^(node_ws_url|stash_address|governance|node_prom|evm_|wei|monitor_contracts)/;
  const fields = Object.entries(node(id, { monitor_node: 'yes', is_validator: 'True' }));
  return Object.fromEntries(fields.filter(([name]) => !ofOthers.test(name)));
}

function message(...nodes: JsonObject[]): ConfigMessage {
  return {
    family: 'node',
    routingKey: KEY,
    body: Object.fromEntries(nodes.map((one) => [String(one['id']), one])),
  };
}
const parse = (...nodes: JsonObject[]): ParsedConfig => cosmosNodeStrategy.parse(message(...nodes));
const sourcesOf = (config: ParsedConfig, id: string): unknown => {
  const spec = config.specs.find(({ origin }) => origin.configId === id);
  return (spec?.settings['dataSources'] as { restUrl: string }[] | undefined)?.map(({ restUrl }) => restUrl);
};

const native: Monitorable = {
  kind: 'cosmos-node',
  id: 'atom-val-1',
  name: 'atom-val-1',
  chain: 'Cosmoshub',
  baseChain: 'cosmos',
  parentId: 'chain_1',
  periodMs: null,
  limits: {},
  settings: { restUrl: 'http://127.0.0.1:1317', rpcUrl: 'http://127.0.0.1:26657' },
};

describe('the cosmos-node strategy', () => {
  it('makes a spec of an entry as the Mongo publisher sends it', () => {
    const { specs, refusals } = parse(
      node('a', { is_validator: 'true', operator_address: 'regenvaloper1x' }),
    );
    expect(refusals).to.deep.equal([]);
    expect(specs[0]).to.deep.include({
      id: 'cosmos-node:a',
      componentName: 'Node monitor (node a)',
      periodMs: 10_000,
      settings: {
        prometheusUrl: 'http://a:26660/metrics',
        restUrl: 'http://a:1317',
        rpcUrl: 'http://a:26657',
        isValidator: true,
        operatorAddress: 'regenvaloper1x',
        isArchive: false,
        dataSources: [],
        verifyTls: false,
      },
    });
    expect(specs[0]?.module).to.match(/^file:.*\/cosmos-node\/monitor\.cjs$/);
  });

  it('takes an entry of the INI dialect: 17 fields, switches as typed, an inner id of its own', () => {
    const raw = iniNode('node_5f1e');
    expect(Object.keys(raw)).to.have.lengthOf(17);
    const { specs } = cosmosNodeStrategy.parse({ family: 'node', routingKey: KEY, body: { node_1: raw } });
    expect(specs[0]?.origin).to.include({ configId: 'node_1', wireId: 'node_5f1e' });
    expect(specs[0]?.settings).to.include({ isValidator: true });
  });

  it('answers Cosmos nodes only, in any case of letters', () => {
    const answers = (key: string): boolean =>
      cosmosNodeStrategy.routingKeys.some((pattern) => isTopicMatch(pattern, key));
    expect(answers('chains.Cosmos.Regen.nodes_config')).to.equal(true);
    expect(answers('chains.substrate.kusama.nodes_config')).to.equal(false);
    expect(answers('chains.cosmos.regen.evm_nodes_config')).to.equal(false);
  });

  describe('starts a node', () => {
    const SWITCHES = ['monitor_prometheus', 'monitor_cosmos_rest', 'monitor_tendermint_rpc'] as const;
    const off = Object.fromEntries(SWITCHES.map((name) => [name, 'false']));
    for (const [name, urlName] of [
      ['monitor_prometheus', 'prometheusUrl'],
      ['monitor_cosmos_rest', 'restUrl'],
      ['monitor_tendermint_rpc', 'rpcUrl'],
    ] as const) {
      it(`with ${name} alone, and reads no other source`, () => {
        const [spec] = parse(node('a', { ...off, [name]: 'YES' })).specs;
        const { prometheusUrl, restUrl, rpcUrl } = spec?.settings ?? {};
        const isOn = Object.entries({ prometheusUrl, restUrl, rpcUrl }).filter(([, url]) => url !== null);
        expect(isOn.map(([url]) => url)).to.deep.equal([urlName]);
      });
    }

    for (const [what, fields] of [
      ['all sources are off', off],
      ['the node is off', { monitor_node: 'false' }],
      ['a switch says 1', { monitor_node: '1' }],
    ] as const) {
      it(`not when ${what}, whatever else it holds`, () => {
        const parsed = parse(node('a', { ...fields, cosmos_rest_url: 'file:///etc/passwd' }));
        expect(parsed).to.deep.equal({ specs: [], refusals: [], unwatched: ['a'] });
      });
    }

    it('with a source that is on without a URL, as PANIC does: it publishes 5009', () => {
      expect(parse(node('a', { tendermint_rpc_url: '' })).specs[0]?.settings).to.include({ rpcUrl: '' });
      expect(parse(node('a', { tendermint_rpc_url: 'a:26657' })).specs[0]?.settings).to.include({
        rpcUrl: 'a:26657',
      });
    });
  });

  describe('gives data sources', () => {
    it('other nodes that offer themselves: non-validators, then validators, as the message has them', () => {
      const config = parse(
        node('v1', { is_validator: 'true' }),
        node('a'),
        node('closed', { use_as_data_source: 'false' }),
        node('v2', { is_validator: 'true' }),
        node('b'),
      );
      const urls = (...ids: string[]): string[] => ids.map((id) => `http://${id}:1317`);
      expect(sourcesOf(config, 'a')).to.deep.equal(urls('b', 'v1', 'v2'));
      expect(sourcesOf(config, 'b')).to.deep.equal(urls('a', 'v1', 'v2'));
      expect(sourcesOf(config, 'v1')).to.deep.equal(urls('a', 'b', 'v2'));
      expect(sourcesOf(config, 'closed')).to.deep.equal(urls('a', 'b', 'v1', 'v2'));
    });

    it('nodes nobody watches and with sources switched off too; only their URLs count', () => {
      const config = parse(
        node('a'),
        node('off', { monitor_node: 'false', monitor_cosmos_rest: 'false', monitor_tendermint_rpc: 'no' }),
        node('blank', { cosmos_rest_url: '', tendermint_rpc_url: '' }),
        node('half', { cosmos_rest_url: '', monitor_cosmos_rest: 'false', is_archive_node: 'true' }),
      );
      expect(
        config.specs.find(({ origin }) => origin.configId === 'a')?.settings['dataSources'],
      ).to.deep.equal([
        { restUrl: 'http://off:1317', rpcUrl: 'http://off:26657', isValidator: false, isArchive: false },
        { restUrl: null, rpcUrl: 'http://half:26657', isValidator: false, isArchive: true },
      ]);
    });

    it('another revision when what is needed of a sibling changes, and the same when nothing of it does', () => {
      const revision = (fields: Record<string, string>, own: Record<string, string> = {}): unknown =>
        parse(node('a', own), node('b', fields)).specs[0]?.revision;
      const same: readonly Record<string, string>[] = [
        { name: 'renamed' },
        { monitor_node: 'false' },
        { prometheus_url: 'http://other/metrics' },
        { monitor_cosmos_rest: 'false' },
        { operator_address: 'x' },
        { exporter_url: 'http://e' },
        { use_as_data_source: 'TRUE' },
      ];
      for (const fields of same) expect(revision(fields), JSON.stringify(fields)).to.equal(revision({}));
      const other: readonly Record<string, string>[] = [
        { cosmos_rest_url: 'http://other' },
        { tendermint_rpc_url: 'http://other' },
        { is_validator: 'true' },
        { is_archive_node: 'true' },
        { use_as_data_source: 'false' },
      ];
      for (const fields of other) expect(revision(fields), JSON.stringify(fields)).not.to.equal(revision({}));
      // Without RPC of its own, nobody's RPC is needed.
      const noRpc = { monitor_tendermint_rpc: 'false' };
      expect(revision({ tendermint_rpc_url: 'http://other' }, noRpc)).to.equal(revision({}, noRpc));
    });

    it('without a sibling that is refused, whose neighbours go on', () => {
      const config = parse(node('a'), node('b', { cosmos_rest_url: 'http://me:hunter2@b' }), node('c'));
      expect(sourcesOf(config, 'a')).to.deep.equal(['http://c:1317']);
      expect(config.refusals.map(({ configId, field, code }) => [configId, field, code])).to.deep.equal([
        ['b', 'cosmos_rest_url', 'CONFIG_INVALID_URL'],
      ]);
      expect(JSON.stringify(config)).not.to.include('hunter2');
    });

    it('and refuses credentials in a URL that is only offered to siblings', () => {
      const offered = { monitor_tendermint_rpc: 'false', tendermint_rpc_url: 'http://me:hunter2@b' };
      const config = parse(node('a'), node('b', offered));
      expect(config.refusals.map(({ configId, field }) => [configId, field])).to.deep.equal([
        ['b', 'tendermint_rpc_url'],
      ]);
      expect(JSON.stringify(config)).not.to.include('hunter2');
    });
  });

  const READ = [
    ...[
      'id',
      'parent_id',
      'name',
      'monitor_node',
      'monitor_prometheus',
      'prometheus_url',
      'monitor_cosmos_rest',
    ],
    ...['cosmos_rest_url', 'monitor_tendermint_rpc', 'tendermint_rpc_url', 'is_validator', 'is_archive_node'],
    ...['use_as_data_source', 'operator_address'],
  ];
  for (const field of READ) {
    it(`refuses an entry without ${field}, and only that entry`, () => {
      const bad = Object.fromEntries(Object.entries(node('bad')).filter(([name]) => name !== field));
      const { specs, refusals } = cosmosNodeStrategy.parse({
        family: 'node',
        routingKey: KEY,
        body: { bad, good: node('good') },
      });
      expect(specs.map(({ origin }) => origin.configId)).to.deep.equal(['good']);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code: 'CONFIG_MISSING_FIELD', configId: 'bad', field });
    });
  }

  for (const [what, change, code, field] of [
    [
      'a foreign scheme',
      { tendermint_rpc_url: 'ws://h/websocket' },
      'CONFIG_INVALID_URL',
      'tendermint_rpc_url',
    ],
    ['a switch that is no text', { is_validator: true }, 'CONFIG_INVALID_FIELD', 'is_validator'],
    ['a name with control characters', { name: 'a\u0000b' }, 'CONFIG_INVALID_FIELD', 'name'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const { refusals } = parse({ ...node('a'), ...change });
      expect(refusals[0]).to.include({ code, field, configId: 'a' });
    });
  }

  it('declares native settings and fills in what is left out', () => {
    const { spec, refusals } = cosmosNodeStrategy.declare(native);
    expect(refusals).to.deep.equal([]);
    expect(spec?.settings).to.deep.equal({
      prometheusUrl: null,
      restUrl: 'http://127.0.0.1:1317',
      rpcUrl: 'http://127.0.0.1:26657',
      isValidator: false,
      operatorAddress: '',
      isArchive: false,
      dataSources: [],
      verifyTls: true,
    });
  });

  for (const [what, settings, code, field] of [
    ['no URL', {}, 'CONFIG_MISSING_FIELD', 'rpcUrl'],
    [
      'a validator without address',
      { restUrl: 'http://h', isValidator: true },
      'CONFIG_MISSING_FIELD',
      'operatorAddress',
    ],
    [
      'a data source without URL',
      { rpcUrl: 'http://h', dataSources: [{}] },
      'CONFIG_INVALID_FIELD',
      'dataSources.0',
    ],
    ['a URL without scheme', { rpcUrl: 'h:26657' }, 'CONFIG_INVALID_URL', 'rpcUrl'],
    ['credentials', { rpcUrl: 'http://a:hunter2@h' }, 'CONFIG_INVALID_URL', 'rpcUrl'],
    [
      'credentials of a data source',
      { rpcUrl: 'http://h', dataSources: [{ rpcUrl: 'http://a:hunter2@h' }] },
      'CONFIG_INVALID_URL',
      'dataSources',
    ],
  ] as const) {
    it(`refuses native settings with ${what}`, () => {
      const { spec, refusals } = cosmosNodeStrategy.declare({
        ...native,
        settings: settings as unknown as JsonObject,
      });
      expect(spec).to.equal(null);
      expect(refusals[0]).to.include({ code, field });
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  const MEANINGS: readonly JsonObject[] = [
    {},
    { verifyTls: false },
    { rpcUrl: null, prometheusUrl: 'http://h/metrics' },
    { isValidator: true, operatorAddress: 'cosmosvaloper1x', isArchive: true },
    {
      dataSources: [
        { rpcUrl: 'http://v', isValidator: true },
        { restUrl: 'http://a', rpcUrl: 'http://a', isArchive: true },
        { restUrl: 'http://b' },
      ],
    },
    {
      rpcUrl: null,
      dataSources: [{ restUrl: 'http://a', rpcUrl: 'http://a' }, { rpcUrl: 'http://unneeded' }],
    },
  ];
  for (const change of MEANINGS) {
    it(`gives PANIC's 24 fields, which mean the same with ${JSON.stringify(change)}`, () => {
      const monitorable = { ...native, settings: { ...native.settings, ...change } };
      const entries = cosmosNodeStrategy.toConfig(monitorable);
      for (const { routingKey, raw } of entries) {
        expect(routingKey).to.equal('chains.cosmos.cosmoshub.nodes_config');
        expect(Object.keys(raw).slice(0, 24)).to.deep.equal(Object.keys(node('x')));
      }
      const body = Object.fromEntries(entries.map(({ configId, raw }) => [configId, raw]));
      const { specs, refusals } = cosmosNodeStrategy.parse({ family: 'node', routingKey: KEY, body });
      expect(refusals).to.deep.equal([]);
      expect(specs.map(({ settings }) => settings)).to.deep.equal([
        cosmosNodeStrategy.declare(monitorable).spec?.settings,
      ]);
    });
  }

  it('describes its settings and gives an example that it accepts', () => {
    expect(Object.keys(cosmosNodeStrategy.settingsSchema['properties'] ?? {})).to.include('dataSources');
    const { spec, refusals } = cosmosNodeStrategy.declare({
      ...native,
      settings: cosmosNodeStrategy.example,
    });
    expect(refusals).to.deep.equal([]);
    expect(spec?.settings).to.deep.equal(cosmosNodeStrategy.example);
  });

  it('shows its key figure in a table cell', () => {
    const facts = { height: 15_600_002, is_syncing: 1, validator_power: 0 };
    expect(cosmosNodeStrategy.keyFigure(facts)).to.equal('height 15600002 syncing');
    expect(cosmosNodeStrategy.keyFigure({ height: 5, validator_power: 7 })).to.equal('height 5 power 7');
    expect(cosmosNodeStrategy.keyFigure({})).to.equal('');
  });
});
