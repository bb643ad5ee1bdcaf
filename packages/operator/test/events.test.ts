import { expect } from 'chai';
import { eventually } from '../../../test/support/eventually.js';
import { EVENTS, type EventName } from '../src/events/schemas.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';
import { listenTo, type EventClient, type Told } from './support/event-client.js';
import { readPage } from './support/exposition.js';

const A = 'evm-node:a';

describe('events of the API', () => {
  let under: TestOperator;
  let url: string;
  const clients: EventClient[] = [];
  beforeEach(async () => {
    under = anOperator();
    url = `${await under.operator.listen()}/api/v1/events`;
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await under.stop();
  });
  const listen = async (query = '', lastId?: string): Promise<EventClient> => {
    const client = await listenTo(`${url}${query}`, lastId === undefined ? {} : { 'last-event-id': lastId });
    clients.push(client);
    await eventually(() => client.of('hello').length === 1);
    return client;
  };
  const heard = (client: EventClient, event: string, count = 1): Promise<unknown> =>
    eventually(() => client.of(event).length >= count, { what: `${count} ${event}`, deadlineMs: 10_000 });
  const numbers = (told: readonly Told[]): number[] => told.map(({ id }) => Number(id?.split('-')[1]));

  it('tells what happens, in order and without gaps, as its schemas say', async () => {
    const client = await listen();
    await under.run(aSpec('a'));
    under.host.round(A, {
      facts: { block_height: 1 },
      reported: { code: 5015, message: 'at http://u:hunter2@h' },
    });
    under.host.crash(A, 'cannot reach http://u:hunter2@h');
    await heard(client, 'monitor.restarted');
    under.manager.supervisor.pause(A);
    under.manager.supervisor.resume(A);
    under.host.say(A, { type: 'link-changed', link: 'connected', replaced: 0, error: null });
    const refusal = {
      code: 'CONFIG_INVALID_URL',
      configId: 'a',
      field: 'url',
      reason: 'got http://u:hunter2@h',
      remedy: 'r',
    } as const;
    under.manager.reportRefusals('file', [refusal]);
    await under.run();
    await heard(client, 'monitor.removed');
    const told = client.told.filter(({ event }) => event !== 'hello');
    expect(numbers(told)).to.deep.equal(told.map((_one, index) => index + 1));
    for (const { event, data } of told) {
      const { at, ...rest } = data as { at: number };
      expect(at).to.be.closeTo(Date.now(), 60_000);
      const parsed = EVENTS[event as EventName].safeParse(event === 'monitor.round-ended' ? data : rest);
      expect(parsed.error?.message ?? null, event).to.equal(null);
    }
    expect(new Set(told.map(({ event }) => event))).to.include.keys(
      'manager.state-changed',
      'config.applied',
      'config.refused',
      'monitor.state-changed',
      'monitor.round-ended',
      'monitor.paused',
      'monitor.resumed',
    );
    expect(JSON.stringify(told)).to.not.include('hunter2');
  });

  it('tells only what was asked for', async () => {
    const byName = await listen('?names=monitor.round-ended');
    const byMonitor = await listen(`?monitor=${encodeURIComponent('evm-node:b')}`);
    await under.run(aSpec('a'), aSpec('b'));
    under.host.round(A);
    under.host.round('evm-node:b');
    await heard(byName, 'monitor.round-ended', 2);
    await heard(byMonitor, 'monitor.round-ended');
    expect(new Set(byName.told.map(({ event }) => event))).to.have.keys('hello', 'monitor.round-ended');
    const about = byMonitor.told
      .filter(({ event }) => event !== 'hello')
      .map(({ data }) => data.id as string);
    expect(new Set(about)).to.have.keys('evm-node:b');
    expect((await under.get('/api/v1/events?names=nonsense')).status).to.equal(400);
  });

  it('goes on after the event a client saw last, or says that it cannot', async () => {
    await under.run(aSpec('a'));
    const first = await listen();
    under.host.round(A);
    await heard(first, 'monitor.round-ended');
    const lastId = first.told.at(-1)?.id ?? '';
    first.close();
    under.host.round(A);
    under.host.round(A);
    const second = await listen('', lastId);
    await heard(second, 'monitor.round-ended', 2);
    expect(second.told[0]?.data).to.include({ reset: null });
    const [after] = numbers([{ id: lastId, event: '', data: null }]);
    expect(numbers(second.of('monitor.round-ended')).slice(0, 2)).to.deep.equal([
      (after ?? 0) + 1,
      (after ?? 0) + 2,
    ]);
    const stranger = await listen('', 'other-5');
    expect(stranger.told[0]?.data).to.include({ reset: 'restarted' });
  });

  it('lets a client that does not read miss nothing at first, drops it when it falls behind, and delays nobody', async function () {
    this.timeout(60_000);
    await under.run(aSpec('a'));
    const slow = await listen();
    const quick = await listen();
    slow.pause();
    const facts = Object.fromEntries(
      Array.from({ length: 100 }, (_none, index) => [`a_long_name_of_a_fact_${index}`, index]),
    );
    let told = 0;
    // More than sockets and log hold: the log has room for 4,096, each of them about 4 kB.
    await eventually(
      async () => {
        for (let event = 0; event < 250; event += 1) under.host.round(A, { facts });
        told += 250;
        await heard(quick, 'monitor.round-ended', told);
        const { series } = readPage((await under.get('/metrics')).text);
        return series.get('vedette_event_clients_dropped_total{reason="slow"}') === 1;
      },
      { deadlineMs: 50_000 },
    );
    expect(numbers(quick.of('monitor.round-ended'))).to.have.length(told);
    slow.resume();
    await eventually(() => slow.isEnded());
    expect(quick.isEnded()).to.equal(false);
  });

  it('has room for a hundred clients, and says so to the next', async () => {
    for (let client = 0; client < 100; client += 1) clients.push(await listenTo(url));
    const { status, json } = await under.get('/api/v1/events');
    expect([status, json.code]).to.deep.equal([503, 'API_BUSY']);
    clients[0]?.close();
    await eventually(async () => (await under.get('/api/v1/status')).json.eventClients === 99);
    clients.push(await listenTo(url));
    expect(clients.at(-1)?.status).to.equal(200);
  });

  it('says goodbye when the server closes', async () => {
    const client = await listen();
    await under.operator.close();
    await eventually(() => client.isEnded());
    expect(client.of('dropped')[0]?.data).to.deep.equal({ reason: 'closing' });
  });
});
