import { expect } from 'chai';
import { reconnectSpreadMs } from '../../src/reconnect-spread.js';

/** Small, fast and the same everywhere (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('reconnectSpreadMs', () => {
  it('is nothing to speak of for a monitor alone', () => {
    expect(reconnectSpreadMs(1)).to.be.below(100);
  });

  it('F27 keeps 1,000 links that fall together below 100 opens in any second', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = seeded(seed);
      const opens = Array.from({ length: 1_000 }, () => random() * reconnectSpreadMs(1_000)).sort(
        (a, b) => a - b,
      );
      const most = Math.max(
        ...opens.map((at, first) => opens.filter((one, i) => i >= first && one < at + 1_000).length),
      );
      expect(most, `seed ${seed}`).to.be.below(100);
    }
  });
});
