import type { ConfigMessage, JsonObject } from '@vedette/contract';
import type { Monitorable } from '@vedette/contract/strategy';
import { expect } from 'chai';
import { evmNodeStrategy } from '../src/index.js';

const ENTRY = {
  id: '64f0c0a1b2c3d4e5f6a70301',
  parent_id: '64f0c0a1b2c3d4e5f6a7cccc',
  name: 'bsc geth 1',
  node_http_url: 'http://10.3.0.9:8545',
  monitor_node: 'true',
};
const KEY = 'chains.chainlink.bsc.evm_nodes_config';

function message(body: JsonObject): ConfigMessage {
  return { family: 'node', routingKey: KEY, body };
}

const native: Monitorable = {
  kind: 'evm-node',
  id: 'geth-1',
  name: 'Geth 1',
  chain: 'Ethereum',
  baseChain: 'chainlink',
  parentId: 'chain_1',
  periodMs: 5_000,
  limits: { oldMb: 64 },
  settings: { url: 'https://127.0.0.1:8545/' },
};

describe('the evm-node strategy', () => {
  it('makes a spec of an entry as the Mongo publisher sends it, with certificates checked', () => {
    const { specs, refusals } = evmNodeStrategy.parse(message({ [ENTRY.id]: ENTRY }));
    expect(refusals).to.deep.equal([]);
    expect(specs[0]).to.deep.include({
      id: 'evm-node:64f0c0a1b2c3d4e5f6a70301',
      name: 'bsc geth 1',
      componentName: 'Node monitor (bsc geth 1)',
      periodMs: 10_000,
      settings: { url: 'http://10.3.0.9:8545', verifyTls: true },
    });
    expect(specs[0]?.origin).to.include({ family: 'node', baseChain: 'chainlink', subChain: 'bsc' });
    expect(specs[0]?.module).to.match(/^file:.*\/evm-node\/monitor\.cjs$/);
  });

  it('takes an entry of the INI dialect: switches as typed, an inner id of its own', () => {
    const { specs } = evmNodeStrategy.parse(
      message({ node_1: { ...ENTRY, id: 'node_5f1e', monitor_node: 'Yes' } }),
    );
    expect(specs[0]?.origin).to.include({ configId: 'node_1', wireId: 'node_5f1e' });
  });

  for (const text of ['false', 'no', '1', 'on', '']) {
    it(`leaves a node with a switch of ${JSON.stringify(text)} unwatched`, () => {
      const parsed = evmNodeStrategy.parse(message({ n: { ...ENTRY, monitor_node: text } }));
      expect(parsed).to.deep.equal({ specs: [], refusals: [], unwatched: ['n'] });
    });
  }

  for (const field of Object.keys(ENTRY)) {
    it(`refuses an entry without ${field}`, () => {
      const entry = Object.fromEntries(Object.entries(ENTRY).filter(([name]) => name !== field));
      const { specs, refusals } = evmNodeStrategy.parse(message({ n: entry, good: ENTRY }));
      expect(specs).to.have.lengthOf(1);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code: 'CONFIG_MISSING_FIELD', configId: 'n', field });
    });
  }

  const REFUSED: readonly (readonly [why: string, change: JsonObject, code: string, field: string])[] = [
    ['a file: URL', { node_http_url: 'file:///dev/zero' }, 'CONFIG_INVALID_URL', 'node_http_url'],
    ['a websocket URL', { node_http_url: 'ws://10.3.0.9:8546' }, 'CONFIG_INVALID_URL', 'node_http_url'],
    ['credentials', { node_http_url: 'http://a:hunter2@h:8545' }, 'CONFIG_INVALID_URL', 'node_http_url'],
    ['a URL that is an object', { node_http_url: {} }, 'CONFIG_INVALID_FIELD', 'node_http_url'],
    ['a long URL', { node_http_url: 'h'.repeat(5_000) }, 'CONFIG_INVALID_FIELD', 'node_http_url'],
    ['a switch that is no text', { monitor_node: 1 }, 'CONFIG_INVALID_FIELD', 'monitor_node'],
    ['a long name', { name: 'n'.repeat(5_000) }, 'CONFIG_INVALID_FIELD', 'name'],
    ['a name with control characters', { name: 'a\u0007b' }, 'CONFIG_INVALID_FIELD', 'name'],
  ];
  for (const [why, change, code, field] of REFUSED) {
    it(`refuses ${why}, and only that entry`, () => {
      const { specs, refusals } = evmNodeStrategy.parse(
        message({ bad: { ...ENTRY, ...change }, good: ENTRY }),
      );
      expect(specs.map((spec) => spec.origin.configId)).to.deep.equal(['good']);
      expect(refusals).to.have.lengthOf(1);
      expect(refusals[0]).to.include({ code, configId: 'bad', field });
      expect(refusals[0]?.reason).not.to.include('hunter2');
    });
  }

  it('declares native settings with the period and limits of the monitorable', () => {
    const { spec } = evmNodeStrategy.declare(native);
    expect(spec).to.include({ id: 'evm-node:geth-1', periodMs: 5_000 });
    expect(spec?.limits).to.include({ youngMb: 1, oldMb: 64 });
    expect(spec?.settings).to.deep.equal({ url: 'https://127.0.0.1:8545/', verifyTls: true });
  });

  const NATIVE_REFUSED: readonly (readonly [why: string, settings: JsonObject, code: string])[] = [
    ['no URL', {}, 'CONFIG_MISSING_FIELD'],
    ['a URL without a scheme', { url: '127.0.0.1:8545' }, 'CONFIG_INVALID_URL'],
    ['a websocket URL', { url: 'wss://h' }, 'CONFIG_INVALID_URL'],
    ['credentials', { url: 'http://a:hunter2@h' }, 'CONFIG_INVALID_URL'],
    ['a list', { url: ['http://h'] }, 'CONFIG_INVALID_FIELD'],
  ];
  for (const [why, settings, code] of NATIVE_REFUSED) {
    it(`refuses native settings with ${why}`, () => {
      const { spec, refusals } = evmNodeStrategy.declare({ ...native, settings });
      expect(spec).to.equal(null);
      expect(refusals[0]).to.include({ code, field: 'url' });
      expect(JSON.stringify(refusals)).not.to.include('hunter2');
    });
  }

  for (const verifyTls of [true, false]) {
    it(`gives PANIC's form, which means the same with verifyTls ${verifyTls}`, () => {
      const monitorable = { ...native, settings: { ...native.settings, verifyTls } };
      const entry = evmNodeStrategy.toConfig(monitorable)[0]!;
      expect(entry.routingKey).to.equal('chains.chainlink.ethereum.evm_nodes_config');
      expect(entry.raw).to.include({ node_http_url: 'https://127.0.0.1:8545/', monitor_node: 'true' });
      const { specs } = evmNodeStrategy.parse({ ...message({ [entry.configId]: entry.raw }) });
      expect(specs[0]?.settings).to.deep.equal(evmNodeStrategy.declare(monitorable).spec?.settings);
    });
  }

  it('describes its settings and gives an example that it accepts', () => {
    expect(evmNodeStrategy.settingsSchema['required']).to.deep.equal(['url']);
    expect(evmNodeStrategy.declare({ ...native, settings: evmNodeStrategy.example }).refusals).to.deep.equal(
      [],
    );
  });

  it('shows its key figure in a table cell', () => {
    expect(evmNodeStrategy.keyFigure({ block_height: 1200, is_syncing: 0 })).to.equal('height 1200');
    expect(evmNodeStrategy.keyFigure({ block_height: 7, is_syncing: 1 })).to.equal('height 7 syncing');
    expect(evmNodeStrategy.keyFigure({})).to.equal('');
  });
});
