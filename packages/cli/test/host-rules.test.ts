import { expect } from 'chai';
import { hostRules } from '../src/host-rules.js';
import { DEFAULT_HOST } from '../src/host-words.js';

const rules = (...flags: string[]) => hostRules(flags, (name) => name === 'evm-node' || name === 'system');

describe('hostRules', () => {
  const good: readonly (readonly [flags: string[], rules: object])[] = [
    [[], { default: null, kinds: {}, monitors: {} }],
    [['cell'], { default: 'cell', kinds: {}, monitors: {} }],
    [['cell', 'auto'], { default: 'auto', kinds: {}, monitors: {} }],
    [['evm-node=process'], { default: null, kinds: { 'evm-node': 'process' }, monitors: {} }],
    [['geth-1=thread'], { default: null, kinds: {}, monitors: { 'geth-1': 'thread' } }],
    [['evm-node:a=b=cell'], { default: null, kinds: {}, monitors: { 'evm-node:a=b': 'cell' } }],
    [
      ['cell', 'system=thread', 'geth-1=process'],
      { default: 'cell', kinds: { system: 'thread' }, monitors: { 'geth-1': 'process' } },
    ],
  ];
  for (const [flags, expected] of good) {
    it(`reads ${JSON.stringify(flags)}`, () => {
      expect(rules(...flags)).to.deep.equal({ ...expected, fallback: DEFAULT_HOST });
    });
  }

  for (const flag of ['', 'moon', 'Thread', 'evm-node=', 'evm-node=moon', '=cell', '__proto__=moon']) {
    it(`refuses ${JSON.stringify(flag)} and names it`, () => {
      expect(() => rules(flag)).to.throw(`--host ${flag}: `);
    });
  }
});
