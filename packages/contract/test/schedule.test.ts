/** When the next round is due. */
import { expect } from 'chai';
import { nextDue } from '../src/schedule.js';

describe('nextDue', () => {
  const cases: [what: string, due: number, now: number, next: number][] = [
    ['a quick round', 1_000, 1_005, 2_000],
    ['a round that ended when it was due', 1_000, 1_000, 2_000],
    ['a round that ended just before the next slot', 1_000, 1_999.9, 2_000],
    ['a round that ended in the very next slot', 1_000, 2_000, 3_000],
    ['a late round', 1_000, 2_001, 3_000],
    ['a round that used up three slots', 1_000, 4_500, 5_000],
    ['a clock that went back', 1_000, 900, 2_000],
    ['an hour asleep', 1_000, 3_601_500, 3_602_000],
  ];
  for (const [what, due, now, next] of cases) {
    it(`gives the next free slot after ${what}`, () => {
      expect(nextDue(due, now, 1_000)).to.equal(next);
    });
  }
});
