import { expect } from 'chai';
import { Placement } from '../../src/hosts/placement.js';

const MINUTE = 60_000;
const a = { id: 'test:a', revision: '1' };
const b = { id: 'test:b', revision: '1' };

describe('placement', () => {
  let now = 0;
  const aPlacement = () => new Placement({ now: () => now, probationMs: 10 * MINUTE });
  beforeEach(() => {
    now = 0;
  });

  it('packs whoever is not known', () => {
    expect(aPlacement().mustBeAlone(a)).to.equal(false);
  });

  it('keeps a suspect alone for its probation, and nobody else', () => {
    const placement = aPlacement();
    placement.suspect(a);
    expect(placement.mustBeAlone(a)).to.equal(true);
    expect(placement.mustBeAlone(b)).to.equal(false);
    now = 10 * MINUTE;
    expect(placement.mustBeAlone(a)).to.equal(false);
  });

  it('keeps one that came to harm alone for good, until it has new settings', () => {
    const placement = aPlacement();
    placement.convict(a);
    now = 1_000 * MINUTE;
    expect(placement.mustBeAlone(a)).to.equal(true);
    expect(placement.mustBeAlone({ ...a, revision: '2' })).to.equal(false);
  });

  it('does not shorten a sentence by a suspicion', () => {
    const placement = aPlacement();
    placement.convict(a);
    placement.suspect(a);
    now = 11 * MINUTE;
    expect(placement.mustBeAlone(a)).to.equal(true);
  });

  it('packs a neighbour again once, and has it alone the second time', () => {
    const placement = aPlacement();
    placement.witness(a);
    expect(placement.mustBeAlone(a)).to.equal(false);
    now = MINUTE;
    placement.witness(a);
    expect(placement.mustBeAlone(a)).to.equal(true);
  });

  it('forgets what a neighbour saw after the probation', () => {
    const placement = aPlacement();
    placement.witness(a);
    now = 10 * MINUTE;
    placement.witness(a);
    expect(placement.mustBeAlone(a)).to.equal(false);
  });

  const blocks: readonly [at: readonly number[], times: number, isTooOften: boolean][] = [
    [[0], 1, false],
    [[0, 1_000], 2, false],
    [[0, 1_000, 2_000], 3, true],
    [[0, 59_000, 61_000], 2, false],
    [[0, 30_000, 59_999], 3, true],
  ];
  for (const [at, times, isTooOften] of blocks) {
    it(`counts blocks at ${at.join(', ')} ms as ${times}, ${isTooOften ? 'too many' : 'few enough'}`, () => {
      const placement = aPlacement();
      let last: ReturnType<Placement['blocked']> | null = null;
      for (const instant of at) {
        now = instant;
        last = placement.blocked(a);
      }
      expect(last).to.deep.equal({ times, isTooOften });
      expect(placement.mustBeAlone(a)).to.equal(isTooOften);
    });
  }
});
