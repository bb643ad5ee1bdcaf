import { expect } from 'chai';
import { STRATEGIES } from '@vedette/cli/kinds';
import { eventually } from '../../../test/support/eventually.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';

const GETH = 'evm-node:geth';
const PATH = `/api/v1/monitors/${encodeURIComponent(GETH)}`;

describe('monitors in the API', () => {
  let under: TestOperator;
  beforeEach(() => {
    under = anOperator({}, STRATEGIES);
  });
  afterEach(async () => {
    await under.stop();
  });
  const ids = async (query: string): Promise<string[]> => {
    const { json } = await under.get(`/api/v1/monitors?${query}`);
    return (json.items as { id: string }[]).map(({ id }) => id.replace('evm-node:', ''));
  };
  const stateOf = async (): Promise<string> => (await under.get(PATH)).json.state;

  it('lists what matches, worst first unless asked otherwise', async () => {
    await under.run(
      aSpec('a'),
      aSpec('b', { name: 'Berta', chain: 'gnosis' }),
      aSpec('c'),
      aSpec('d', { kind: 'system' }),
    );
    under.host.round('evm-node:c', { outcome: 'failed' });
    under.host.round('evm-node:b', { reported: { code: 5015, message: 'down' } });
    under.manager.supervisor.pause('evm-node:a');
    await eventually(() => under.manager.supervisor.status('evm-node:a')?.state.state === 'stopped');
    expect(await ids('')).to.deep.equal(['c', 'b', 'a', 'system:d']);
    expect(await ids('sort=-worst')).to.deep.equal(['system:d', 'a', 'b', 'c']);
    expect(await ids('sort=-id')).to.deep.equal(['system:d', 'c', 'b', 'a']);
    expect(await ids('kind=system')).to.deep.equal(['system:d']);
    expect(await ids('state=paused')).to.deep.equal(['a']);
    expect(await ids('health=failing')).to.deep.equal(['c']);
    expect(await ids('chain=gnosis')).to.deep.equal(['b']);
    expect(await ids('q=BERT')).to.deep.equal(['b']);
    expect(await ids('q=nobody')).to.deep.equal([]);
  });

  it('shows of each the facts that are asked for, and no others', async () => {
    await under.run(aSpec('geth'), aSpec('fresh'));
    under.host.round(GETH, { facts: { block_height: 120, is_syncing: 0, __proto__: 1 } });
    const factsOf = async (query: string): Promise<unknown> =>
      (await under.get(`/api/v1/monitors?sort=-id${query}`)).json.items.map(
        ({ facts }: { facts: unknown }) => facts,
      );
    expect(await factsOf('')).to.deep.equal([{}, {}]);
    expect(await factsOf('&facts=block_height,toString,none')).to.deep.equal([{ block_height: 120 }, {}]);
  });

  it('gives page after page, each monitor once, though monitors come and go between', async () => {
    const specs = Array.from({ length: 25 }, (_none, index) => aSpec(String(index).padStart(2, '0')));
    await under.run(...specs);
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 5; page += 1) {
      const { json } = await under.get(`/api/v1/monitors?sort=id&limit=10${cursor}`);
      seen.push(...(json.items as { id: string }[]).map(({ id }) => id));
      if (json.next === null) break;
      cursor = `&cursor=${json.next as string}`;
      // The one the cursor points at goes away.
      await under.run(...specs.filter(({ id }) => id !== seen.at(-1)));
    }
    expect(seen).to.deep.equal(specs.map(({ id }) => id));
    const foreign = await under.get(`/api/v1/monitors?sort=name${cursor}`);
    expect([foreign.status, foreign.json.code]).to.deep.equal([400, 'API_BAD_REQUEST']);
  });

  it('shows one with its last round, its last error and what to do, its settings and its history', async () => {
    await under.run(
      aSpec('geth', {
        settings: { url: 'http://user:hunter2@127.0.0.1/?token=hunter2', apiToken: 'hunter2' },
      }),
    );
    under.host.crash(GETH, 'cannot reach http://user:hunter2@127.0.0.1');
    await eventually(() => under.manager.supervisor.status(GETH)?.attempt === 2);
    await eventually(() => under.manager.supervisor.status(GETH)?.state.state === 'running');
    under.host.round(GETH, { facts: { block_height: 7 }, publishes: { confirmed: 1 } });
    const { json, text } = await under.get(PATH);
    expect(json).to.deep.include({
      id: GETH,
      state: 'running',
      keyFigure: 'height 7',
      restarts: 1,
      link: 'connecting',
    });
    expect(json.lastRound).to.deep.include({
      outcome: 'ok',
      facts: { block_height: 7 },
      publishes: { confirmed: 1 },
    });
    expect(json.lastError).to.deep.include({
      code: 'MONITOR_CRASHED',
      remedy: 'It is restarted; see the cause',
    });
    expect(json.settings).to.deep.equal({ url: 'http://***@127.0.0.1/?token=***', apiToken: '***' });
    expect(text).to.not.include('hunter2');
    expect((json.history as { to: string }[]).map(({ to }) => to)).to.include.members([
      'starting',
      'running',
      'backoff',
    ]);
    expect((await under.get('/api/v1/monitors/evm-node%3Anone')).json.code).to.equal('MONITOR_UNKNOWN_ID');
  });

  it('pauses, resumes, restarts and asks for a round', async () => {
    await under.run(aSpec('geth'));
    expect((await under.post(`${PATH}/round`)).status).to.equal(202);
    expect(under.host.received(GETH)).to.deep.equal(['round']);
    expect((await under.post(`${PATH}/pause`)).status).to.equal(202);
    await eventually(async () => (await stateOf()) === 'paused');
    expect((await under.post(`${PATH}/pause`)).status).to.equal(202);
    for (const word of ['restart', 'round']) {
      const { status, json } = await under.post(`${PATH}/${word}`);
      expect([status, json.code]).to.deep.equal([409, 'MONITOR_PAUSED']);
    }
    expect((await under.post(`${PATH}/resume`)).json).to.deep.equal({ id: GETH, action: 'resume' });
    await eventually(async () => (await stateOf()) === 'running');
    expect((await under.post(`${PATH}/restart`)).status).to.equal(202);
    await eventually(() => under.manager.supervisor.status(GETH)?.attempt === 3);
    expect((await under.post('/api/v1/monitors/none/restart')).status).to.equal(404);
  });

  it('refuses a round of one that does not run', async () => {
    under.host.silent.add('evm-node:slow');
    await under.manager.start();
    under.manager.acceptSpecs('file', [aSpec('slow')]);
    const { status, json } = await under.post('/api/v1/monitors/evm-node%3Aslow/round');
    expect([status, json.code]).to.deep.equal([409, 'MONITOR_NOT_RUNNING']);
  });

  it('finds ids with any sign in them', async () => {
    const names = [
      'a/b',
      '../../etc/passwd',
      'ü ✓ 🛰',
      '%2e%2e',
      'a?b#c',
      '<b>',
      '__proto__',
      'x'.repeat(300),
    ];
    await under.run(...names.map((one) => aSpec(one)));
    for (const one of names) {
      const { status, json } = await under.get(`/api/v1/monitors/${encodeURIComponent(`evm-node:${one}`)}`);
      expect([status, json.id], one).to.deep.equal([200, `evm-node:${one}`]);
    }
  });

  it('tells the whole at a glance', async () => {
    await under.run(aSpec('a'), aSpec('b'), aSpec('c', { kind: 'system' }));
    const { json } = await under.get('/api/v1/status');
    expect(json).to.deep.include({ state: 'running', isReady: true, missing: [], brokerLink: 'connected' });
    expect(json.monitors).to.deep.equal({
      total: 3,
      byState: { running: 3 },
      byHealth: { unknown: 3 },
      byKind: { 'evm-node': 2, system: 1 },
    });
    expect(json.actionsNeedToken).to.equal(false);
  });

  it('tells the kinds there are with their facts', async () => {
    const { json } = await under.get('/api/v1/kinds');
    expect(json.items).to.have.length(STRATEGIES.length);
    const one = (await under.get('/api/v1/kinds/evm-node')).json;
    expect(one.facts[0]).to.deep.equal({
      name: 'block_height',
      gauge: 'vedette_evm_node_block_height',
      what: 'height of the newest block',
    });
    expect((await under.get('/api/v1/kinds/nope')).json.code).to.equal('CONFIG_UNKNOWN_KIND');
  });
});
