import { expect } from 'chai';
import { isWorthCollecting, Tidy } from '../../src/worker/tidy.js';

const MIB = 1024 * 1024;

describe('isWorthCollecting', () => {
  const CASES: readonly (readonly [what: string, Parameters<typeof isWorthCollecting>[0], boolean])[] = [
    ['what the start left', { restedMs: 0, used: 9 * MIB, floor: null }, true],
    ['little growth', { restedMs: 60_000, used: 6 * MIB, floor: 5 * MIB }, false],
    ['less than before', { restedMs: 240_000, used: 4 * MIB, floor: 5 * MIB }, false],
    ['2 MiB more', { restedMs: 60_000, used: 7 * MIB, floor: 5 * MIB }, true],
    ['2 MiB more so soon', { restedMs: 59_999, used: 7 * MIB, floor: 5 * MIB }, false],
    ['2 MiB more in a large heap', { restedMs: 60_000, used: 42 * MIB, floor: 40 * MIB }, false],
    ['a quarter more in a large heap', { restedMs: 60_000, used: 50 * MIB, floor: 40 * MIB }, true],
    ['some growth for long', { restedMs: 240_000, used: 5.25 * MIB, floor: 5 * MIB }, true],
    ['some growth', { restedMs: 239_999, used: 5.25 * MIB, floor: 5 * MIB }, false],
    ['hardly any growth for long', { restedMs: 240_000, used: 5.24 * MIB, floor: 5 * MIB }, false],
  ];
  for (const [what, given, isWorth] of CASES) {
    it(`${what}: ${isWorth ? 'yes' : 'no'}`, () => {
      expect(isWorthCollecting(given)).to.equal(isWorth);
    });
  }
});

describe('Tidy', () => {
  let [used, now] = [0, 0];
  let isBusy: boolean;
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
      isBusy: () => isBusy,
      random: () => 0.5,
      later: (delayMs, action) => late.push([delayMs, action]),
    });
  let tidy: Tidy;
  beforeEach(() => {
    [used, now, isBusy, done, late, answer] = [8 * MIB, 0, false, [], [], null];
    tidy = newTidy();
  });
  const collected = (): void => {
    answer?.();
    answer = null;
  };

  it('collects what the start left some seconds after the first round, at a time of its own', () => {
    tidy.beforeWait();
    const [delayMs, action] = late.pop() ?? [];
    expect([delayMs, done]).to.deep.equal([6_000, []]);
    action?.();
    expect(done).to.deep.equal(['at 0']);
  });

  it('does not while the processor is busy', () => {
    tidy.beforeWait();
    isBusy = true;
    for (let time = 1; time <= 3; time += 1) {
      late.pop()?.[1]();
      expect([done, late.length]).to.deep.equal([[], 1]);
    }
    isBusy = false;
    late.pop()?.[1]();
    expect([done.length, late.length]).to.deep.equal([1, 0]);
  });

  it('counts growth and time from the last collection', () => {
    tidy.beforeWait();
    late.pop()?.[1]();
    collected();
    for (const [at, grown] of [
      [2, 3 * MIB],
      [60_000, 0],
      [60_001, MIB],
      [299_999, 0],
      [300_000, 0],
    ] as const) {
      now = at;
      used += grown;
      tidy.beforeWait();
      late.pop()?.[1]();
      collected();
    }
    expect(done).to.deep.equal(['at 0', 'at 60000', 'at 300000']);
  });

  it('asks for one at a time', () => {
    tidy.beforeWait();
    tidy.beforeWait();
    expect(late).to.have.length(1);
    late.pop()?.[1]();
    used = 20 * MIB;
    tidy.beforeWait();
    expect(late).to.have.length(0);
    collected();
    [used, now] = [40 * MIB, 60_000];
    tidy.beforeWait();
    expect(late).to.have.length(1);
  });
});
