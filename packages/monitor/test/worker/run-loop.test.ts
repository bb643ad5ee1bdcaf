/** Schedule, vitals, logs and beginning of the run loop under a fake clock. */
import { VedetteError } from '@vedette/contract';
import { expect } from 'chai';
import type { MonitorDefinition } from '../../src/define-monitor.js';
import { Bench, type Message } from '../support/bench.js';

/** Rounds that take as long as told, and note when they began. */
function timed(durations: (number | null)[], note: number[]): (bench: () => Bench) => MonitorDefinition {
  return (bench) => ({
    round: () => {
      note.push(bench().at);
      const durationMs = durations[note.length - 1] ?? 0;
      return new Promise((resolve) => {
        bench().clock.after(durationMs, () => {
          resolve({ messages: [] });
        });
      });
    },
  });
}

describe('RunLoop', () => {
  describe('schedule', () => {
    const cases: [what: string, durations: number[], firstRoundDelayMs: number, begun: number[]][] = [
      [
        'begins with the spread and keeps the period from start to start',
        [0, 300, 0],
        250,
        [250, 1250, 2250, 3250],
      ],
      ['skips the slots a late round used up, without a burst', [2_500, 0, 0], 0, [0, 3_000, 4_000]],
      ['begins at once with a delay of zero', [], 0, [0, 1_000, 2_000, 3_000, 4_000]],
    ];
    for (const [what, durations, firstRoundDelayMs, begun] of cases) {
      it(what, async () => {
        const note: number[] = [];
        const bench: Bench = new Bench(
          timed(durations, note)(() => bench),
          { firstRoundDelayMs },
        );
        await bench.clock.advance(4_100);
        expect(note).to.deep.equal(begun);
      });
    }

    it('never lets rounds overlap', async () => {
      let inside = 0;
      let most = 0;
      const bench: Bench = new Bench({
        round: async () => {
          most = Math.max(most, (inside += 1));
          await new Promise<void>((resolve) => {
            bench.clock.after(1_700, resolve);
          });
          inside -= 1;
          return { messages: [] };
        },
      });
      for (let count = 0; count < 20; count += 1) {
        bench.loop.roundNow();
        await bench.clock.advance(333);
      }
      expect(most).to.equal(1);
    });

    it('runs a round now when asked, and counts the period from there', async () => {
      const note: number[] = [];
      const bench: Bench = new Bench(timed([], note)(() => bench));
      await bench.clock.advance(400);
      bench.loop.roundNow();
      await bench.clock.advance(1_700);
      expect(note).to.deep.equal([0, 400, 1_400]);
    });

    it('runs one more round right after the one under way, however often it is asked meanwhile', async () => {
      const note: number[] = [];
      const bench: Bench = new Bench(timed([500], note)(() => bench));
      await bench.clock.advance(100);
      bench.loop.roundNow();
      bench.loop.roundNow();
      await bench.clock.advance(1_300);
      expect(note).to.deep.equal([0, 500]);
    });
  });

  describe('vitals', () => {
    it('beat at least once per beat, in idle as in a round, and tell the memory used', async () => {
      const bench: Bench = new Bench({
        round: () =>
          new Promise((resolve) => {
            bench.clock.after(450, () => {
              resolve({ messages: [] });
            });
          }),
      });
      for (let elapsed = 0; elapsed < 2_000; elapsed += 100) {
        const before = bench.vitals.beats();
        await bench.clock.advance(100);
        expect(bench.vitals.beats()).to.be.greaterThan(before);
      }
      expect(bench.vitals.read()).to.deep.include({ rounds: 3, lastRoundMs: 450, isInRound: true });
      expect(bench.vitals.heapKb()).to.be.greaterThan(1_000);
    });

    it('count the steps a round marks', async () => {
      const bench = new Bench({
        round: (context) => {
          context.step();
          context.step();
          return { messages: [] };
        },
      });
      await bench.clock.advance(0);
      expect(bench.vitals.read().steps).to.equal(2);
    });
  });

  describe('logs', () => {
    it('reach the parent when wanted, as plain data without credentials', async () => {
      const bench = new Bench(
        {
          round: ({ log }) => {
            log('debug', 'too fine');
            log('warn', 'odd', {
              url: 'http://u:hunter2@h/',
              big: 5n,
              error: new Error('x'),
              list: [1],
              no: undefined,
            });
            return { messages: [] };
          },
        },
        { logLevel: 'info' },
      );
      await bench.clock.advance(0);
      const [record, ...others] = bench.of('log');
      expect(others).to.deep.equal([]);
      expect(record).to.deep.include({ level: 'warn', sentence: 'odd' });
      expect(record?.fields).to.deep.include({ big: '5', list: [1] });
      expect(record?.fields['url'])
        .to.match(/^http:.*@h\/$/)
        .and.not.include('hunter2');
      expect(record?.fields['error']).to.deep.include({ name: 'Error', message: 'x' });
      expect(record?.fields).to.not.have.property('no');
    });
  });

  describe('beginning', () => {
    it('is ready after open, and the spread counts from there', async () => {
      const begun: number[] = [];
      const bench: Bench = new Bench(
        {
          open: () =>
            new Promise((resolve) => {
              bench.clock.after(300, resolve);
            }),
          round: () => {
            begun.push(bench.at);
            return { messages: [] };
          },
        },
        { firstRoundDelayMs: 100 },
      );
      await bench.clock.advance(299);
      expect(bench.posted).to.deep.equal([]);
      expect(bench.vitals.beats()).to.be.greaterThan(5);
      await bench.clock.advance(200);
      expect(bench.posted[0]).to.deep.equal({ type: 'ready' });
      expect(begun).to.deep.equal([400]);
    });

    it('ends with a failure that may heal when open throws', async () => {
      const bench = new Bench({
        open: () => Promise.reject(new Error('no disk')),
        close: () => expect.fail(),
      });
      await bench.clock.advance(0);
      const [failed, ...others] = bench.posted;
      expect(others).to.deep.equal([]);
      expect(failed).to.deep.include({ type: 'failed', permanent: false });
      expect((failed as Message<'failed'>).error).to.deep.include({
        code: 'MONITOR_OPEN_FAILED',
        message: 'open() failed: no disk',
      });
      expect(bench.ended).to.equal(false);
      expect(bench.publisher.closedWith).to.equal(500);
    });

    it('ends with a failure that cannot heal when the module cannot be loaded', async () => {
      const error = new VedetteError('MONITOR_MODULE_INVALID', 'no monitor');
      const bench = new Bench({}, {}, () => Promise.reject(error));
      await bench.clock.advance(0);
      expect(bench.of('failed').map(({ permanent, error: { code } }) => [permanent, code])).to.deep.equal([
        [true, 'MONITOR_MODULE_INVALID'],
      ]);
      expect(bench.ended).to.equal(false);
    });
  });
});
