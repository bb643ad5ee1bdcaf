import { expect } from 'chai';
import { Suspects } from '../../src/hosts/suspects.js';

const MINUTE = 60_000;
const a = { id: 'test:a', revision: '1' };
const b = { id: 'test:b', revision: '1' };

describe('suspects', () => {
  let now = 0;
  const someSuspects = () => new Suspects({ now: () => now, probationMs: 10 * MINUTE });
  beforeEach(() => {
    now = 0;
  });

  it('packs whoever is not known', () => {
    expect(someSuspects().mustBeAlone(a)).to.equal(false);
  });

  it('keeps a suspect alone for its probation, and nobody else', () => {
    const suspects = someSuspects();
    suspects.suspect(a);
    expect(suspects.mustBeAlone(a)).to.equal(true);
    expect(suspects.mustBeAlone(b)).to.equal(false);
    now = 10 * MINUTE;
    expect(suspects.mustBeAlone(a)).to.equal(false);
  });

  it('keeps one that came to harm alone for good, until it has new settings', () => {
    const suspects = someSuspects();
    suspects.convict(a);
    now = 1_000 * MINUTE;
    expect(suspects.mustBeAlone(a)).to.equal(true);
    expect(suspects.mustBeAlone({ ...a, revision: '2' })).to.equal(false);
  });

  it('does not shorten a sentence by a suspicion', () => {
    const suspects = someSuspects();
    suspects.convict(a);
    suspects.suspect(a);
    now = 11 * MINUTE;
    expect(suspects.mustBeAlone(a)).to.equal(true);
  });

  it('packs a neighbour again once, and has it alone the second time', () => {
    const suspects = someSuspects();
    suspects.witness(a);
    expect(suspects.mustBeAlone(a)).to.equal(false);
    now = MINUTE;
    suspects.witness(a);
    expect(suspects.mustBeAlone(a)).to.equal(true);
  });

  it('forgets what a neighbour saw after the probation', () => {
    const suspects = someSuspects();
    suspects.witness(a);
    now = 10 * MINUTE;
    suspects.witness(a);
    expect(suspects.mustBeAlone(a)).to.equal(false);
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
      const suspects = someSuspects();
      let last: ReturnType<Suspects['blocked']> | null = null;
      for (const instant of at) {
        now = instant;
        last = suspects.blocked(a);
      }
      expect(last).to.deep.equal({ times, isTooOften });
      expect(suspects.mustBeAlone(a)).to.equal(isTooOften);
    });
  }
});
