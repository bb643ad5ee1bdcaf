import { expect } from 'chai';
import { collectionFor, Tidy } from '../../src/worker/tidy.js';

const MIB = 1024 * 1024;

describe('collectionFor', () => {
  const CASES: readonly (readonly [what: string, Parameters<typeof collectionFor>[0], string | null])[] = [
    ['the first round, however soon the next', { used: 9 * MIB, floor: null, waitMs: 0 }, 'young'],
    ['little growth and a short wait', { used: 6 * MIB, floor: 5 * MIB, waitMs: 19_999 }, null],
    ['little growth and a long wait', { used: 6 * MIB, floor: 5 * MIB, waitMs: 20_000 }, 'young'],
    ['less than before', { used: 4 * MIB, floor: 5 * MIB, waitMs: 10_000 }, null],
    ['2 MiB more', { used: 7 * MIB, floor: 5 * MIB, waitMs: 0 }, 'all'],
    ['2 MiB more in a large heap', { used: 42 * MIB, floor: 40 * MIB, waitMs: 0 }, null],
    ['a quarter more in a large heap', { used: 50 * MIB, floor: 40 * MIB, waitMs: 60_000 }, 'all'],
  ];
  for (const [what, given, collection] of CASES) {
    it(`${what}: ${collection ?? 'nothing'}`, () => {
      expect(collectionFor(given)).to.equal(collection);
    });
  }
});

describe('Tidy', () => {
  it('counts growth from the last full collection', () => {
    let used = 8 * MIB;
    const done: string[] = [];
    const tidy = new Tidy({
      used: () => used,
      collect: (what) => {
        done.push(what);
        used = what === 'all' ? 5 * MIB : used - MIB;
      },
    });
    for (const grown of [0, MIB, 3 * MIB, MIB, 1.5 * MIB]) {
      used += grown;
      tidy.beforeWait(1_000);
    }
    expect(done).to.deep.equal(['young', 'all', 'all']);
  });
});
