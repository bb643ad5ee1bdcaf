import { expect } from 'chai';
import {
  claimableEras,
  NO_ERAS,
  planEras,
  rememberEras,
  unclaimedEras,
} from '../src/substrate-node/era-claims.js';
import { heightsAfter } from '../src/substrate-node/history.js';

describe('the claims of a validator', () => {
  it('range over the history without the active era', () => {
    expect(claimableEras(10, 4)).to.deep.equal([7, 8, 9]);
    expect(claimableEras(3, 84)).to.deep.equal([0, 1, 2]);
    expect(claimableEras(84, 84)).to.have.lengthOf(83);
    expect(claimableEras(0, 84)).to.deep.equal([]);
    expect(claimableEras(5, 0)).to.deep.equal([]);
  });

  it('are asked for only while they can change', () => {
    const eras = [1, 2, 3, 4, 5];
    const memory = { pages: { 2: 0, 3: 1, 4: 2 }, claimed: [4] };
    expect(planEras(eras, new Set([1]), memory)).to.deep.equal({ open: [3, 5], unknown: [5] });
  });

  it('are remembered, and forgotten with the history', () => {
    const eras = [3, 4, 5];
    const first = rememberEras(
      eras,
      NO_ERAS,
      new Map([
        [3, 2],
        [4, 0],
        [5, 1],
      ]),
      new Map([
        [3, 1],
        [5, 1],
      ]),
    );
    expect(first).to.deep.equal({ pages: { 3: 2, 4: 0, 5: 1 }, claimed: [5] });
    expect(unclaimedEras(eras, new Set(), first)).to.deep.equal([3]);
    expect(unclaimedEras(eras, new Set([3]), first)).to.deep.equal([]);
    expect(rememberEras([5, 6], first, new Map(), new Map())).to.deep.equal({
      pages: { 5: 1 },
      claimed: [5],
    });
  });
});

describe('the blocks told in a round', () => {
  const ROWS: readonly (readonly [
    last: number | null,
    isArchive: boolean,
    from: number | null,
    count: number,
  ])[] = [
    [null, false, 1000, 1],
    [null, true, 1000, 1],
    [999, false, 1000, 1],
    [754, false, 755, 246],
    [753, false, 755, 246],
    [743, false, 755, 246],
    [700, true, 701, 300],
    [699, true, 701, 300],
    [1000, false, null, 0],
    [1200, true, null, 0],
  ];
  for (const [last, isArchive, from, count] of ROWS) {
    it(`at 1000 after ${String(last)}${isArchive ? ' on an archive node' : ''} are ${String(count)}`, () => {
      const heights = heightsAfter(last, 1000, isArchive);
      expect(heights).to.have.lengthOf(count);
      expect(heights[0] ?? null).to.equal(from);
      if (count > 0) expect(heights.at(-1)).to.equal(1000);
    });
  }
});
