/** Entries that depend on each other: data sources of siblings, and one monitor for a whole chain. */
import { expect } from 'chai';
import { z } from 'zod';
import {
  CONFIG_LIMITS,
  DEFAULT_LIMITS,
  type JsonObject,
  type MonitorSpec,
  type ParsedConfig,
} from '@vedette/contract';
import { defineChainStrategy, defineStrategy, isSwitchOff, isSwitchOn } from '@vedette/contract/strategy';

const COMMON = {
  title: 'A kind of this test',
  module: 'file:///x/monitor.cjs',
  period: { defaultMs: 1_000, env: 'X' },
  limits: DEFAULT_LIMITS,
  defaultBaseChain: 'cosmos',
  routingKeys: ['chains.cosmos.*.nodes_config'],
  toConfig: () => [],
  keyFigure: () => '',
};
const entry = z.object({ id: z.string(), parent_id: z.string(), name: z.string(), url: z.string() });

const related = defineStrategy({
  ...COMMON,
  kind: 'related',
  family: 'node',
  settings: z.object({ url: z.string(), sources: z.array(z.string()) }),
  example: { url: 'http://a', sources: [] },
  componentName: (name) => `Node monitor (${name})`,
  config: entry.extend({ offered: z.string() }).transform((raw) => ({
    id: raw.id,
    name: raw.name,
    parentId: raw.parent_id,
    settings: { url: raw.url, sources: [] as string[] },
    isOffered: isSwitchOn(raw.offered),
  })),
  isWatched: (raw) => !isSwitchOff(raw['on']),
  dataSources: {
    rankOf: ({ isOffered, name }) => (isOffered ? Number(name.startsWith('last')) : null),
    settingsOf: (own, sources) => ({
      ...own.settings,
      sources: [...sources.map((one) => one.settings.url), own.settings.url],
    }),
  },
});

const chained = defineChainStrategy({
  ...COMMON,
  kind: 'chained',
  family: 'contract',
  settings: z.object({ list: z.string(), nodes: z.array(z.object({ id: z.string(), url: z.string() })) }),
  example: { list: 'http://l', nodes: [] },
  componentName: (chain) => `Chain Monitor (${chain})`,
  config: entry
    .extend({ list: z.string(), on: z.string() })
    .transform((raw) => ({ ...raw, parentId: raw.parent_id })),
  agreed: [['list', (one) => one.list]],
  condense: ([first, ...rest]) => {
    const nodes = [first, ...rest].filter(({ on }) => isSwitchOn(on)).map(({ id, url }) => ({ id, url }));
    return nodes.length === 0 ? null : { list: first.list, nodes };
  },
  sources: ({ nodes }) => nodes.map(({ id }) => ({ type: 'nodes', id, name: id })),
});

function node(id: string, fields: JsonObject = {}): JsonObject {
  const url = `http://${id}`;
  return { id, parent_id: 'p', name: id, url, offered: 'true', on: 'true', list: 'http://l', ...fields };
}

describe('a strategy whose entries depend on each other', () => {
  const parse = (...nodes: JsonObject[]): ParsedConfig =>
    related.parse({
      family: 'node',
      routingKey: 'chains.cosmos.regen.nodes_config',
      body: Object.fromEntries(nodes.map((one) => [String(one['id']), one])),
    });
  const sourcesOf = (config: ParsedConfig): unknown =>
    config.specs.map(({ settings }) => settings['sources']);

  it('gives each monitor what its siblings offer, in the order of the message, itself last', () => {
    expect(sourcesOf(parse(node('a'), node('b'), node('c', { offered: 'no' })))).to.deep.equal([
      ['http://b', 'http://a'],
      ['http://a', 'http://b'],
      ['http://a', 'http://b', 'http://c'],
    ]);
  });

  it('counts a sibling that is switched off, and passes over one that cannot be used', () => {
    const { specs, refusals, unwatched } = parse(
      node('a'),
      node('off', { on: 'false' }),
      node('off and broken', { on: 'false', url: 1 }),
      node('broken', { url: 1 }),
      node('secret', { url: 'http://me:hunter2@host' }),
    );
    expect(specs.map(({ settings }) => settings['sources'])).to.deep.equal([['http://off', 'http://a']]);
    expect(unwatched).to.deep.equal(['off', 'off and broken']);
    expect(refusals.map(({ configId, code }) => [configId, code])).to.deep.equal([
      ['broken', 'CONFIG_INVALID_FIELD'],
      ['secret', 'CONFIG_INVALID_URL'],
    ]);
    expect(JSON.stringify(refusals)).not.to.include('hunter2');
  });

  it('puts those of a higher rank behind the others, equals as the message has them', () => {
    const { specs } = parse(node('last 1'), node('b'), node('last 2'), node('d'));
    expect(specs[1]?.settings['sources']).to.deep.equal([
      'http://d',
      'http://last 1',
      'http://last 2',
      'http://b',
    ]);
  });

  it('gives a monitor no more sources than the limit, however many nodes offer themselves', () => {
    const { maxDataSources } = CONFIG_LIMITS;
    const { specs } = parse(...Array.from({ length: 1_000 }, (_none, index) => node(`n${index}`)));
    const sources = specs.map(({ settings }) => settings['sources'] as string[]);
    expect(new Set(sources.map(({ length }) => length))).to.deep.equal(new Set([maxDataSources + 1]));
    expect(sources[0]?.slice(0, 2)).to.deep.equal(['http://n1', 'http://n2']);
    expect(sources[999]?.slice(0, 2)).to.deep.equal(['http://n0', 'http://n1']);
  });

  it('makes another revision when a sibling changes what it offers, and the same when it does not', () => {
    const revision = (...nodes: JsonObject[]): unknown => parse(node('a'), ...nodes).specs[0]?.revision;
    expect(revision(node('b'))).to.equal(revision(node('b', { name: 'renamed', on: 'no' })));
    expect(revision(node('b'))).not.to.equal(revision(node('b', { url: 'http://other' })));
    expect(revision(node('b'))).not.to.equal(revision(node('b', { offered: 'no' })));
    expect(revision(node('b'), node('c'))).not.to.equal(revision(node('c'), node('b')));
  });
});

describe('a strategy of a whole chain', () => {
  const parse = (...nodes: JsonObject[]): ParsedConfig =>
    chained.parse({
      family: 'contract',
      routingKey: 'chains.cosmos.regen main.nodes_config',
      body: Object.fromEntries(nodes.map((one) => [String(one['id']), one])),
    });

  it('makes one monitor of all entries, named by its chain, with the nodes as sources', () => {
    const { specs } = parse(node('a'), node('b', { on: 'no' }), node('c'));
    expect(specs).to.have.lengthOf(1);
    expect(specs[0]).to.deep.include({
      id: 'chained:cosmos regen main',
      name: 'regen main',
      componentName: 'Chain Monitor (regen main)',
    });
    expect(specs[0]?.origin).to.deep.equal({
      family: 'contract',
      configId: 'cosmos regen main',
      parentId: 'p',
      baseChain: 'cosmos',
      subChain: 'regen main',
      sources: [
        { type: 'nodes', id: 'a', name: 'a' },
        { type: 'nodes', id: 'c', name: 'c' },
        { type: 'chains', id: 'p', name: 'cosmos regen main' },
      ],
    });
  });

  it('makes none of an empty message, nor when nothing is to be watched', () => {
    expect(parse()).to.deep.equal({ specs: [], refusals: [], unwatched: [] });
    expect(parse(node('a', { on: 'no' }))).to.deep.equal({ specs: [], refusals: [], unwatched: ['a'] });
  });

  for (const field of ['parent_id', 'list']) {
    it(`refuses every entry when ${field} differs, so that the last good ones can stay`, () => {
      const { specs, refusals } = parse(node('a'), node('b', { [field]: 'http://else' }));
      expect(specs).to.deep.equal([]);
      expect(refusals.map((one) => [one.configId, one.code, one.field])).to.deep.equal([
        ['a', 'CONFIG_INVALID_FIELD', field],
        ['b', 'CONFIG_INVALID_FIELD', field],
      ]);
    });
  }

  it('refuses a broken entry and condenses the others', () => {
    const { specs, refusals } = parse(node('a'), node('b', { url: null }));
    expect(specs[0]?.settings['nodes']).to.deep.equal([{ id: 'a', url: 'http://a' }]);
    expect(refusals.map((one) => [one.configId, one.field])).to.deep.equal([['b', 'url']]);
  });
});

describe('a module that cannot be packed', () => {
  const declare = (isPackable?: boolean): MonitorSpec | null =>
    defineStrategy({
      ...COMMON,
      ...(isPackable === undefined ? {} : { isPackable }),
      kind: 'alone',
      family: 'node',
      settings: z.object({}),
      example: {},
      componentName: (name) => name,
      config: entry.transform((raw) => ({ name: raw.name, parentId: raw.parent_id, settings: {} })),
      isWatched: () => true,
    }).declare({
      kind: 'alone',
      id: 'a',
      name: 'a',
      chain: 'general',
      baseChain: 'general',
      parentId: 'p',
      periodMs: null,
      limits: {},
      settings: {},
    }).spec;

  it('says so in each spec', () => {
    expect(declare(false)?.isPackable).to.equal(false);
  });

  it('changes no spec of other modules', () => {
    expect(declare()).to.deep.equal(declare(true)).and.not.have.property('isPackable');
  });
});
