/** A config full of credentials leaves no trace in anything the server says. */
import { expect } from 'chai';
import { STRATEGIES } from '@vedette/cli/kinds';
import type { JsonObject, MonitorSpec } from '@vedette/contract';
import { eventually } from '../../../test/support/eventually.js';
import { fixedToken, RecentLogs } from '../src/index.js';
import { aSpec } from './support/a-manager.js';
import { anOperator, type TestOperator } from './support/an-operator.js';
import { listenTo, type EventClient } from './support/event-client.js';

const SECRET = 'hunter2-s3cr3t-0123456789abcdef';
const TOKEN = 'a-token-of-the-tests-0123456789';
const AUTH = { authorization: `Bearer ${TOKEN}` };
const URLS = [
  `http://user:${SECRET}@127.0.0.1:8545/`,
  `https://rpc.example/v3/${SECRET}`,
  `https://rpc.example/?apikey=${SECRET}&x=1`,
  `wss://user:${SECRET}@rpc.example/ws`,
];
const SETTINGS: JsonObject = {
  url: URLS[0] ?? '',
  list: URLS,
  nested: { password: SECRET, clientSecret: SECRET, apiKey: SECRET, list: [{ token: SECRET }] },
  headers: { Authorization: `Bearer ${SECRET}`, Cookie: SECRET, 'X-Api-Key': SECRET },
  note: `sent as Bearer ${SECRET}`,
  privateKey: SECRET,
  mnemonic: SECRET,
};

describe('secrets', () => {
  let under: TestOperator;
  let client: EventClient;
  const spec: MonitorSpec = aSpec('a', { settings: SETTINGS });
  before(async () => {
    const logs = new RecentLogs();
    logs.note('warn', `cannot reach ${URLS.join(' or ')}`, {
      settings: SETTINGS,
      err: { message: URLS.join() },
    });
    under = anOperator({ tokens: fixedToken(TOKEN), allowActions: false, logs }, STRATEGIES);
    const url = await under.operator.listen();
    client = await listenTo(`${url}/api/v1/events`);
    await under.run(spec);
    const text = `cannot reach ${URLS.join(' or ')}`;
    const error = {
      code: 'SOURCE_UNREACHABLE',
      name: 'Error',
      message: text,
      details: { url: URLS[0] ?? '' },
      stack: text,
    } as const;
    under.host.crash(spec.id, text);
    await eventually(() => under.manager.supervisor.status(spec.id)?.attempt === 2);
    await eventually(() => under.manager.supervisor.status(spec.id)?.state.state === 'running');
    under.host.round(spec.id, { outcome: 'failed', error, reported: { code: 5015, message: text } });
    under.manager.reportRefusals('file', [
      { code: 'CONFIG_INVALID_URL', configId: 'a', field: 'url', reason: text, remedy: 'r' },
    ]);
    await eventually(() => client.of('config.refused').length > 0);
  });
  after(async () => {
    client.close();
    await under.stop();
  });

  it('are in no answer to a question', async () => {
    const paths = [
      '/metrics',
      '/-/ready',
      '/-/healthy',
      '/',
      '/api/v1/openapi.json',
      '/api/v1/status',
      '/api/v1/monitors',
      '/api/v1/configs',
      '/api/v1/configs/file',
      '/api/v1/kinds',
      '/api/v1/logs',
      `/api/v1/monitors/${encodeURIComponent(spec.id)}`,
    ];
    for (const path of paths) {
      const { status, text } = await under.get(path, AUTH);
      expect(status, path).to.equal(200);
      expect(text, path).to.not.include(SECRET);
      expect(text, path).to.not.include(TOKEN);
    }
  });

  it('are in no event', () => {
    expect(client.told.map(({ event }) => event)).to.include.members([
      'monitor.round-ended',
      'monitor.state-changed',
    ]);
    expect(JSON.stringify(client.told)).to.not.include(SECRET);
  });

  it('are in no answer to a config or request that holds them', async () => {
    const entry = { id: 'x', parent_id: 'p', name: 'x', node_http_url: URLS[0] ?? '', monitor_node: 'true' };
    const routingKey = 'chains.chainlink.testnet.evm_nodes_config';
    const answers = [
      await under.post('/api/v1/configs', { routingKey, config: { x: entry } }, AUTH),
      await under.post('/api/v1/configs', { routingKey, config: { x: entry }, dryRun: URLS[0] }, AUTH),
      await under.post('/api/v1/configs', { routingKey: SECRET, config: {} }, AUTH),
      await under.post('/api/v1/configs', { routingKey, config: {}, password: SECRET }, AUTH),
      await under.get(`/api/v1/monitors?cursor=${encodeURIComponent(URLS[0] ?? '')}`, AUTH),
      await under.get(`/api/v1/monitors?sort=${encodeURIComponent(URLS[0] ?? '')}`, AUTH),
      await under.get(`/${SECRET}`, AUTH),
      await under.get('/metrics', { authorization: `Bearer ${SECRET}` }),
    ];
    for (const { text } of answers) expect(text).to.not.include(SECRET);
  });
});
