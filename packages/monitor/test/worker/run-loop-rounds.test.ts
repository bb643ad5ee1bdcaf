/** Good rounds, and a broker that does not take them. */
import { type JsonValue, type PublishOutcome } from '@vedette/contract';
import { expect } from 'chai';
import type { MonitorContext, RoundResult } from '../../src/define-monitor.js';
import { aMessage, Bench, never } from '../support/bench.js';

describe('RunLoop, its rounds', () => {
  describe('a good round', () => {
    const body = { result: 1, real: 2n };

    it('is published in order, then the heartbeat, then told to the supervisor', async () => {
      const bench: Bench = new Bench({
        round: () => ({
          messages: [
            { routingKey: 'a', body },
            { exchange: 'other', routingKey: 'b', body: {} },
          ],
          state: { n: 1 },
          facts: { height: 7, broken: NaN, none: null },
          reported: { code: 5015, message: 'down' },
        }),
      });
      bench.publisher.outcomeOf = (message) => {
        expect(bench.rounds).to.have.length(0);
        return message.routingKey === 'a' ? 'deferred' : 'confirmed';
      };
      await bench.clock.advance(0);
      expect(
        bench.publisher.sent.map(({ message }) => [message.exchange, message.routingKey, message.content]),
      ).to.deep.equal([
        ['raw_data', 'a', '{"result": 1, "real": 2}'],
        ['other', 'b', '{}'],
        [
          'health_check',
          'heartbeat.worker',
          '{"component_name": "Test monitor (one)", "is_alive": true, "timestamp": 1700000000.0}',
        ],
      ]);
      for (const { options } of bench.publisher.sent) {
        expect(options).to.deep.equal({ whenDown: 'keep-newest', key: 'Test monitor (one)' });
      }
      expect(bench.posted).to.deep.equal([
        { type: 'ready' },
        {
          type: 'round-ended',
          outcome: 'ok',
          durationMs: 0,
          at: 1_700_000_000_000,
          state: { n: 1 },
          facts: { height: 7, broken: null, none: null },
          reported: { code: 5015, message: 'down' },
          error: null,
          publishes: { confirmed: 1, deferred: 1 },
        },
      ]);
    });

    it('without messages still sends its heartbeat', async () => {
      const bench = new Bench({});
      await bench.clock.advance(0);
      expect(bench.publisher.keys).to.deep.equal(['heartbeat.worker']);
    });

    it('leaves its state to the next, and none where it returns none', async () => {
      const seen: JsonValue[] = [];
      const results: RoundResult[] = [
        { messages: [], state: { n: [1] } },
        { messages: [] },
        { messages: [], state: 0 },
      ];
      const bench: Bench = new Bench(
        {
          round: (_context, state) => {
            seen.push(state);
            return results[seen.length - 1] ?? { messages: [] };
          },
        },
        { state: { restored: true } },
      );
      await bench.clock.advance(3_000);
      expect(seen).to.deep.equal([{ restored: true }, { n: [1] }, null, 0]);
      expect(bench.rounds.map(({ state }) => state)).to.deep.equal([{ n: [1] }, null, 0, null]);
    });

    it('gets a context with its identity, settings and a time that always grows', async () => {
      const times: number[] = [];
      let context: MonitorContext | undefined;
      const bench = new Bench(
        {
          round: (given) => {
            context = given;
            times.push(given.now(), given.now(), given.now());
            return { messages: [] };
          },
        },
        { spec: { settings: { url: 'x' } } },
      );
      await bench.clock.advance(1_000);
      expect(context?.settings).to.deep.equal({ url: 'x' });
      expect(context?.monitor).to.deep.equal({
        id: 'test:one',
        kind: 'test',
        name: 'one',
        componentName: 'Test monitor (one)',
        configId: 'one',
        parentId: 'chain',
        baseChain: 'general',
        subChain: 'general',
      });
      expect(times[0]).to.equal(1_700_000_000_000);
      expect(new Set(times).size).to.equal(6);
      expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    });
  });

  describe('a broker that does not take the data', () => {
    const codes: [PublishOutcome, string][] = [
      ['unroutable', 'BROKER_UNROUTABLE'],
      ['nacked', 'BROKER_NACKED'],
      ['timeout', 'BROKER_CONFIRM_TIMEOUT'],
      ['dropped', 'BROKER_CLOSED'],
    ];
    for (const [outcome, code] of codes) {
      it(`costs the heartbeat when the data is ${outcome}, and the round says why`, async () => {
        const bench = new Bench({ round: () => ({ messages: [aMessage, aMessage], state: 1 }) });
        let count = 0;
        bench.publisher.outcomeOf = () => ((count += 1) === 2 ? outcome : 'confirmed');
        await bench.clock.advance(0);
        expect(bench.publisher.keys).to.deep.equal(['node.evm', 'node.evm']);
        expect(bench.rounds[0]).to.deep.include({ outcome: 'ok', state: 1 });
        expect(bench.rounds[0]?.error?.code).to.equal(code);
      });
    }

    it('is logged when it begins and when it is over, not in between', async () => {
      const bench = new Bench({ round: () => ({ messages: [aMessage] }) });
      bench.publisher.outcomeOf = () => 'unroutable';
      await bench.clock.advance(2_000);
      bench.publisher.outcomeOf = () => 'confirmed';
      await bench.clock.advance(2_000);
      expect(bench.of('log').map(({ level, sentence, fields }) => [level, sentence, fields])).to.deep.equal([
        [
          'warn',
          'broker did not take raw data',
          { routingKey: 'node.evm', outcome: 'unroutable', code: 'BROKER_UNROUTABLE' },
        ],
        ['info', 'broker takes raw data again', { missedRounds: 3 }],
      ]);
    });

    it('costs nothing but a log line when only the heartbeat reaches no queue', async () => {
      const bench = new Bench({ round: () => ({ messages: [aMessage] }) });
      bench.publisher.outcomeOf = ({ exchange }) =>
        exchange === 'health_check' ? 'unroutable' : 'confirmed';
      await bench.clock.advance(3_000);
      expect(bench.rounds.map(({ outcome, error }) => [outcome, error])).to.deep.equal(
        Array(4).fill(['ok', null]),
      );
      expect(bench.of('log').map(({ sentence }) => sentence)).to.deep.equal([
        'broker did not take heartbeat',
      ]);
    });

    it('is given up when a publisher breaks its word and never settles, and beats meanwhile', async () => {
      const bench = new Bench({ round: () => ({ messages: [aMessage] }) });
      bench.publisher.outcomeOf = () => never;
      await bench.clock.advance(1_000);
      expect(bench.vitals.read()).to.deep.include({ isInRound: false, rounds: 1 });
      const before = bench.vitals.beats();
      await bench.clock.advance(1_000);
      expect(bench.vitals.beats()).to.be.at.least(before + 10);
      await bench.clock.advance(1_000);
      expect(bench.rounds.map(({ error }) => error?.code)).to.deep.equal(['BROKER_CONFIRM_TIMEOUT']);
    });
  });
});
