/** The newest log records, and the API that shows them. */
import { expect } from 'chai';
import { silentLogger } from '@vedette/contract';
import { RecentLogs } from '../src/index.js';
import { anOperator, type TestOperator } from './support/an-operator.js';

const SECRET = 'hunter2-s3cr3t-0123456789abcdef';
const ALL = { level: 'debug', monitor: null, limit: 100 } as const;
const sentences = (items: readonly { readonly sentence: string }[]): string[] =>
  items.map(({ sentence }) => sentence);

describe('RecentLogs', () => {
  it('keeps the newest, and gives them by urgency, monitor, number and place', () => {
    const logs = new RecentLogs({ now: () => 7 }, 4);
    expect([logs.first, logs.last, logs.newest(ALL)]).to.deep.equal([1, 0, []]);
    logs.note('info', 'one');
    logs.note('warn', 'two', { monitorId: 'e:a' });
    logs.note('debug', 'three', { monitorId: 'e:a' });
    logs.note('error', 'four');
    logs.note('info', 'five', { monitorId: 'e:b', count: 1 });
    expect([logs.first, logs.last]).to.deep.equal([2, 5]);
    expect(sentences(logs.newest(ALL))).to.deep.equal(['two', 'three', 'four', 'five']);
    expect(sentences(logs.newest({ ...ALL, limit: 2 }))).to.deep.equal(['four', 'five']);
    expect(sentences(logs.newest({ ...ALL, level: 'warn' }))).to.deep.equal(['two', 'four']);
    expect(sentences(logs.newest({ ...ALL, monitor: 'e:a' }))).to.deep.equal(['two', 'three']);
    expect(sentences(logs.from(1, { ...ALL, limit: 2 }))).to.deep.equal(['two', 'three']);
    expect(logs.from(5, ALL)).to.deep.equal([
      { serial: 5, at: 7, level: 'info', sentence: 'five', monitor: 'e:b', fields: { count: 1 } },
    ]);
  });

  it('holds no credential, no stack and nothing without an end, and takes whatever is logged', () => {
    const logs = new RecentLogs();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    logs.note('info', `at http://u:${SECRET}@h/`, {
      url: `http://u:${SECRET}@h/?apikey=${SECRET}`,
      password: SECRET,
      err: new Error(`Bearer ${SECRET}`),
    });
    logs.note('info', 'loop', loop);
    logs.note('info', 'long', { text: 'x'.repeat(50_000) });
    logs.note('info', 'big', { count: 1n });
    const text = JSON.stringify(logs.newest(ALL));
    expect(text).to.not.include(SECRET).and.not.include('"stack"');
    expect(text.length).to.be.lessThan(2_000);
    expect(logs.newest(ALL)).to.have.length(4);
  });

  it('keeps what a logger passes on, down to a level', () => {
    const logs = new RecentLogs();
    const logger = logs.keeping(silentLogger);
    logger.log('info', 'kept');
    logger.log('debug', 'passed on');
    expect(sentences(logs.newest(ALL))).to.deep.equal(['kept']);
  });
});

describe('GET /api/v1/logs', () => {
  let under: TestOperator;
  let logs: RecentLogs;
  beforeEach(() => {
    logs = new RecentLogs(undefined, 5);
    under = anOperator({ logs });
  });
  afterEach(async () => {
    await under.stop();
  });

  it('gives the newest, then by its cursor each that came since exactly once', async () => {
    for (const word of ['a', 'b', 'c']) logs.note('info', word);
    const first = (await under.get('/api/v1/logs?limit=2')).json;
    expect([sentences(first.items), first.isGap]).to.deep.equal([['b', 'c'], false]);
    for (const word of ['d', 'e', 'f']) logs.note('info', word);
    const told: string[] = [];
    let cursor: string = first.next;
    for (let turn = 0; turn < 3; turn += 1) {
      const { items, next } = (await under.get(`/api/v1/logs?limit=2&cursor=${cursor}`)).json;
      told.push(...sentences(items));
      cursor = next;
    }
    expect(told).to.deep.equal(['d', 'e', 'f']);
  });

  it('skips what does not match for good, and says where something is not known any more', async () => {
    const { next } = (await under.get('/api/v1/logs')).json;
    for (let count = 0; count < 8; count += 1)
      logs.note(count === 6 ? 'warn' : 'debug', `n${count}`, { monitorId: 'e:a' });
    const since = (await under.get(`/api/v1/logs?level=warn&monitor=e%3Aa&cursor=${next}`)).json;
    expect([sentences(since.items), since.isGap]).to.deep.equal([['n6'], true]);
    const none = (await under.get(`/api/v1/logs?level=warn&cursor=${since.next}`)).json;
    expect([none.items, none.isGap, none.next]).to.deep.equal([[], false, since.next]);
    const other = (await under.get('/api/v1/logs?cursor=abc-3')).json;
    expect([other.items.length, other.isGap]).to.deep.equal([5, true]);
  });

  it('refuses a cursor that is none', async () => {
    const { status, json } = await under.get('/api/v1/logs?cursor=%3Cscript%3E');
    expect([status, json.code]).to.deep.equal([400, 'API_BAD_REQUEST']);
  });
});
