import { expect } from 'chai';
import { lookCredit, rescueOf, type Loss, type Rescue } from '../../src/hosts/pool/rescue.js';

describe('rescueOf', () => {
  const cases: readonly [keys: number[], current: number | null, loss: Loss, rescue: Partial<Rescue>][] = [
    [[], null, 'crashed', {}],
    // Alone it is certain, whatever ran last.
    [[1], null, 'exited', { convicted: 1 }],
    [[1], 7, 'crashed', { convicted: 1 }],
    [[1], null, 'out-of-memory', { convicted: 1 }],
    // A thread that is still there has ended nobody's run.
    [[1], null, 'memory', { suspects: [1] }],
    [[1], 1, 'still', { suspects: [1] }],
    [[1, 2, 3], null, 'crashed', { suspects: [1, 2, 3] }],
    [[1, 2, 3], 2, 'exited', { convicted: 2, innocent: [1, 3] }],
    // An uncaught error comes later than the call that led to it.
    [[1, 2, 3], 2, 'crashed', { suspects: [2], innocent: [1, 3] }],
    [[1, 2, 3], 2, 'still', { suspects: [2], innocent: [1, 3] }],
    // Many fill the memory, and anybody may be the last.
    [[1, 2, 3], 2, 'out-of-memory', { suspects: [1, 2, 3] }],
    [[1, 2, 3], 2, 'memory', { suspects: [1, 2, 3] }],
    [[1, 2], 9, 'exited', { suspects: [1, 2] }],
  ];
  for (const [keys, current, loss, rescue] of cases) {
    it(`${loss} with [${keys.join(', ')}] in it while ${current === null ? 'none' : `${current}`} is called`, () => {
      expect(rescueOf(keys, current, loss)).to.deep.equal({
        convicted: null,
        suspects: [],
        innocent: [],
        ...rescue,
      });
    });
  }
});

describe('lookCredit', () => {
  const cases: readonly [gapMs: number, creditMs: number][] = [
    [-3, 0],
    [0, 0],
    [99, 99],
    [101, 100],
    [150, 100],
    [151, 25],
    [60_000, 25],
  ];
  for (const [gapMs, creditMs] of cases) {
    it(`${gapMs} ms between looks each 100 ms count as ${creditMs} ms`, () => {
      expect(lookCredit(gapMs, 100)).to.equal(creditMs);
    });
  }
});
