/** The harness plays a monitor as a worker would, and a test never waits for ever. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@vedette/contract';
import { expect } from 'chai';
import { defineMonitor, httpRequest, type MonitorContext, type MonitorDefinition } from '../../src/index.js';
import { MonitorHarness, type HarnessOptions } from '../../src/testing/index.js';

const never = new Promise<never>(() => undefined);
const whenAborted = ({ signal }: MonitorContext): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
const counting = defineMonitor({
  round(_context, state) {
    const n = typeof state === 'number' ? state + 1 : 1;
    return { messages: [{ routingKey: 'count', body: { n } }], state: n, facts: { n } };
  },
});

describe('MonitorHarness', () => {
  const harnesses: MonitorHarness[] = [];
  function aHarness(definition: MonitorDefinition, options: Partial<HarnessOptions> = {}): MonitorHarness {
    const made = new MonitorHarness(definition, { settings: {}, ...options });
    harnesses.push(made);
    return made;
  }
  afterEach(() => Promise.all(harnesses.splice(0).map((one) => one.stop())));

  it('captures what is published as it goes on the wire, and hands the state on', async () => {
    const one = aHarness(counting, { state: 41 });
    expect(await one.round()).to.deep.equal({
      outcome: 'ok',
      messages: [{ exchange: 'raw_data', routingKey: 'count', body: { n: 42 }, text: '{"n": 42}' }],
      state: 42,
      facts: { n: 42 },
      reported: null,
      error: null,
      logs: [],
    });
    expect((await one.round()).state).to.equal(43);
    expect(one.state).to.equal(43);
  });

  it('gives the settings, an identity and a clock that stands still until it is moved', async () => {
    const seen: [string, JsonObject, number][] = [];
    const one = aHarness(
      {
        round(context) {
          seen.push([context.monitor.name, context.settings, context.now()]);
          context.log('warn', 'saw it', { url: 'http://u:secret@host/' });
          return { messages: [] };
        },
      },
      { settings: { url: 'x' }, monitor: { name: 'geth 1' }, nowMs: 1_000 },
    );
    const { logs } = await one.round();
    expect(logs).to.deep.equal([{ level: 'warn', sentence: 'saw it', fields: { url: 'http://***@host/' } }]);
    await one.advance(500);
    await one.round();
    expect(seen).to.deep.equal([
      ['geth 1', { url: 'x' }, 1_000],
      ['geth 1', { url: 'x' }, 1_500],
    ]);
  });

  it('keeps the state and publishes nothing where a round throws', async () => {
    const one = aHarness({
      round() {
        throw new Error('no answer');
      },
    });
    const { outcome, messages, error } = await one.round();
    expect([outcome, messages, error?.code]).to.deep.equal(['failed', [], 'MONITOR_ROUND_FAILED']);
    expect(error?.message).to.include('no answer');
    expect(one.state).to.equal(null);
  });

  it('aborts a round that passes its deadline', async () => {
    const one = aHarness({ round: whenAborted }, { limits: { roundTimeoutMs: 2_000 } });
    const round = one.round();
    await one.advance(1_999);
    await one.advance(1);
    const { outcome, error } = await round;
    expect([outcome, error?.code]).to.deep.equal(['timeout', 'MONITOR_ROUND_TIMEOUT']);
  });

  it('gives up a round that ignores its signal half a second later', async () => {
    const one = aHarness({ round: () => never }, { limits: { roundTimeoutMs: 2_000 }, patienceMs: 50 });
    const round = one.round();
    await one.advance(2_500);
    expect((await round).outcome).to.equal('timeout');
  });

  it('aborts on request', async () => {
    const one = aHarness({ round: whenAborted });
    const round = one.round();
    await one.advance(0);
    one.abort();
    expect((await round).outcome).to.equal('timeout');
  });

  it('plays rounds by themselves as their period passes', async () => {
    const one = aHarness(counting, { periodMs: 60_000 });
    const next = one.next();
    await one.advance(59_999);
    expect(one.state).to.equal(null);
    await one.advance(1);
    expect((await next).facts).to.deep.equal({ n: 1 });
    await one.advance(120_000);
    expect(one.state).to.equal(3);
  });

  it('opens once before the first round and closes at the stop', async () => {
    const calls: string[] = [];
    const note = (call: string) => () => void calls.push(call);
    const one = aHarness({
      open: note('open'),
      round: () => (calls.push('round'), { messages: [] }),
      close: note('close'),
    });
    await one.round();
    await one.round();
    await one[Symbol.asyncDispose]();
    expect(calls).to.deep.equal(['open', 'round', 'round', 'close']);
  });

  it('rejects with what open threw', async () => {
    const one = aHarness({
      open() {
        throw new Error('no key');
      },
      round: () => ({ messages: [] }),
    });
    const error = await one.round().catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'MONITOR_OPEN_FAILED' });
    expect(String(error)).to.include('no key');
  });

  it('waits for no round longer than its patience, and says what to do', async () => {
    const one = aHarness({ round: () => never }, { patienceMs: 20 });
    const error = await one.round().catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'MONITOR_ROUND_TIMEOUT' });
    expect(String(error)).to.match(/20 ms.*advance\(\)/);
  });

  it('ends a stop although the round ignores it', async () => {
    const one = aHarness({ round: () => never }, { patienceMs: 20 });
    await one.round().catch(() => undefined);
    await one.stop();
  });

  it('refuses settings and a state that are no JSON, with the place', () => {
    expect(() => aHarness(counting, { settings: { at: new Date(0) as never } })).to.throw(/settings\.at/);
    expect(() => aHarness(counting, { state: { n: NaN } })).to.throw(/state\.n/);
  });

  it('lets a monitor read a real source', async () => {
    const server = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const one = new MonitorHarness<{ url: string }>(
      {
        async round({ settings, signal }) {
          const { status } = await httpRequest({ url: settings.url, timeoutMs: 5_000, signal });
          return { messages: [], facts: { status } };
        },
      },
      { settings: { url } },
    );
    harnesses.push(one as unknown as MonitorHarness);
    expect((await one.round()).facts).to.deep.equal({ status: 200 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
