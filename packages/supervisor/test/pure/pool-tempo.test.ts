import { expect } from 'chai';
import { tempoOf, type PoolLoad, type Tempo } from '../../src/hosts/pool/tempo.js';

/** So many monitors of one period. */
function of(monitors: number, periodMs: number, roundMs: number, threads = 2): PoolLoad {
  return {
    monitors,
    threads,
    roundsPerSecond: (monitors * 1_000) / periodMs,
    shortestPeriodMs: periodMs,
    roundMs,
  };
}

describe('tempoOf', () => {
  const none: PoolLoad = {
    monitors: 0,
    threads: 2,
    roundsPerSecond: 0,
    shortestPeriodMs: Infinity,
    roundMs: 0,
  };
  const cases: readonly [what: string, load: PoolLoad, tempo: Tempo][] = [
    ['no monitor', none, { tickMs: 100, batch: 1, inFlight: 64 }],
    ['one', of(1, 10_000, 50), { tickMs: 100, batch: 1, inFlight: 64 }],
    ['a short period ticks oftener', of(200, 1_000, 5), { tickMs: 50, batch: 5, inFlight: 100 }],
    ['… but for rounds that take as long', of(200, 1_000, 800), { tickMs: 80, batch: 8, inFlight: 100 }],
    ['a very short one does not tick without pause', of(10, 1, 0), { tickMs: 2, batch: 5, inFlight: 64 }],
    ['1,000 of 10 s', of(1_000, 10_000, 200), { tickMs: 100, batch: 5, inFlight: 500 }],
    ['10,000 of 60 s', of(10_000, 60_000, 500), { tickMs: 100, batch: 9, inFlight: 1_024 }],
    ['… on eight threads', of(10_000, 60_000, 500, 8), { tickMs: 100, batch: 3, inFlight: 1_024 }],
    ['10,000 of 1 s', of(10_000, 1_000, 20), { tickMs: 50, batch: 250, inFlight: 1_024 }],
    ['more than can be done', of(5_000, 1, 1), { tickMs: 2, batch: 256, inFlight: 1_024 }],
    ['sources that do not answer', of(5_000, 10_000, 30_000), { tickMs: 100, batch: 25, inFlight: 1_024 }],
  ];
  for (const [what, load, tempo] of cases) {
    it(what, () => {
      expect(tempoOf(load)).to.deep.equal(tempo);
    });
  }

  it('lets no round be late by more than a twentieth of the shortest period, but for the pause of 2 ms', () => {
    for (const periodMs of [40, 100, 333, 1_000, 1_999]) {
      expect(tempoOf(of(50, periodMs, 1)).tickMs).to.be.at.most(Math.ceil(periodMs / 20));
    }
  });
});
