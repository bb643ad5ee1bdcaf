import { expect } from 'chai';
import fc from 'fast-check';
import { afterGrant, paceOf, waitMs } from '../../src/pace.js';

/** Instants at which grants happen if somebody always waits for the next. */
function greedy(perSecond: number, grants: number, from = 0): number[] {
  const pace = paceOf(perSecond);
  const instants: number[] = [];
  let account = -Infinity;
  let now = from;
  for (let grant = 0; grant < grants; grant += 1) {
    instants.push(now);
    account = afterGrant(pace, account, now);
    now += waitMs(pace, account, now);
  }
  return instants;
}

describe('pace', () => {
  it('lets a small burst through at once, then one per interval', () => {
    expect(greedy(20, 5)).to.deep.equal([0, 0, 50, 100, 150]);
  });
  it('does not wait at all without a limit', () => {
    expect(greedy(Infinity, 3)).to.deep.equal([0, 0, 0]);
  });
  it('spaces grants evenly below ten per second', () => {
    expect(greedy(2, 3)).to.deep.equal([0, 500, 1_000]);
  });
  it('never grants more than the rate and its burst within any second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 600 }), (perSecond, grants) => {
        const instants = greedy(perSecond, grants);
        for (const from of instants) {
          const within = instants.filter((at) => at >= from && at < from + 1_000).length;
          expect(within).to.be.at.most(perSecond + paceOf(perSecond).burst);
        }
      }),
      { numRuns: 60 },
    );
  });
});
