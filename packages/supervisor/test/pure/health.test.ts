import { expect } from 'chai';
import type { Health } from '@vedette/contract';
import { healthOf, type HealthFacts } from '../../src/health.js';

const RUNNING: HealthFacts = {
  upAt: 0,
  isHung: false,
  roundAt: 100,
  outcome: 'ok',
  periodMs: 1_000,
  firstRoundDelayMs: 0,
};

describe('healthOf', () => {
  const cases: readonly [what: string, facts: Partial<HealthFacts>, now: number, expected: Health][] = [
    ['there is no run', { upAt: null }, 200, 'unknown'],
    ['no round has ended yet', { roundAt: null, outcome: null }, 200, 'unknown'],
    ['the first round does not come', { roundAt: null, outcome: null }, 3_001, 'late'],
    ['the first round is spread', { roundAt: null, outcome: null, firstRoundDelayMs: 500 }, 3_001, 'unknown'],
    ['the last round was good', {}, 200, 'healthy'],
    ['the last round failed', { outcome: 'failed' }, 200, 'failing'],
    ['the last round timed out', { outcome: 'timeout' }, 200, 'failing'],
    ['two periods and the slack have just passed', {}, 3_100, 'healthy'],
    ['two periods and the slack are over', {}, 3_101, 'late'],
    ['a failing one is late', { outcome: 'failed' }, 3_101, 'late'],
    ['it is hung', { isHung: true }, 200, 'hung'],
  ];
  for (const [what, facts, now, expected] of cases) {
    it(`is ${expected} if ${what}`, () => {
      expect(healthOf({ ...RUNNING, ...facts }, now)).to.equal(expected);
    });
  }
});
