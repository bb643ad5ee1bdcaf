import { expect } from 'chai';
import { DEFAULT_LIMITS } from '@vedette/contract';
import { creditedMs, verdictOf, watchBounds, type Verdict } from '../../src/watch-decision.js';

const LIMITS = { ...DEFAULT_LIMITS, roundTimeoutMs: 30_000, oldMb: 10, externalMb: 20 };
const BOUNDS = watchBounds(LIMITS, 1_000);

describe('verdictOf', () => {
  const cases: readonly [numbers: [number, number, number, number], expected: Verdict][] = [
    [[0, 0, 0, 0], 'well'],
    [[2_499, 0, 0, 0], 'well'],
    [[2_500, 0, 0, 0], 'hung'],
    [[0, 30_500, 0, 0], 'well'],
    [[0, 30_501, 0, 0], 'round-timeout'],
    [[0, 0, 8_192, 0], 'well'],
    [[0, 0, 8_193, 0], 'memory-mark'],
    [[0, 0, 0, 20_480], 'well'],
    [[0, 0, 0, 20_481], 'memory-mark'],
    [[2_500, 30_501, 9_000, 30_000], 'hung'],
    [[0, 30_501, 9_000, 30_000], 'round-timeout'],
  ];
  for (const [numbers, expected] of cases) {
    it(`says ${expected} for still, in round, heap and external ${numbers.join(', ')}`, () => {
      expect(verdictOf(BOUNDS, ...numbers)).to.equal(expected);
    });
  }
});

describe('creditedMs', () => {
  const cases: readonly [gapMs: number, expected: number][] = [
    [125, 125],
    [1_000, 1_000],
    [60_000, 1_000],
    [-5, 0],
  ];
  for (const [gapMs, expected] of cases) {
    it(`credits ${expected} ms of a gap of ${gapMs} ms between two looks`, () => {
      expect(creditedMs(gapMs, 1_000)).to.equal(expected);
    });
  }
});
