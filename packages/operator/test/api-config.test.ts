import { expect } from 'chai';
import { STRATEGIES } from '@vedette/cli/kinds';
import type { JsonObject } from '@vedette/contract';
import { eventually } from '../../../test/support/eventually.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';

const KEY = 'chains.chainlink.testnet.evm_nodes_config';
const entry = (id: string, url = 'http://127.0.0.1:8545'): JsonObject => {
  return { id, parent_id: 'p', name: id, node_http_url: url, monitor_node: 'true' };
};

describe('config in the API', () => {
  let under: TestOperator;
  beforeEach(async () => {
    under = anOperator({}, STRATEGIES);
    await under.manager.start();
  });
  afterEach(async () => {
    await under.stop();
  });

  it('says first what a message would change, and does it when told to', async () => {
    const config = { a: entry('a'), b: { name: 'b' } };
    const dry = await under.post('/api/v1/configs', { routingKey: KEY, config });
    expect(dry.status).to.equal(200);
    expect(dry.json.isApplied).to.equal(false);
    const [plan] = dry.json.scopes;
    expect(plan).to.deep.include({ scope: `node/${KEY}`, isUsable: true, started: ['evm-node:a'], kept: 0 });
    expect(plan.refusals.map(({ configId }: { configId: string }) => configId)).to.include('b');
    expect(under.manager.snapshot()).to.deep.equal([]);

    const real = await under.post('/api/v1/configs', { routingKey: KEY, config, dryRun: false });
    expect([real.json.isApplied, real.json.scopes[0].started]).to.deep.equal([true, ['evm-node:a']]);
    await eventually(() => under.manager.supervisor.status('evm-node:a')?.state.state === 'running');
    const again = await under.post('/api/v1/configs', { routingKey: KEY, config });
    expect([again.json.scopes[0].started, again.json.scopes[0].kept]).to.deep.equal([[], 1]);
  });

  it('shows each scope with what runs of it and what was refused', async () => {
    await under.post('/api/v1/configs', {
      routingKey: KEY,
      config: { a: entry('a'), b: { name: 'b' } },
      dryRun: false,
    });
    await eventually(() => under.manager.supervisor.status('evm-node:a')?.state.state === 'running');
    const { json } = await under.get('/api/v1/configs');
    expect(json.items).to.have.length(1);
    expect(json.items[0]).to.deep.include({ scope: `node/${KEY}`, wanted: 1, running: 1, notTaken: null });
    expect(json.items[0].refusals[0]).to.have.keys('code', 'configId', 'field', 'reason', 'remedy');
    const one = await under.get(`/api/v1/configs/${encodeURIComponent(`node/${KEY}`)}`);
    expect([one.json.wantedIds, one.json.runningIds]).to.deep.equal([['evm-node:a'], ['evm-node:a']]);
    expect((await under.get('/api/v1/configs/none')).json.code).to.equal('API_NOT_FOUND');
  });

  it('refuses keys no queue is bound to, and has no file to read again', async () => {
    const foreign = await under.post('/api/v1/configs', { routingKey: 'nonsense', config: {} });
    expect([foreign.status, foreign.json.code]).to.deep.equal([400, 'CONFIG_UNKNOWN_ROUTING_KEY']);
    const { status, json } = await under.post('/api/v1/reload');
    expect([status, json.code]).to.deep.equal([409, 'MANAGER_OWNS_NO_FILE']);
  });

  it('tells what an edit was refused for, without its values', async () => {
    await under.run(aSpec('a'));
    const refusal = {
      code: 'CONFIG_INVALID_URL',
      configId: 'a',
      field: 'url',
      reason: 'url: no; got http://u:hunter2@h',
      remedy: 'r',
    } as const;
    under.manager.reportRefusals('file', [refusal]);
    const { json, text } = await under.get('/api/v1/configs');
    expect(json.items[0].notTaken.refusals[0].code).to.equal('CONFIG_INVALID_URL');
    expect(text).to.not.include('hunter2');
  });
});
