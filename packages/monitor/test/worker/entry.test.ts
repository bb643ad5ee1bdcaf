/** The built worker entry in real threads, with an embedded broker's answers. Needs `npm run build`. */
import { VedetteError } from '@vedette/contract';
import { expect } from 'chai';
import { eventually } from '../../../../test/support/eventually.js';
import { closeAll, rawServer } from '../support/servers.js';
import { endWorkers, fixture, TestWorker } from '../support/test-worker.js';

const published = (worker: TestWorker): unknown[] =>
  worker
    .of('broker')
    .map(({ request }) => [request.message.exchange, JSON.parse(request.message.content) as unknown]);

describe('worker entry', function () {
  this.timeout(20_000);
  afterEach(async () => {
    await endWorkers();
    await closeAll();
  });

  it('is ready, then runs round after round, carrying its state', async () => {
    const worker = new TestWorker('count', { state: { n: 40 } });
    await worker.some('ready');
    const rounds = await worker.some('round-ended', 3);
    expect(rounds.map(({ outcome, state, facts }) => [outcome, state, facts])).to.deep.equal([
      ['ok', { n: 41 }, { n: 41 }],
      ['ok', { n: 42 }, { n: 42 }],
      ['ok', { n: 43 }, { n: 43 }],
    ]);
    const types = worker.messages.map(({ type }) => type);
    expect(types.indexOf('ready')).to.be.lessThan(types.indexOf('round-ended'));
    expect(published(worker).slice(0, 1)).to.deep.equal([['raw_data', { n: 41 }]]);
    expect(worker.of('broker')[1]?.request.message.content).to.match(
      /^\{"component_name": "Test monitor \(one\)", "is_alive": true, "timestamp": \d+\.\d+\}$/,
    );
    expect(worker.of('link-changed')[0]).to.deep.include({ link: 'connected', error: null });
  });

  it('tells every settled publish to the parent only when asked', async () => {
    const worker = new TestWorker('count', { echo: true, answer: 'unroutable' });
    const [echo] = await worker.some('published');
    expect(echo).to.deep.include({ outcome: 'unroutable' });
    expect(echo?.message).to.deep.equal({ exchange: 'raw_data', routingKey: 'test', content: '{"n": 1}' });
    const quiet = new TestWorker('count');
    await quiet.some('round-ended', 2);
    expect(quiet.of('published')).to.deep.equal([]);
  });

  it('sends no heartbeat while the broker does not take its data, and says so once', async () => {
    const worker = new TestWorker('count', { answer: 'unroutable' });
    const rounds = await worker.some('round-ended', 3);
    expect(rounds.map(({ error }) => error?.code)).to.deep.equal(Array(3).fill('BROKER_UNROUTABLE'));
    expect(published(worker).every((one) => Array.isArray(one) && one[0] === 'raw_data')).to.equal(true);
    expect(worker.of('log').filter(({ level }) => level === 'warn')).to.have.length(1);
  });

  it('runs a round at once when asked', async () => {
    const worker = new TestWorker('count', { spec: { periodMs: 3_600_000 } });
    await worker.some('round-ended');
    worker.send({ type: 'round' });
    await worker.some('round-ended', 2);
  });

  for (const name of ['module.mjs', 'bundled-default.cjs']) {
    it(`loads a monitor from ${name}`, async () => {
      const worker = new TestWorker('', { spec: { module: fixture(name) } });
      const [round] = await worker.some('round-ended');
      expect(round?.outcome).to.equal('ok');
    });
  }

  describe('stop', () => {
    const expectStopped = async (worker: TestWorker): Promise<void> => {
      worker.send({ type: 'stop' });
      expect(await worker.exited).to.equal(0);
      expect(worker.error).to.equal(null);
      expect(worker.messages.at(-1)).to.deep.equal({ type: 'stopped' });
    };

    it('between rounds lets the thread end by itself, after close()', async () => {
      const worker = new TestWorker('count');
      await worker.some('round-ended');
      await expectStopped(worker);
      expect(worker.of('log').map(({ sentence }) => sentence)).to.deep.equal(['opening', 'closing']);
    });

    it('during a round that obeys its signal ends it without a word', async () => {
      const worker = new TestWorker('obeys-signal');
      await eventually(() => worker.vitals.read().isInRound);
      await expectStopped(worker);
      expect(worker.of('round-ended')).to.deep.equal([]);
    });

    it('during a round that never settles still ends', async () => {
      const worker = new TestWorker('never-settles', { limits: { stopTimeoutMs: 300 } });
      await eventually(() => worker.vitals.read().isInRound);
      await expectStopped(worker);
    });

    for (const mode of ['open-obeys', 'open-hangs']) {
      it(`during open ends it before it is ready (${mode})`, async () => {
        const worker = new TestWorker(mode, { limits: { stopTimeoutMs: 300 } });
        await worker.some('log');
        await expectStopped(worker);
        expect(worker.of('ready')).to.deep.equal([]);
      });
    }

    it('sent before the thread is up ends it all the same', async () => {
      await expectStopped(new TestWorker('count'));
    });

    it('says its last word although a forgotten timer keeps the thread', async () => {
      const worker = new TestWorker('leaves-timer');
      await worker.some('round-ended');
      worker.send({ type: 'stop' });
      await worker.some('stopped');
    });
  });

  describe('a round', () => {
    it('that throws is told as failed, and the next is on time', async () => {
      const worker = new TestWorker('throws');
      const rounds = await worker.some('round-ended', 2);
      for (const { outcome, error } of rounds) {
        expect(outcome).to.equal('failed');
        expect(error).to.deep.include({ code: 'MONITOR_ROUND_FAILED' });
        expect(error?.cause).to.deep.include({ name: 'TypeError', message: 'odd' });
      }
      expect(published(worker)).to.deep.equal([]);
    });

    it('that fails leaves the state of the last good one', async () => {
      const worker = new TestWorker('throws-at-first');
      const rounds = await worker.some('round-ended', 3);
      expect(rounds.map(({ outcome, state }) => [outcome, state])).to.deep.equal([
        ['ok', { n: 1 }],
        ['failed', { n: 1 }],
        ['failed', { n: 1 }],
      ]);
    });

    it('past its deadline is aborted, and the next one follows', async () => {
      const worker = new TestWorker('obeys-signal', { limits: { roundTimeoutMs: 50 } });
      const rounds = await worker.some('round-ended', 2);
      expect(rounds.map(({ outcome, error }) => [outcome, error?.code])).to.deep.equal(
        Array(2).fill(['timeout', 'MONITOR_ROUND_TIMEOUT']),
      );
    });

    it('aborted by the supervisor is told as a timeout', async () => {
      const worker = new TestWorker('obeys-signal');
      await eventually(() => worker.vitals.read().isInRound);
      worker.send({ type: 'abort' });
      const [round] = await worker.some('round-ended');
      expect(round?.outcome).to.equal('timeout');
    });

    it('that never settles is given up; the loop beats on and begins no other', async () => {
      const worker = new TestWorker('never-settles', { limits: { roundTimeoutMs: 50 } });
      await worker.some('round-ended');
      const before = worker.vitals.beats();
      await eventually(() => worker.vitals.beats() > before + 20);
      expect(worker.vitals.read()).to.deep.include({ rounds: 1, isInRound: true });
      expect(worker.of('round-ended')).to.have.length(1);
    });

    it('in an endless loop stops the beats', async () => {
      const worker = new TestWorker('endless-loop');
      await eventually(() => worker.vitals.read().steps === 1);
      const beats = worker.vitals.beats();
      let looks = 0;
      await eventually(() => (looks += 1) > 20);
      expect(worker.vitals.beats()).to.equal(beats);
    });
  });

  describe('what nobody caught', () => {
    for (const [mode, message] of [
      ['throws-in-timer', 'from a timer'],
      ['rejects-unhandled', 'from nowhere'],
    ] as const) {
      it(`ends the thread (${mode})`, async () => {
        const worker = new TestWorker(mode);
        expect(await worker.exited).to.equal(1);
        expect(worker.error).to.deep.include({ name: 'TypeError', message });
        expect(worker.of('stopped')).to.deep.equal([]);
      });
    }
  });

  describe('what cannot run', () => {
    const cases: [what: string, options: ConstructorParameters<typeof TestWorker>[1], code: string][] = [
      [
        'a missing CommonJS module',
        { spec: { module: fixture('missing.cjs') } },
        'MONITOR_MODULE_UNLOADABLE',
      ],
      ['a missing ES module', { spec: { module: fixture('missing.mjs') } }, 'MONITOR_MODULE_UNLOADABLE'],
      ['a module that throws', { spec: { module: fixture('throws.cjs') } }, 'MONITOR_MODULE_UNLOADABLE'],
      ['an address that is none', { spec: { module: 'no address' } }, 'MONITOR_MODULE_UNLOADABLE'],
      [
        'a module without a monitor',
        { spec: { module: fixture('unbranded.cjs') } },
        'MONITOR_MODULE_INVALID',
      ],
      ['another version of the protocol', { version: 99 }, 'PROTOCOL_VERSION_MISMATCH'],
      [
        'a broker URL that is none',
        { broker: { type: 'amqp', url: 'amqp://u:hunter2@', heartbeatSeconds: 10, confirmTimeoutMs: 100 } },
        'BROKER_BAD_URL',
      ],
    ];
    for (const [what, options, code] of cases) {
      it(`fails for good: ${what}`, async () => {
        const worker = new TestWorker('count', options);
        expect(await worker.exited).to.equal(1);
        const failed = worker.of('failed');
        expect(failed.map(({ permanent, error }) => [permanent, error.code])).to.deep.equal([[true, code]]);
        expect(JSON.stringify(failed)).to.not.include('hunter2');
        expect(worker.of('ready')).to.deep.equal([]);
        expect(worker.error).to.equal(null);
      });
    }

    it('fails for now: open() throws', async () => {
      const worker = new TestWorker('open-throws');
      expect(await worker.exited).to.equal(1);
      const [failed] = worker.of('failed');
      expect(failed).to.deep.include({ permanent: false });
      expect(failed?.error).to.deep.include({ code: 'MONITOR_OPEN_FAILED', name: VedetteError.name });
    });
  });

  it('speaks TLS to an amqps: broker, though the bundle loads TLS only then', async () => {
    const greetings: number[] = [];
    const url = await rawServer((socket, head) => {
      greetings.push(head.charCodeAt(0));
      socket.destroy();
    });
    const worker = new TestWorker('count', {
      broker: {
        type: 'amqp',
        url: url.replace('http:', 'amqps:'),
        heartbeatSeconds: 10,
        confirmTimeoutMs: 1_000,
      },
    });
    const [first] = await eventually(() => greetings.length > 0 && greetings);
    expect(first).to.equal(0x16);
    worker.send({ type: 'stop' });
    expect(await worker.exited).to.equal(0);
  });

  it('is ready and works on while its broker cannot be reached', async () => {
    const url = 'amqp://guest:hunter2@127.0.0.1:1';
    const worker = new TestWorker('count', {
      broker: { type: 'amqp', url, heartbeatSeconds: 10, confirmTimeoutMs: 1_000 },
      echo: true,
    });
    await worker.some('ready');
    const rounds = await worker.some('round-ended', 3);
    expect(rounds.map(({ outcome, error }) => [outcome, error])).to.deep.equal(Array(3).fill(['ok', null]));
    expect((await worker.some('published'))[0]?.outcome).to.equal('deferred');
    const link = await eventually(() =>
      worker.of('link-changed').find((change) => change.link === 'disconnected'),
    );
    expect(link.error?.code).to.equal('BROKER_UNREACHABLE');
    worker.send({ type: 'stop' });
    expect(await worker.exited).to.equal(0);
    expect(JSON.stringify(worker.messages)).to.not.include('hunter2');
  });
});
