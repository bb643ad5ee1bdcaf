import {
  VedetteError,
  VitalsReader,
  VitalsWriter,
  type FromWorker,
  type JsonValue,
  type PublishOutcome,
  type StartData,
} from '@vedette/contract';
import { expect } from 'chai';
import type { MonitorContext, MonitorDefinition, RoundResult } from '../../src/define-monitor.js';
import { RunLoop } from '../../src/worker/run-loop.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakePublisher } from '../support/fake-publisher.js';
import { aStart, type StartOptions } from '../support/start-data.js';

type Message<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

const never = new Promise<never>(() => undefined);
const aMessage = { routingKey: 'node.evm', body: { result: 1 } };

/** A run loop under a clock the test moves; `at` is the time since the start. */
class Bench {
  readonly clock = new FakeClock();
  readonly publisher = new FakePublisher();
  readonly posted: FromWorker[] = [];
  readonly start: StartData;
  readonly loop: RunLoop;
  readonly vitals: VitalsReader;
  readonly #begunAt = this.clock.monotonic();
  ended: boolean | null = null;

  constructor(
    definition: Partial<MonitorDefinition>,
    options: StartOptions = {},
    load?: () => Promise<MonitorDefinition>,
  ) {
    this.start = aStart(options);
    this.vitals = new VitalsReader(this.start.vitals);
    this.loop = new RunLoop({
      start: this.start,
      load: load ?? (() => Promise.resolve({ round: () => ({ messages: [] }), ...definition })),
      publisher: this.publisher,
      vitals: new VitalsWriter(this.start.vitals),
      clock: this.clock,
      post: (message) => this.posted.push(structuredClone(message)),
    });
    void this.loop.run().then((isStopped) => {
      this.ended = isStopped;
    });
  }

  get at(): number {
    return this.clock.monotonic() - this.#begunAt;
  }

  of<T extends FromWorker['type']>(type: T): Message<T>[] {
    return this.posted.filter((message): message is Message<T> => message.type === type);
  }

  get rounds(): Message<'round-ended'>[] {
    return this.of('round-ended');
  }
}

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
