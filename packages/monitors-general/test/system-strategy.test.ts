import { isJsonObject, type ConfigMessage, type JsonObject, type JsonValue } from '@vedette/contract';
import type { Monitorable } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { systemStrategy } from '../src/index.js';

const ENTRY = {
  id: '64f0c0a1b2c3d4e5f6a70401',
  parent_id: '64f0c0a1b2c3d4e5f6a7cccc',
  name: 'bsc host',
  exporter_url: 'http://10.3.0.2:9100/metrics',
  monitor_system: 'true',
};

/** PANIC's common node shape, as its Mongo publisher sends it. */
const NODE_24 = {
  id: '64f0c0a1b2c3d4e5f6a70001',
  parent_id: '64f0c0a1b2c3d4e5f6a7aaaa',
  name: 'regen sentry 1',
  node_ws_url: '',
  exporter_url: 'http://10.1.0.11:9100/metrics',
  monitor_system: 'true',
  monitor_node: 'true',
  is_validator: 'false',
  is_archive_node: 'true',
  use_as_data_source: 'true',
  stash_address: '',
  governance_addresses: '',
  monitor_network: 'true',
  cosmos_rest_url: 'http://10.1.0.11:1317',
  monitor_cosmos_rest: 'true',
  tendermint_rpc_url: 'http://10.1.0.11:26657',
  monitor_tendermint_rpc: 'true',
  operator_address: 'regenvaloper1exampleexampleexample',
  monitor_prometheus: 'true',
  prometheus_url: 'http://10.1.0.11:26660/metrics',
  node_prometheus_urls: '',
  evm_nodes_urls: '',
  weiwatchers_url: '',
  monitor_contracts: 'false',
};

function message(entry: JsonValue, routingKey = 'chains.chainlink.bsc.systems_config'): ConfigMessage {
  const id = isJsonObject(entry) && typeof entry['id'] === 'string' ? entry['id'] : 'x';
  return { family: 'system', routingKey, body: { [id]: entry } };
}

const native: Monitorable = {
  kind: 'system',
  id: 'host-a',
  name: 'Host A',
  chain: 'general',
  baseChain: 'general',
  parentId: 'GENERAL',
  periodMs: null,
  limits: {},
  settings: { exporterUrl: 'https://127.0.0.1:9100/metrics' },
};

describe('the system strategy', () => {
  it('makes a spec of an entry as the Mongo publisher sends it', () => {
    const { specs, refusals } = systemStrategy.parse(message(ENTRY));
    expect(refusals).to.deep.equal([]);
    const [spec] = specs;
    expect(spec).to.deep.include({
      id: 'system:64f0c0a1b2c3d4e5f6a70401',
      kind: 'system',
      name: 'bsc host',
      componentName: 'System monitor (bsc host)',
      periodMs: 60_000,
      settings: { exporterUrl: 'http://10.3.0.2:9100/metrics', verifyTls: false },
      origin: {
        family: 'system',
        configId: '64f0c0a1b2c3d4e5f6a70401',
        parentId: '64f0c0a1b2c3d4e5f6a7cccc',
        baseChain: 'chainlink',
        subChain: 'bsc',
      },
    });
    expect(spec?.module).to.match(/^file:.*\/system\/monitor\.cjs$/);
  });

  it('takes the five fields out of a node of 24 fields, and names its chain as received', () => {
    const { specs } = systemStrategy.parse(message(NODE_24, 'chains.cosmos.regen ledger.nodes_config'));
    expect(specs[0]?.settings).to.deep.equal({
      exporterUrl: 'http://10.1.0.11:9100/metrics',
      verifyTls: false,
    });
    expect(specs[0]?.origin).to.include({ baseChain: 'cosmos', subChain: 'regen ledger' });
  });

  it('takes an entry of the INI dialect: few fields, switches as typed, an inner id of its own', () => {
    const entry = { ...ENTRY, id: 'system_5f1e', monitor_system: 'Yes' };
    const { specs } = systemStrategy.parse({
      family: 'system',
      routingKey: 'general.systems_config',
      body: { system_1: entry },
    });
    expect(specs[0]).to.include({ id: 'system:system_1' });
    expect(specs[0]?.origin).to.include({
      configId: 'system_1',
      wireId: 'system_5f1e',
      baseChain: 'general',
    });
  });

  for (const routingKey of ['chains.chainlink.bsc.nodes_config', 'chains.CHAINLINK.BSC.Nodes_Config']) {
    it(`ignores every entry of ${routingKey}`, () => {
      const parsed = systemStrategy.parse(message({ ...NODE_24, exporter_url: 5 }, routingKey));
      expect(parsed).to.deep.equal({ specs: [], refusals: [], unwatched: [] });
    });
  }

  const SWITCHES: readonly (readonly [text: string, isOn: boolean])[] = [
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['yes', true],
    ['YES', true],
    ['false', false],
    ['no', false],
    ['1', false],
    ['on', false],
    ['', false],
    [' true', false],
  ];
  for (const [text, isOn] of SWITCHES) {
    it(`takes a switch of ${JSON.stringify(text)} for ${isOn ? 'on' : 'off'}`, () => {
      const parsed = systemStrategy.parse(message({ ...ENTRY, monitor_system: text }));
      expect(parsed.specs).to.have.lengthOf(isOn ? 1 : 0);
      expect(parsed.unwatched).to.deep.equal(isOn ? [] : [ENTRY.id]);
      expect(parsed.refusals).to.deep.equal([]);
    });
  }

  it('does not validate an entry that is switched off', () => {
    const parsed = systemStrategy.parse(message({ monitor_system: 'false', exporter_url: 7 }));
    expect(parsed).to.deep.equal({ specs: [], refusals: [], unwatched: ['x'] });
  });

  it('keeps an empty URL: the monitor reports it to the operator', () => {
    expect(systemStrategy.parse(message({ ...ENTRY, exporter_url: '' })).specs).to.have.lengthOf(1);
  });

  it('trims blanks around a URL', () => {
    const { specs } = systemStrategy.parse(message({ ...ENTRY, exporter_url: ' http://h:9100/m ' }));
    expect(specs[0]?.settings['exporterUrl']).to.equal('http://h:9100/m');
  });

  const MISSING = Object.keys(ENTRY);
  for (const field of MISSING) {
    it(`refuses an entry without ${field}`, () => {
      const entry = Object.fromEntries(Object.entries(ENTRY).filter(([name]) => name !== field));
      const { specs, refusals, unwatched } = systemStrategy.parse({
        family: 'system',
        routingKey: 'general.systems_config',
        body: { e: entry },
      });
      expect(specs).to.deep.equal([]);
      expect(unwatched).to.deep.equal([]);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code: 'CONFIG_MISSING_FIELD', configId: 'e', field });
    });
  }

  const REFUSED: readonly (readonly [why: string, change: JsonObject, code: string, field: string])[] = [
    ['a switch that is no text', { monitor_system: true }, 'CONFIG_INVALID_FIELD', 'monitor_system'],
    ['a URL that is a number', { exporter_url: 9100 }, 'CONFIG_INVALID_FIELD', 'exporter_url'],
    ['a URL that is null', { exporter_url: null }, 'CONFIG_INVALID_FIELD', 'exporter_url'],
    ['a file: URL', { exporter_url: 'file:///etc/passwd' }, 'CONFIG_INVALID_URL', 'exporter_url'],
    ['a javascript: URL', { exporter_url: 'javascript:alert(1)' }, 'CONFIG_INVALID_URL', 'exporter_url'],
    ['an ftp: URL', { exporter_url: 'ftp://host/metrics' }, 'CONFIG_INVALID_URL', 'exporter_url'],
    [
      'a URL of 5,000 characters',
      { exporter_url: `http://h/${'a'.repeat(5_000)}` },
      'CONFIG_INVALID_FIELD',
      'exporter_url',
    ],
    ['a name of 5,000 characters', { name: 'n'.repeat(5_000) }, 'CONFIG_INVALID_FIELD', 'name'],
    ['an empty name', { name: '' }, 'CONFIG_INVALID_FIELD', 'name'],
    ['a name with a terminal escape', { name: 'a\u001b[31mb' }, 'CONFIG_INVALID_FIELD', 'name'],
    ['a name with a line break', { name: 'a\nb' }, 'CONFIG_INVALID_FIELD', 'name'],
    ['an id that is a list', { id: ['a'] }, 'CONFIG_INVALID_FIELD', 'id'],
    [
      'a user and password in its URL',
      { exporter_url: 'http://alice:hunter2@host/metrics' },
      'CONFIG_INVALID_URL',
      'exporter_url',
    ],
    [
      'a user and password without a scheme',
      { exporter_url: 'alice:hunter2@host:9100/metrics' },
      'CONFIG_INVALID_URL',
      'exporter_url',
    ],
    [
      'a user and a numeric password without a scheme',
      { exporter_url: 'alice:1hunter2@host:9100/metrics' },
      'CONFIG_INVALID_URL',
      'exporter_url',
    ],
  ];
  for (const [why, change, code, field] of REFUSED) {
    it(`refuses ${why}, without showing secrets or control characters`, () => {
      const { specs, refusals } = systemStrategy.parse({
        family: 'system',
        routingKey: 'general.systems_config',
        body: { bad: { ...ENTRY, ...change }, good: ENTRY },
      });
      expect(specs.map((spec) => spec.origin.configId)).to.deep.equal(['good']);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code, configId: 'bad', field });
      expect(refusals[0]?.reason).to.have.length.lessThan(300).and.not.include('hunter2');
      // eslint-disable-next-line no-control-regex -- what is looked for
      expect(refusals[0]?.reason).not.to.match(/[\u0000-\u001f]/);
    });
  }

  for (const entry of ['text', 5, null, [], true] as JsonValue[]) {
    it(`refuses an entry that is ${JSON.stringify(entry)}`, () => {
      const { refusals } = systemStrategy.parse(message(entry));
      expect(refusals[0]).to.include({ code: 'CONFIG_WRONG_TYPE', configId: 'x', field: null });
    });
  }

  it('accepts credentials in a URL when told to', () => {
    const entry = { ...ENTRY, exporter_url: 'http://alice:hunter2@host/metrics' };
    expect(systemStrategy.parse(message(entry), { allowUrlCredentials: true }).specs).to.have.lengthOf(1);
  });

  it('is not confused by keys of object prototypes', () => {
    const body = JSON.parse(
      `{"__proto__": ${JSON.stringify(ENTRY)}, "constructor": {"__proto__": {"monitor_system": "true"}}}`,
    ) as JsonObject;
    const parsed = systemStrategy.parse({ family: 'system', routingKey: 'general.systems_config', body });
    expect(parsed.specs).to.have.lengthOf(1);
    expect(parsed.refusals.length).to.be.greaterThan(0);
    expect(({} as Record<string, unknown>)['monitor_system']).to.equal(undefined);
  });

  it('declares native settings, with certificates checked unless told otherwise', () => {
    const { spec, refusals } = systemStrategy.declare(native);
    expect(refusals).to.deep.equal([]);
    expect(spec?.settings).to.deep.equal({ exporterUrl: 'https://127.0.0.1:9100/metrics', verifyTls: true });
    expect(spec).to.include({ componentName: 'System monitor (Host A)', periodMs: 60_000 });
  });

  const NATIVE_REFUSED: readonly (readonly [
    why: string,
    settings: JsonObject,
    code: string,
    field: string,
  ])[] = [
    ['no URL', {}, 'CONFIG_MISSING_FIELD', 'exporterUrl'],
    ['a URL without a scheme', { exporterUrl: 'host:9100' }, 'CONFIG_INVALID_URL', 'exporterUrl'],
    ['a file: URL', { exporterUrl: 'file:///etc/passwd' }, 'CONFIG_INVALID_URL', 'exporterUrl'],
    ['credentials', { exporterUrl: 'http://a:hunter2@h/' }, 'CONFIG_INVALID_URL', 'exporterUrl'],
    ['verifyTls as text', { exporterUrl: 'http://h/', verifyTls: 'no' }, 'CONFIG_INVALID_FIELD', 'verifyTls'],
  ];
  for (const [why, settings, code, field] of NATIVE_REFUSED) {
    it(`refuses native settings with ${why}`, () => {
      const { spec, refusals } = systemStrategy.declare({ ...native, settings });
      expect(spec).to.equal(null);
      expect(refusals[0]).to.include({ code, field });
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  it('tolerates unknown native settings and drops them', () => {
    const settings = { exporterUrl: 'http://h/', colour: 'red' };
    expect(systemStrategy.declare({ ...native, settings }).spec?.settings).not.to.have.property('colour');
  });

  const CHAINS: readonly (readonly [baseChain: string, chain: string, routingKey: string])[] = [
    ['general', 'general', 'general.systems_config'],
    ['chainlink', 'Binance Smart Chain', 'chains.chainlink.binance smart chain.systems_config'],
  ];
  for (const [baseChain, chain, routingKey] of CHAINS) {
    it(`gives PANIC's form under ${routingKey}, which means the same`, () => {
      const monitorable = { ...native, baseChain, chain };
      const entry = systemStrategy.toConfig(monitorable)[0]!;
      expect(entry.routingKey).to.equal(routingKey);
      const { specs } = systemStrategy.parse({
        family: 'system',
        routingKey,
        body: { [entry.configId]: entry.raw },
      });
      expect(specs[0]?.settings).to.deep.equal(systemStrategy.declare(monitorable).spec?.settings);
      expect(specs[0]?.name).to.equal('Host A');
    });
  }

  it('describes its settings and gives an example that it accepts', () => {
    expect(systemStrategy.settingsSchema).to.have.nested.property('properties.exporterUrl');
    expect(systemStrategy.settingsSchema['required']).to.deep.equal(['exporterUrl']);
    expect(systemStrategy.declare({ ...native, settings: systemStrategy.example }).refusals).to.deep.equal(
      [],
    );
  });

  it('shows its key figure in a table cell', () => {
    const facts = { cpu_percent: 12.5, ram_percent: 61.27, storage_percent: 38.4 };
    expect(systemStrategy.keyFigure(facts)).to.equal('cpu 12.5 % ram 61 % disk 38 %');
    expect(systemStrategy.keyFigure({})).to.equal('');
  });
});
