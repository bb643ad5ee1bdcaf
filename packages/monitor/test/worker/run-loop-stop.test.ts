/** A stop at every point of a run. */
import { type VedetteError } from '@vedette/contract';
import { expect } from 'chai';
import { aMessage, Bench, never } from '../support/bench.js';

describe('RunLoop, its end', () => {
  describe('stop', () => {
    it('between rounds closes the monitor, then the link, and says so last', async () => {
      const order: string[] = [];
      const bench: Bench = new Bench({
        close: ({ signal }) => {
          order.push(`close ${signal.aborted}`);
        },
      });
      bench.publisher.onClose = async () => {
        order.push('link');
      };
      await bench.clock.advance(100);
      bench.loop.stop();
      bench.loop.stop();
      await bench.clock.advance(0);
      expect(order).to.deep.equal(['close false', 'link']);
      expect(bench.posted.map(({ type }) => type)).to.deep.equal(['ready', 'round-ended', 'stopped']);
      expect(bench.ended).to.equal(true);
    });

    it('during a round aborts it and tells nothing of it', async () => {
      const reasons: unknown[] = [];
      const bench = new Bench({
        round: ({ signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              reasons.push((signal.reason as VedetteError).code);
              resolve({ messages: [aMessage] });
            });
          }),
      });
      await bench.clock.advance(100);
      bench.loop.stop();
      await bench.clock.advance(0);
      expect(reasons).to.deep.equal(['SUPERVISOR_STOPPED']);
      expect(bench.posted.map(({ type }) => type)).to.deep.equal(['ready', 'stopped']);
      expect(bench.publisher.sent).to.deep.equal([]);
    });

    it('during a round that ignores its signal still ends, in its share of the deadline', async () => {
      let isClosed = false;
      const bench = new Bench({
        round: () => never,
        close: () => {
          isClosed = true;
        },
      });
      await bench.clock.advance(100);
      bench.loop.stop();
      await bench.clock.advance(400);
      expect(isClosed).to.equal(true);
      expect(bench.posted.map(({ type }) => type)).to.deep.equal(['ready', 'stopped']);
    });

    it('while a round is given up for good still ends', async () => {
      const bench = new Bench({ round: () => never }, { limits: { roundTimeoutMs: 100 } });
      await bench.clock.advance(5_000);
      bench.loop.stop();
      await bench.clock.advance(0);
      expect(bench.posted.map(({ type }) => type)).to.deep.equal(['ready', 'round-ended', 'stopped']);
    });

    it('while a good round is being published lets that end', async () => {
      const bench: Bench = new Bench({ round: () => ({ messages: [aMessage], state: 1 }) });
      bench.publisher.outcomeOf = () =>
        new Promise((resolve) => {
          bench.clock.after(300, () => {
            resolve('confirmed');
          });
        });
      await bench.clock.advance(100);
      bench.loop.stop();
      await bench.clock.advance(600);
      expect(bench.posted.map(({ type }) => type)).to.deep.equal(['ready', 'round-ended', 'stopped']);
      expect(bench.rounds[0]).to.deep.include({ outcome: 'ok', state: 1 });
      expect(bench.publisher.keys).to.deep.equal(['node.evm', 'heartbeat.worker']);
    });

    it('during open aborts it and does not close what was not opened', async () => {
      let isAborted = false;
      const bench = new Bench({
        open: ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              isAborted = true;
              reject(signal.reason as Error);
            });
          }),
        close: () => expect.fail('closed'),
      });
      await bench.clock.advance(50);
      bench.loop.stop();
      await bench.clock.advance(0);
      expect(isAborted).to.equal(true);
      expect(bench.posted).to.deep.equal([{ type: 'stopped' }]);
      expect(bench.ended).to.equal(true);
    });

    it('during an open that never settles still ends', async () => {
      const bench = new Bench({ open: () => never });
      await bench.clock.advance(50);
      bench.loop.stop();
      await bench.clock.advance(400);
      expect(bench.posted).to.deep.equal([{ type: 'stopped' }]);
    });

    it('that comes before the module is loaded ends without opening it', async () => {
      const bench: Bench = new Bench(
        {},
        {},
        () =>
          new Promise((resolve) => {
            bench.clock.after(100, () => {
              resolve({ open: () => expect.fail('opened'), round: () => expect.fail('run') });
            });
          }),
      );
      bench.loop.stop();
      await bench.clock.advance(100);
      expect(bench.posted).to.deep.equal([{ type: 'stopped' }]);
    });

    it('does not wait longer than its share for a close that never settles, and names it', async () => {
      let signal: AbortSignal | undefined;
      const bench = new Bench({
        close: (context) => {
          signal = context.signal;
          return never;
        },
      });
      await bench.clock.advance(100);
      bench.loop.stop();
      await bench.clock.advance(600);
      expect(signal?.aborted).to.equal(true);
      expect(bench.of('log').map(({ sentence }) => sentence)).to.deep.equal(['close() passed its deadline']);
      expect(bench.posted.at(-1)).to.deep.equal({ type: 'stopped' });
    });

    it('survives a close that throws', async () => {
      const bench = new Bench({
        close: () => {
          throw new Error('oops');
        },
      });
      await bench.clock.advance(100);
      bench.loop.stop();
      await bench.clock.advance(0);
      expect(bench.of('log').map(({ sentence }) => sentence)).to.deep.equal(['close() failed']);
      expect(bench.posted.at(-1)).to.deep.equal({ type: 'stopped' });
    });

    it('does not wait for a link that does not close', async () => {
      const bench = new Bench({});
      bench.publisher.onClose = () => never;
      await bench.clock.advance(100);
      bench.loop.stop();
      await bench.clock.advance(500);
      expect(bench.posted.at(-1)).to.deep.equal({ type: 'stopped' });
    });
  });
});
