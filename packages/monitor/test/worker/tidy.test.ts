import { expect } from 'chai';
import { isWorthCollecting, Tidy } from '../../src/worker/tidy.js';

const MIB = 1024 * 1024;

describe('isWorthCollecting', () => {
  const CASES: readonly (readonly [what: string, Parameters<typeof isWorthCollecting>[0], boolean])[] = [
    ['what the start left', { isDue: false, used: 9 * MIB, floor: null }, true],
    ['little growth', { isDue: false, used: 6 * MIB, floor: 5 * MIB }, false],
    ['less than before', { isDue: true, used: 4 * MIB, floor: 5 * MIB }, false],
    ['2 MiB more', { isDue: false, used: 7 * MIB, floor: 5 * MIB }, true],
    ['2 MiB more in a large heap', { isDue: false, used: 42 * MIB, floor: 40 * MIB }, false],
    ['a quarter more in a large heap', { isDue: false, used: 50 * MIB, floor: 40 * MIB }, true],
    ['some growth for long', { isDue: true, used: 5.25 * MIB, floor: 5 * MIB }, true],
    ['hardly any growth for long', { isDue: true, used: 5.24 * MIB, floor: 5 * MIB }, false],
  ];
  for (const [what, given, isWorth] of CASES) {
    it(`${what}: ${isWorth ? 'yes' : 'no'}`, () => {
      expect(isWorthCollecting(given)).to.equal(isWorth);
    });
  }
});

describe('Tidy', () => {
  let [used, now] = [0, 0];
  let done: string[];
  let late: (readonly [delayMs: number, action: () => void])[];
  let answer: (() => void) | null;
  const newTidy = (): Tidy =>
    new Tidy({
      heap: {
        used: () => used,
        collect: (whenDone) => {
          done.push(`at ${String(now)}`);
          used = 5 * MIB;
          answer = whenDone;
        },
      },
      clock: { monotonic: () => now },
      random: () => 0.5,
      later: (delayMs, action) => late.push([delayMs, action]),
    });
  let tidy: Tidy;
  beforeEach(() => {
    [used, now, done, late, answer] = [8 * MIB, 0, [], [], null];
    tidy = newTidy();
  });
  const collected = (): void => {
    answer?.();
    answer = null;
  };

  for (const [waitMs, expected] of [
    [60_000, 3_000],
    [1_000, 250],
  ] as const) {
    it(`collects what the start left ${String(expected)} ms into a first wait of ${String(waitMs)} ms`, () => {
      tidy.beforeWait(waitMs);
      const [delayMs, action] = late.pop() ?? [];
      expect([delayMs, done]).to.deep.equal([expected, []]);
      action?.();
      expect(done).to.deep.equal(['at 0']);
    });
  }

  it('counts growth and time from the last collection', () => {
    tidy.beforeWait(1_000);
    late.pop()?.[1]();
    collected();
    for (const [at, grown] of [
      [2, MIB],
      [3, 3 * MIB],
      [4, MIB],
      [240_002, 0],
      [240_003, 0],
    ] as const) {
      now = at;
      used += grown;
      tidy.beforeWait(1_000);
      collected();
    }
    expect(done).to.deep.equal(['at 0', 'at 3', 'at 240003']);
  });

  it('asks for one at a time', () => {
    tidy.beforeWait(1_000);
    tidy.beforeWait(1_000);
    expect(late).to.have.length(1);
    late.pop()?.[1]();
    used = 20 * MIB;
    tidy.beforeWait(1_000);
    expect(done).to.have.length(1);
    collected();
    used = 40 * MIB;
    tidy.beforeWait(1_000);
    expect(done).to.have.length(2);
  });
});
