import { expect } from 'chai';
import { isTopicMatch } from '../src/topic.js';

const CASES: readonly (readonly [pattern: string, key: string, isMatch: boolean])[] = [
  ['ping', 'ping', true],
  ['ping', 'pong', false],
  ['chains.*.*.nodes_config', 'chains.cosmos.regen.nodes_config', true],
  ['chains.*.*.nodes_config', 'chains.cosmos.nodes_config', false],
  ['chains.*.*.nodes_config', 'chains.cosmos.regen.extra.nodes_config', false],
  ['chains.*.*.nodes_config', 'chains.cosmos.regen.evm_nodes_config', false],
  ['chains.*.*.nodes_config', 'CHAINS.Cosmos.Regen.NODES_CONFIG', true],
  ['CHAINS.*.*.nodes_config', 'chains.cosmos.regen.nodes_config', true],
  ['#', '', true],
  ['#', 'a.b.c', true],
  ['a.#', 'a', true],
  ['a.#', 'a.b.c', true],
  ['a.#', 'b', false],
  ['#.z', 'z', true],
  ['#.z', 'a.b.z', true],
  ['#.z', 'a.b.y', false],
  ['a.#.z', 'a.z', true],
  ['a.#.z', 'a.b.c.z', true],
  ['a.#.*', 'a', false],
  ['a.#.*', 'a.b', true],
  ['*', '', true],
  ['*', 'a.b', false],
  ['*.*', 'a', false],
  ['', '', true],
  ['', 'a', false],
  ['a.*', 'a.', true],
  ['a..b', 'a..b', true],
  ['a.+', 'a.x', false],
  ['a.*b', 'a.xb', false],
];

describe('topic match', () => {
  for (const [pattern, key, isMatch] of CASES) {
    it(`'${pattern}' ${isMatch ? 'takes' : 'leaves'} '${key}'`, () => {
      expect(isTopicMatch(pattern, key)).to.equal(isMatch);
    });
  }
});
