import { expect } from 'chai';
import { StrategyRegistry } from '../src/strategy-registry.js';
import { WantedSet } from '../src/wanted-set.js';
import { anEntry, KEY, probeStrategy } from './support/probe-strategy.js';

const registry = new StrategyRegistry([probeStrategy]);
const specsOf = (...ids: string[]): ReturnType<StrategyRegistry['parse']>['specs'] =>
  registry.parse({
    family: 'node',
    routingKey: KEY,
    body: Object.fromEntries(ids.map((id) => [id, anEntry(id, { name: `${id} of ${ids.join('')}` })])),
  }).specs;

describe('WantedSet', () => {
  it('replaces one scope and leaves the others', () => {
    const wanted = new WantedSet();
    wanted.replace('one', 1, specsOf('a', 'b'));
    wanted.replace('two', 2, specsOf('c'));
    wanted.replace('one', 3, specsOf('a'));
    expect(wanted.specs().map((spec) => spec.id)).to.have.members(['probe:a', 'probe:c']);
  });

  it('lets the younger of two scopes own an id both claim, and the older when the younger lets go', () => {
    const wanted = new WantedSet();
    wanted.replace('old', 1, specsOf('a'));
    wanted.replace('new', 2, specsOf('a', 'b'));
    expect(wanted.specs().map((spec) => spec.name)).to.deep.equal(['a of ab', 'b of ab']);
    wanted.replace('new', 3, []);
    expect(wanted.specs().map((spec) => spec.name)).to.deep.equal(['a of a']);
  });
});

describe('StrategyRegistry', () => {
  it('refuses a kind registered twice', () => {
    expect(() => new StrategyRegistry([probeStrategy, probeStrategy]))
      .to.throw()
      .with.property('code', 'STRATEGY_DUPLICATE_KIND');
  });

  it('asks only the strategies of the family whose pattern matches, in any case of the key', () => {
    expect(registry.matching('node', 'chains.Chainlink.BSC.EVM_nodes_config')).to.have.length(1);
    expect(registry.matching('system', KEY)).to.deep.equal([]);
    expect(registry.matching('node', 'chains.a.b.c.evm_nodes_config')).to.deep.equal([]);
  });

  it('turns a strategy that throws into a refusal', () => {
    const broken = {
      ...probeStrategy,
      parse: () => {
        throw new Error('bug');
      },
    };
    const { refusals } = new StrategyRegistry([broken]).parse({
      family: 'node',
      routingKey: KEY,
      body: { a: {} },
    });
    expect(refusals.map((one) => one.code)).to.deep.equal(['STRATEGY_FAILED']);
  });

  it('overrides the period of a kind', () => {
    const quick = new StrategyRegistry([probeStrategy], { periodMs: { probe: 250 } });
    const { specs } = quick.parse({ family: 'node', routingKey: KEY, body: { a: anEntry('a') } });
    expect(specs[0]?.periodMs).to.equal(250);
  });
});
