import { expect } from 'chai';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../src/json.js';
import { canonicalJson, revisionOf } from '../src/revision.js';
import { DEFAULT_LIMITS, withRevision, type MonitorSpec } from '../src/spec.js';

const SPEC: Omit<MonitorSpec, 'revision'> = {
  id: 'evm-node:a',
  kind: 'evm-node',
  name: 'geth 1',
  componentName: 'Node monitor (geth 1)',
  origin: { family: 'node', configId: 'a', parentId: 'p', baseChain: 'chainlink', subChain: 'bsc' },
  module: 'file:///opt/a/monitor.js',
  periodMs: 10_000,
  limits: DEFAULT_LIMITS,
  settings: { url: 'http://127.0.0.1:8545' },
};

describe('revision', () => {
  it('does not depend on the order of keys', () => {
    expect(revisionOf({ a: 1, b: { c: [1, 2], d: null } })).to.equal(
      revisionOf({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
  });

  it('depends on the order of a list', () => {
    expect(revisionOf([1, 2])).not.to.equal(revisionOf([2, 1]));
  });

  it('tells types apart that look alike', () => {
    const values: JsonValue[] = [
      1,
      '1',
      true,
      'true',
      null,
      'null',
      [],
      {},
      '',
      0,
      false,
      [null],
      { a: null },
    ];
    expect(new Set(values.map(revisionOf)).size).to.equal(values.length);
  });

  it('stays what it is from release to release', () => {
    expect(revisionOf({ b: [1, 'two', null], a: true })).to.equal('f696b62c20aee409');
  });

  it('is 16 hex digits', () => {
    expect(revisionOf({})).to.match(/^[0-9a-f]{16}$/);
  });

  it('survives a trip through JSON, and canonical JSON means the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as JsonValue;
        expect(JSON.parse(canonicalJson(plain))).to.deep.equal(plain);
        expect(revisionOf(JSON.parse(JSON.stringify(plain)) as JsonValue)).to.equal(revisionOf(plain));
      }),
      { numRuns: 500 },
    );
  });

  it('of a spec ignores where the module is installed', () => {
    const moved = withRevision({ ...SPEC, module: 'file:///elsewhere/monitor.js' });
    expect(moved.revision).to.equal(withRevision(SPEC).revision);
  });

  const CHANGES: Readonly<Record<string, Partial<MonitorSpec>>> = {
    name: { name: 'geth 2' },
    period: { periodMs: 11_000 },
    limits: { limits: { ...DEFAULT_LIMITS, oldMb: 48 } },
    settings: { settings: { url: 'http://127.0.0.1:8546' } satisfies JsonObject },
    parent: { origin: { ...SPEC.origin, parentId: 'q' } },
  };
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`of a spec changes with its ${what}`, () => {
      expect(withRevision({ ...SPEC, ...change }).revision).not.to.equal(withRevision(SPEC).revision);
    });
  }
});
