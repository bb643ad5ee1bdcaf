import { expect } from 'chai';
import { firstRoundDelayMs } from '../../src/first-round.js';

describe('firstRoundDelayMs', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `system:s${index}`);

  it('is the same for the same id', () => {
    expect(firstRoundDelayMs('system:a', 60_000, 50)).to.equal(firstRoundDelayMs('system:a', 60_000, 50));
  });
  it('stays below 10 ms per wanted monitor', () => {
    for (const id of ids) expect(firstRoundDelayMs(id, 60_000, 100)).to.be.within(0, 999);
  });
  it('stays below the period', () => {
    for (const id of ids) expect(firstRoundDelayMs(id, 700, 1_000)).to.be.within(0, 699);
  });
  it('is zero where there is nothing to spread', () => {
    expect(firstRoundDelayMs('a', 0, 1_000)).to.equal(0);
    expect(firstRoundDelayMs('a', 1_000, 0)).to.equal(0);
  });
  it('spreads 1,000 ids evenly over ten parts of the window', () => {
    const parts = Array<number>(10).fill(0);
    for (const id of ids) {
      const part = Math.floor(firstRoundDelayMs(id, 60_000, 1_000) / 1_000);
      parts[part] = (parts[part] ?? 0) + 1;
    }
    for (const count of parts) expect(count).to.be.within(60, 140);
  });
});
