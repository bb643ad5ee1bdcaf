import { expect } from 'chai';
import { collectionFor, Tidy } from '../../src/worker/tidy.js';

const MIB = 1024 * 1024;
const SOON = { isDue: false, waitMs: 1_000 };

describe('collectionFor', () => {
  const CASES: readonly (readonly [what: string, Parameters<typeof collectionFor>[0], string | null])[] = [
    ['the first round, however soon the next', { ...SOON, used: 9 * MIB, floor: null }, 'young'],
    ['little growth and a short wait', { ...SOON, used: 6 * MIB, floor: 5 * MIB, waitMs: 19_999 }, null],
    ['little growth and a long wait', { ...SOON, used: 6 * MIB, floor: 5 * MIB, waitMs: 20_000 }, 'young'],
    ['less than before', { ...SOON, used: 4 * MIB, floor: 5 * MIB, isDue: true }, null],
    ['2 MiB more', { ...SOON, used: 7 * MIB, floor: 5 * MIB }, 'all'],
    ['2 MiB more in a large heap', { ...SOON, used: 42 * MIB, floor: 40 * MIB }, null],
    ['a quarter more in a large heap', { ...SOON, used: 50 * MIB, floor: 40 * MIB, waitMs: 60_000 }, 'all'],
    ['some growth for long', { ...SOON, used: 5.25 * MIB, floor: 5 * MIB, isDue: true }, 'all'],
    ['hardly any growth for long', { ...SOON, used: 5.24 * MIB, floor: 5 * MIB, isDue: true }, null],
  ];
  for (const [what, given, collection] of CASES) {
    it(`${what}: ${collection ?? 'nothing'}`, () => {
      expect(collectionFor(given)).to.equal(collection);
    });
  }
});

describe('Tidy', () => {
  it('counts growth and time from the last full collection', () => {
    let used = 8 * MIB;
    let now = 0;
    const done: string[] = [];
    const heap = {
      used: () => used,
      collect: (what: string) => {
        done.push(`${what} at ${String(now)}`);
        used = what === 'all' ? 5 * MIB : used - MIB;
      },
    };
    const tidy = new Tidy(heap, { monotonic: () => now }, () => 0.5);
    for (const [at, grown] of [
      [1, 0],
      [2, MIB],
      [3, 3 * MIB],
      [4, MIB],
      [240_002, 0],
      [240_003, 0],
    ] as const) {
      now = at;
      used += grown;
      tidy.beforeWait(1_000);
    }
    expect(done).to.deep.equal(['young at 1', 'all at 3', 'all at 240003']);
  });
});
