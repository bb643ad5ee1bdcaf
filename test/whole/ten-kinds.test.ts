/** The short form of `npm run test:kinds`: all ten kinds in one process, each source broken a few times. */
import { expect } from 'chai';
import { slopeOf } from '../kinds-soak/memory.js';
import { soakKinds } from '../kinds-soak/soak.js';

describe('all ten kinds together', function () {
  this.timeout(150_000);

  it('live through sources that fail at random, without a death or a round too late', async () => {
    const progress: string[] = [];
    const { rounds, figures } = await soakKinds({
      ...{ forMs: 10_000, seed: 20, pace: 0.3 },
      progress: (text) => progress.push(text),
    });
    const missed = figures.filter(({ isMet }) => !isMet).map(({ what, measured }) => `${what}: ${measured}`);
    expect(missed, progress.join('\n')).to.deep.equal([]);
    expect(rounds).to.have.lengthOf(10);
  });

  it('are judged by the line through their memory', () => {
    const line = [0, 1, 2, 3].map((minutes) => ({ minutes, mb: 200 + 2.5 * minutes }));
    expect(slopeOf(line)).to.be.closeTo(2.5, 1e-9);
    expect(slopeOf(line.map(({ minutes }) => ({ minutes, mb: 200 })))).to.equal(0);
  });
});
