/** Rounds that throw, return nonsense or pass their deadline. */
import { VedetteError, type JsonValue } from '@vedette/contract';
import { expect } from 'chai';
import type { RoundResult } from '../../src/define-monitor.js';
import { aMessage, Bench, never } from '../support/bench.js';

describe('RunLoop, rounds that fail', () => {
  describe('a round that throws', () => {
    it('publishes nothing, keeps the state, and the next is on time', async () => {
      const seen: JsonValue[] = [];
      const bench: Bench = new Bench(
        {
          round: (_context, state) => {
            seen.push(structuredClone(state));
            if (seen.length > 1) return { messages: [], state: 'new' };
            (state as { n: number }).n = 99;
            throw new TypeError('no http://user:hunter2@host/ here');
          },
        },
        { state: { n: 1 } },
      );
      await bench.clock.advance(1_000);
      expect(seen).to.deep.equal([{ n: 1 }, { n: 1 }]);
      expect(bench.publisher.keys).to.deep.equal(['heartbeat.worker']);
      const [failed, next] = bench.rounds;
      expect(failed).to.deep.include({ outcome: 'failed', state: { n: 1 }, facts: {}, reported: null });
      expect(failed?.error).to.deep.include({ code: 'MONITOR_ROUND_FAILED' });
      expect(failed?.error?.cause).to.deep.include({ name: 'TypeError' });
      expect(JSON.stringify(failed)).to.not.include('hunter2');
      expect(next).to.deep.include({ outcome: 'ok', state: 'new' });
    });

    it('keeps a code of ours', async () => {
      const bench = new Bench({
        round: () => Promise.reject(new VedetteError('SOURCE_BAD_BODY', 'odd', { details: { a: 1 } })),
      });
      await bench.clock.advance(0);
      expect(bench.rounds[0]?.error).to.deep.include({ code: 'SOURCE_BAD_BODY', details: { a: 1 } });
    });

    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const unusable: [what: string, result: unknown][] = [
      ['nothing', undefined],
      ['null', null],
      ['no messages', {}],
      ['a message that is null', { messages: [null] }],
      ['a message without a body', { messages: [{ routingKey: 'a' }] }],
      ['a message with undefined in its body', { messages: [{ routingKey: 'a', body: { b: undefined } }] }],
      ['a good message and a bad one', { messages: [aMessage, { routingKey: 'a', body: undefined }] }],
      ['a state with a bigint', { messages: [aMessage], state: { a: 1n } }],
      ['a state with NaN', { messages: [aMessage], state: [NaN] }],
      ['a state with a function', { messages: [aMessage], state: { a: () => 1 } }],
      ['a state with a Map', { messages: [aMessage], state: new Map() }],
      ['a state with a Date', { messages: [aMessage], state: { at: new Date(0) } }],
      ['a state that holds itself', { messages: [aMessage], state: cyclic }],
    ];
    for (const [what, result] of unusable) {
      it(`is what a round counts as that returns ${what}`, async () => {
        const bench = new Bench({ round: () => result as RoundResult }, { state: 'old' });
        await bench.clock.advance(0);
        expect(bench.publisher.sent).to.deep.equal([]);
        expect(bench.rounds[0]).to.deep.include({ outcome: 'failed', state: 'old' });
        expect(bench.rounds[0]?.error?.code).to.equal('MONITOR_ROUND_FAILED');
      });
    }
  });

  describe('a round past its deadline', () => {
    it('is aborted, told as a timeout, and what it returns then is not published', async () => {
      const begun: number[] = [];
      const bench: Bench = new Bench(
        {
          round: ({ signal }) => {
            begun.push(bench.at);
            if (begun.length > 1) return { messages: [] };
            return new Promise((resolve) => {
              signal.addEventListener('abort', () => {
                resolve({ messages: [aMessage], state: 'never' });
              });
            });
          },
        },
        { limits: { roundTimeoutMs: 1_500 } },
      );
      await bench.clock.advance(1_499);
      expect(bench.rounds).to.deep.equal([]);
      await bench.clock.advance(1);
      expect(bench.rounds[0]).to.deep.include({ outcome: 'timeout', durationMs: 1_500, state: null });
      expect(bench.rounds[0]?.error).to.deep.include({
        code: 'MONITOR_ROUND_TIMEOUT',
        details: { roundTimeoutMs: 1_500 },
      });
      await bench.clock.advance(500);
      expect(begun).to.deep.equal([0, 2_000]);
      expect(bench.publisher.keys).to.deep.equal(['heartbeat.worker']);
    });

    it('that ignores its signal is given up after 500 ms; the loop beats on and begins no other', async () => {
      let begun = 0;
      const bench = new Bench(
        {
          round: () => {
            begun += 1;
            return never;
          },
        },
        { limits: { roundTimeoutMs: 1_000 } },
      );
      await bench.clock.advance(1_499);
      expect(bench.rounds).to.deep.equal([]);
      await bench.clock.advance(1);
      expect(bench.rounds.map(({ outcome }) => outcome)).to.deep.equal(['timeout']);
      const before = bench.vitals.beats();
      bench.loop.roundNow();
      await bench.clock.advance(10_000);
      expect(begun).to.equal(1);
      expect(bench.vitals.beats()).to.be.at.least(before + 100);
      expect(bench.vitals.read()).to.deep.include({ isInRound: true, rounds: 1 });
      expect(bench.rounds).to.have.length(1);
    });

    for (const end of ['resolves', 'rejects'] as const) {
      it(`that ${end} long after it was given up is told only once, and life goes on`, async () => {
        let begun = 0;
        const bench: Bench = new Bench(
          {
            round: () =>
              new Promise((resolve, reject) => {
                begun += 1;
                const action = end === 'resolves' ? resolve : reject;
                bench.clock.after(begun === 1 ? 5_000 : 0, () => {
                  if (begun === 1) action({ messages: [aMessage] } as never);
                  else resolve({ messages: [] });
                });
              }),
          },
          { limits: { roundTimeoutMs: 1_000 } },
        );
        await bench.clock.advance(6_000);
        expect(bench.rounds.map(({ outcome }) => outcome)).to.deep.equal(['timeout', 'ok']);
        expect(bench.publisher.keys).to.deep.equal(['heartbeat.worker']);
        expect(bench.vitals.read()).to.deep.include({ isInRound: false, rounds: 2 });
      });
    }

    it('may also be aborted by the supervisor', async () => {
      const bench = new Bench({
        round: ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reject(signal.reason as Error);
            });
          }),
      });
      await bench.clock.advance(100);
      bench.loop.abortRound();
      await bench.clock.advance(0);
      expect(bench.rounds[0]).to.deep.include({ outcome: 'timeout', durationMs: 100 });
      expect(bench.rounds[0]?.error?.code).to.equal('MONITOR_ROUND_TIMEOUT');
    });

    it('is not known to an abort that comes between two rounds', async () => {
      const bench = new Bench({});
      await bench.clock.advance(500);
      bench.loop.abortRound();
      await bench.clock.advance(500);
      expect(bench.rounds.map(({ outcome }) => outcome)).to.deep.equal(['ok', 'ok']);
    });
  });
});
