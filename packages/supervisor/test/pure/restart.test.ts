import { expect } from 'chai';
import type { RestartCause } from '@vedette/contract';
import { decideRestart, DEFAULT_RESTART_POLICY, NO_HISTORY, type RestartHistory } from '../../src/restart.js';

const POLICY = DEFAULT_RESTART_POLICY;
const FAILURES: readonly RestartCause[] = [
  'exited',
  'crashed',
  'out-of-memory',
  'hung',
  'round-timeout',
  'start-timeout',
  'open-failed',
];

function after(
  cause: RestartCause,
  known: Partial<RestartHistory> = {},
  more: { upMs?: number; now?: number; isPermanent?: boolean } = {},
  policy = POLICY,
) {
  const { upMs = 0, now = 100_000, isPermanent = false } = more;
  return decideRestart(policy, { ...NO_HISTORY, ...known }, { cause, upMs, isPermanent }, now, 0);
}

describe('decideRestart', () => {
  for (const cause of FAILURES) {
    it(`restarts at once after the first end by ${cause}`, () => {
      expect(after(cause).decision).to.deep.equal({ type: 'restart-at-once' });
    });
    it(`backs off after a repeated end by ${cause}`, () => {
      expect(after(cause, { failures: 1 }).decision).to.deep.equal({ type: 'back-off', delayMs: 500 });
    });
  }

  it('doubles the delay with every failure up to the maximum and never gives up', () => {
    let history = NO_HISTORY;
    const delays: number[] = [];
    for (let failure = 0; failure < 12; failure += 1) {
      const next = after('crashed', history);
      history = next.history;
      delays.push(next.decision.type === 'back-off' ? next.decision.delayMs : 0);
    }
    const doubled = [0, 500, 1_000, 2_000, 4_000, 8_000, 16_000];
    expect(delays).to.deep.equal([...doubled, ...Array<number>(5).fill(30_000)]);
  });

  it('forgets failures once a run stayed up long enough', () => {
    const { decision, history } = after('crashed', { failures: 9 }, { upMs: 60_000 });
    expect(decision.type).to.equal('restart-at-once');
    expect(history.failures).to.equal(1);
  });

  it('remembers failures if the run did not stay up', () => {
    expect(after('crashed', { failures: 3 }, { upMs: 59_999 }).decision.type).to.equal('back-off');
  });

  it('never heals what is permanent', () => {
    expect(after('open-failed', {}, { isPermanent: true }).decision.type).to.equal('never-heal');
  });

  for (const cause of ['config-changed', 'requested'] as const) {
    it(`restarts at once and forgets failures when ${cause}`, () => {
      expect(after(cause, { failures: 9 })).to.deep.equal({
        decision: { type: 'restart-at-once' },
        history: NO_HISTORY,
      });
    });
  }

  it('does not count a first memory mark as a failure', () => {
    const { decision, history } = after('memory-mark', { failures: 0 });
    expect(decision.type).to.equal('restart-at-once');
    expect(history).to.deep.equal({ ...NO_HISTORY, memoryMarkAt: 100_000 });
  });

  it('backs off when the memory mark repeats within a minute', () => {
    const known = { memoryMarkAt: 100_000 - 59_999 };
    expect(after('memory-mark', known).decision).to.deep.equal({ type: 'back-off', delayMs: 500 });
  });

  it('does not back off when a minute lies between two memory marks', () => {
    expect(after('memory-mark', { memoryMarkAt: 40_000 }).decision.type).to.equal('restart-at-once');
  });

  it('backs off ever longer from a leak that stays fast', () => {
    let history = NO_HISTORY;
    const delays: number[] = [];
    for (let mark = 0; mark < 4; mark += 1) {
      const next = after('memory-mark', history, { now: mark * 1_000 });
      history = next.history;
      delays.push(next.decision.type === 'back-off' ? next.decision.delayMs : 0);
    }
    expect(delays).to.deep.equal([0, 500, 1_000, 2_000]);
  });

  describe('with a limit of 2 within 10 s', () => {
    const limited = { ...POLICY, limit: { max: 2, withinMs: 10_000 } };

    it('gives up at the third failure within that time', () => {
      let history = NO_HISTORY;
      const types = [0, 1_000, 2_000].map((now) => {
        const next = after('crashed', history, { now }, limited);
        history = next.history;
        return next.decision.type;
      });
      expect(types).to.deep.equal(['restart-at-once', 'back-off', 'give-up']);
    });

    it('goes on if the failures lie further apart', () => {
      let history = NO_HISTORY;
      for (const now of [0, 6_000, 12_000, 18_000, 24_000]) {
        const next = after('crashed', history, { now }, limited);
        history = next.history;
        expect(next.decision.type).to.not.equal('give-up');
      }
    });
  });
});
