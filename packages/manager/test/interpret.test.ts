import { expect } from 'chai';
import type { JsonObject } from '@vedette/contract';
import { interpret, reinterpret } from '../src/intake/interpret.js';
import type { ScopeRecord } from '../src/store/scope-store.js';
import { StrategyRegistry } from '../src/strategy-registry.js';
import { anEntry, KEY, probeStrategy } from './support/probe-strategy.js';

const registry = new StrategyRegistry([probeStrategy]);

function take(body: JsonObject, previous?: ScopeRecord, generation = 1): ReturnType<typeof interpret> {
  return interpret(registry, { family: 'node', routingKey: KEY, body }, [], previous, generation);
}

describe('interpret', () => {
  it('gives one spec per watched entry, with the chain of the routing key', () => {
    const { specs } = take({ a: anEntry('a'), b: anEntry('b', { monitor_node: 'false' }) });
    expect(specs.map((spec) => spec.id)).to.deep.equal(['probe:a']);
    expect(specs[0]?.origin).to.deep.equal({
      family: 'node',
      configId: 'a',
      parentId: 'chain-1',
      baseChain: 'chainlink',
      subChain: 'ethereum',
    });
  });

  it('keeps the previous good version of a refused entry while its neighbours follow the message', () => {
    const first = take({ a: anEntry('a'), b: anEntry('b') });
    const second = take(
      { a: anEntry('a', { node_http_url: 'file:///etc/passwd' }), b: anEntry('b', { name: 'renamed' }) },
      first.record,
      2,
    );
    expect(second.refusals.map(({ code, configId }) => [code, configId])).to.deep.equal([
      ['CONFIG_INVALID_URL', 'a'],
    ]);
    expect(second.specs.find((spec) => spec.id === 'probe:a')?.revision).to.equal(first.specs[0]?.revision);
    expect(second.specs.find((spec) => spec.id === 'probe:b')?.name).to.equal('renamed');
  });

  it('keeps it over several bad messages in a row and forgets it when the entry is removed', () => {
    const bad = { a: anEntry('a', { node_http_url: 7 }) };
    const first = take({ a: anEntry('a') });
    const third = take(bad, take(bad, first.record).record);
    expect(third.specs.map((spec) => spec.revision)).to.deep.equal(first.specs.map((spec) => spec.revision));
    const gone = take({}, third.record);
    expect(gone.specs).to.deep.equal([]);
    expect(take(bad, gone.record).specs).to.deep.equal([]);
  });

  it('keeps what runs where a strategy throws over the entries together, and so after a restart', () => {
    const quarrelsome = new StrategyRegistry([
      {
        ...probeStrategy,
        parse: (message, options) => {
          if (Object.keys(message.body).length > 2) throw new TypeError('too many');
          return probeStrategy.parse(message, options);
        },
      },
    ]);
    const of = (body: JsonObject, previous?: ScopeRecord): ReturnType<typeof interpret> =>
      interpret(quarrelsome, { family: 'node', routingKey: KEY, body }, [], previous, 1);
    const first = of({ a: anEntry('a'), b: anEntry('b') });
    const second = of({ a: anEntry('a'), b: anEntry('b'), c: anEntry('c') }, first.record);
    expect(second.refusals.map(({ code, configId }) => [code, configId])).to.deep.equal(
      ['a', 'b', 'c'].map((id) => ['STRATEGY_FAILED', id]),
    );
    expect(second.specs).to.deep.equal(first.specs);
    expect(reinterpret(quarrelsome, second.record)).to.deep.equal(second.specs);
    expect(of({ a: anEntry('a') }, second.record).specs.map(({ id }) => id)).to.deep.equal(['probe:a']);
  });

  it('comes to the same specs from the stored record as from the message', () => {
    const first = take({ a: anEntry('a'), b: anEntry('b') });
    const second = take({ a: anEntry('a', { name: '' }), b: anEntry('b') }, first.record);
    expect(reinterpret(registry, second.record)).to.deep.equal(second.specs);
  });

  it('records a message no strategy watches yet, so that a later version can run it', () => {
    const later = interpret(
      new StrategyRegistry(),
      { family: 'node', routingKey: KEY, body: { a: anEntry('a') } },
      [],
      undefined,
      1,
    );
    expect(later.refusals.map((one) => one.code)).to.deep.equal(['CONFIG_UNKNOWN_KIND']);
    expect(reinterpret(registry, later.record).map((spec) => spec.id)).to.deep.equal(['probe:a']);
  });

  it('gives the same revision whatever the order of the fields, and another for other settings', () => {
    const one = take({ a: anEntry('a') }).specs[0];
    const reordered = Object.fromEntries(Object.entries(anEntry('a')).reverse());
    expect(take({ a: reordered }).specs[0]?.revision).to.equal(one?.revision);
    expect(take({ a: anEntry('a', { exporter_url: 'unused' }) }).specs[0]?.revision).to.equal(one?.revision);
    expect(take({ a: anEntry('a', { node_http_url: 'http://h:2' }) }).specs[0]?.revision).to.not.equal(
      one?.revision,
    );
  });
});
