import { expect } from 'chai';
import { backoffMs } from '../../src/backoff.js';

const BACKOFF = { initialMs: 500, maxMs: 30_000, factor: 2, jitter: 0.2 };

describe('backoffMs', () => {
  const cases: readonly [step: number, chance: number, expected: number][] = [
    [0, 0, 500],
    [1, 0, 1_000],
    [5, 0, 16_000],
    [6, 0, 30_000],
    [5_000, 0, 30_000],
    [0, 0.5, 450],
    [6, 0.5, 27_000],
  ];
  for (const [step, chance, expected] of cases) {
    it(`waits ${expected} ms at step ${step} with chance ${chance}`, () => {
      expect(backoffMs(BACKOFF, step, chance)).to.equal(expected);
    });
  }
});
