/** A spec from what a program says: complete, and refused where the program is wrong. */
import { expect } from 'chai';
import { DEFAULT_LIMITS, monitorSpec } from '../src/index.js';

const module = new URL('file:///monitor.mjs');

describe('monitorSpec', () => {
  it('fills in all that a supervisor needs', () => {
    const spec = monitorSpec({ id: 'page:home', module, periodMs: 1_000, limits: { oldMb: 40 } });
    expect(spec).to.include({ id: 'page:home', kind: 'page', name: 'page:home', module: module.href });
    expect(spec.componentName).to.equal('page monitor (page:home)');
    expect(spec.limits).to.deep.equal({ ...DEFAULT_LIMITS, oldMb: 40 });
    expect(spec.settings).to.deep.equal({});
  });

  it('has another revision for other settings, and the same for the same', () => {
    const revision = (url: string) =>
      monitorSpec({ id: 'a', module, periodMs: 1, settings: { url } }).revision;
    expect(revision('x')).to.equal(revision('x'));
    expect(revision('x')).to.not.equal(revision('y'));
  });

  for (const [wrong, text] of [
    [{ id: '' }, 'id must not be empty'],
    [{ module: './monitor.mjs' }, 'must be a file: URL'],
    [{ periodMs: 0 }, 'periodMs must be above 0'],
    [{ periodMs: Infinity }, 'periodMs must be above 0'],
    [{ periodMs: NaN }, 'periodMs must be above 0'],
  ] as const) {
    it(`refuses ${JSON.stringify(wrong)}`, () => {
      expect(() => monitorSpec({ id: 'a', module, periodMs: 1, ...wrong })).to.throw(TypeError, text);
    });
  }
});
