import { expect } from 'chai';
import { diff } from '../../src/diff.js';
import { aSpec } from '../a-spec.js';

const a = aSpec({ id: 'a' });
const b = aSpec({ id: 'b' });
const changedB = aSpec({ id: 'b', settings: { url: 'http://b' } });
const present = (...specs: readonly (typeof a)[]) => new Map(specs.map(({ id, revision }) => [id, revision]));
const NOTHING = { started: [], restarted: [], stopped: [], kept: [] };

describe('diff', () => {
  it('starts what is new', () => {
    expect(diff(present(), [a, b])).to.deep.equal({ ...NOTHING, started: ['a', 'b'] });
  });
  it('keeps what has the same revision', () => {
    expect(diff(present(a, b), [b, a])).to.deep.equal({ ...NOTHING, kept: ['b', 'a'] });
  });
  it('restarts only what has another revision', () => {
    expect(diff(present(a, b), [a, changedB])).to.deep.equal({ ...NOTHING, kept: ['a'], restarted: ['b'] });
  });
  it('stops what is not wanted any more', () => {
    expect(diff(present(a, b), [])).to.deep.equal({ ...NOTHING, stopped: ['a', 'b'] });
  });
  it('keeps a monitor whose module moved', () => {
    expect(diff(present(a), [aSpec({ id: 'a', module: 'file:///elsewhere.mjs' })]).kept).to.deep.equal(['a']);
  });
  it('refuses two specs with one id', () => {
    expect(() => diff(present(), [b, changedB])).to.throw(TypeError, '"b"');
  });
  it('finds all of 1,000 changed specs and nothing else', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
    const before = ids.map((id) => aSpec({ id }));
    const wanted = ids.map((id) => aSpec({ id, settings: { new: true } }));
    expect(diff(present(...before), wanted)).to.deep.equal({ ...NOTHING, restarted: ids });
  });
});
