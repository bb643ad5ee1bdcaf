/** The pool as an operator runs it, and its messages beside the goldens of the kinds. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ChannelModel } from 'amqplib';
import { expect } from 'chai';
import { withRevision, type JsonObject, type MonitorSpec } from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { chainlinkNodeStrategy } from '@vedette/monitors-chainlink';
import { evmNodeStrategy } from '@vedette/monitors-evm';
import { systemStrategy } from '@vedette/monitors-general';
import { Supervisor } from '@vedette/supervisor';
import { PoolHost, type PoolHostOptions } from '@vedette/supervisor/pool';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { testAmqpUrl } from '../support/rabbitmq.js';
import { ROOT } from '../support/root.js';
import { answer, startStub } from '../support/stub-source.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { runVedette, startVedette } from '../support/vedette.js';
import { POOL_ENTRY } from '../support/worker-entry.js';

const AT = '1700000000.123456';
const SCRIPTED = new URL('../../packages/monitor/test/fixtures/scripted.cjs', import.meta.url).href;
const PATIENT = { deadlineMs: 20_000 };

function specOf(
  strategy: MonitorStrategy,
  [name, componentName, id]: readonly [string, string, string],
  settings: JsonObject,
  periodMs = 600_000,
): MonitorSpec {
  const monitorable = { kind: strategy.kind, id, name, chain: 'testnet', baseChain: 'chainlink' };
  const { spec } = strategy.declare({ ...monitorable, parentId: 'chain_1', periodMs, limits: {}, settings });
  if (spec === null) throw new Error(`no ${strategy.kind}`);
  const { revision: _revision, ...rest } = spec;
  return withRevision({ ...rest, componentName });
}

/** What must end with a test, however that ends; the latest first. */
const cleanups: (() => unknown)[] = [];
const cleanUp = async (): Promise<void> => {
  for (const end of cleanups.splice(0).reverse()) await end();
};

/** Messages reach a queue, or rounds would fail for want of one. */
async function readEverything(url: string): Promise<void> {
  const model: ChannelModel = await connect(url, { noDelay: true });
  cleanups.push(() => model.close());
  const channel = await model.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  for (const exchange of ['raw_data', 'health_check']) {
    await channel.assertExchange(exchange, 'topic', { durable: true });
    await channel.bindQueue(queue, exchange, '#');
  }
}

describe('vedette run --host pool', function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;
  let output: string;
  let node: JsonRpcNode;

  before(async () => {
    node = await startJsonRpcNode(120);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-pool-'));
    file = join(folder, 'monitors.yaml');
    output = join(folder, 'out.jsonl');
    const names = Array.from({ length: 12 }, (_none, index) => `n${index}`);
    const entries = names.map(
      (id) =>
        `  - { kind: evm-node, id: ${id}, name: ${id}, chain: local, period: 200ms, settings: { url: '${node.url}' } }\n`,
    );
    await writeFile(file, `monitors:\n${entries.join('')}`);
  });
  afterEach(cleanUp);
  afterEach(() => rm(folder, { recursive: true }));
  after(() => node.close());

  const beating = async (): Promise<number> => {
    const lines = (await readFile(output, 'utf8')).split('\n').filter((line) => line !== '');
    const messages = lines.map(
      (line) => JSON.parse(line) as { routingKey: string; body: Record<string, string> },
    );
    const beats = messages.filter(({ routingKey }) => routingKey === 'heartbeat.worker');
    return new Set(beats.map(({ body }) => body['component_name'])).size;
  };

  it('runs all in a few threads, names the thread of each, and ends in order', async () => {
    const args = ['run', file, '--host', 'pool', '--threads', '2', '--output', output];
    const vedette = startVedette([...args, '--log-format', 'json']);
    cleanups.push(() => vedette.stop());
    await eventually(async () => (await beating()) === 12, { deadlineMs: 30_000, what: 'all alive' });
    const hosts = [...vedette.stderr().matchAll(/"host":"(pool:\d+)"/g)].map(([, host]) => host);
    expect(hosts).to.have.lengthOf(12);
    expect(new Set(hosts)).to.deep.equal(new Set(['pool:1', 'pool:2']));
    const { code, stderr } = await vedette.stop();
    expect(code, stderr).to.equal(0);
    expect(stderr).to.not.include('was forced');
  });

  it('runs with RabbitMQ too', async () => {
    const url = await testAmqpUrl();
    const args = ['run', file, '--broker', url, '--host', 'pool', '--threads', '2', '--output', output];
    await readEverything(url);
    const vedette = startVedette([...args, '--state', join(folder, 'state')]);
    cleanups.push(() => vedette.stop());
    await eventually(async () => (await beating()) === 12, { deadlineMs: 30_000, what: 'all alive' });
    expect((await vedette.stop()).code).to.equal(0);
  });

  for (const threads of ['0', '65']) {
    it(`refuses ${threads} threads and names the limit`, async () => {
      const { code, stderr } = await runVedette(['run', file, '--host', 'pool', '--threads', threads]);
      expect(code).to.equal(2);
      expect(stderr).to.include(`HOST_OPTION_INVALID threads of the pool must be 1 to 64, not ${threads}`);
    });
  }
});

describe('the pool host', function () {
  this.timeout(60_000);
  afterEach(cleanUp);
  const aHost = (options: Partial<PoolHostOptions>): PoolHost => {
    const host = new PoolHost({ entry: POOL_ENTRY, ...options });
    cleanups.push(() => host.close());
    return host;
  };

  it('has the kinds publish what their goldens say, byte for byte, side by side in one thread', async () => {
    const page = async (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
    const exporter = await startStub(
      answer(await page('packages/monitors-general/test/fixtures/node-exporter.txt')),
    );
    const chainlink = await startStub(answer(await page('examples/quickstart/chainlink-metrics.txt')));
    const evm = await startJsonRpcNode(18_500_000);
    cleanups.push(
      () => exporter.close(),
      () => chainlink.close(),
      () => evm.close(),
    );
    const specs: readonly [spec: MonitorSpec, golden: string][] = [
      [
        specOf(systemStrategy, ['host-a', 'System monitor (host-a)', 'sys_1'], {
          exporterUrl: `${exporter.url}/metrics`,
        }),
        'packages/monitors-general/test/goldens/system/result',
      ],
      [
        specOf(evmNodeStrategy, ['geth-1', 'Node monitor (geth-1)', 'evm_1'], { url: evm.url }),
        'packages/monitors-evm/test/goldens/evm-node/result',
      ],
      [
        specOf(chainlinkNodeStrategy, ['cl-eth-1', 'Node monitor (cl-eth-1)', 'node_1'], {
          prometheusUrls: [`${chainlink.url}/metrics`],
          symbolLookup: false,
        }),
        'packages/monitors-chainlink/test/goldens/chainlink-node/result',
      ],
    ];
    const host = aHost({ threads: 1 });
    const texts = new Map<string, string>();
    const supervisor = new Supervisor({
      host,
      broker: { type: 'embedded', confirmTimeoutMs: 5_000 },
      echo: true,
      handleBroker: ({ id }) => Promise.resolve({ id, outcome: 'confirmed' }),
    });
    cleanups.push(() => supervisor.stop());
    supervisor.on('message.published', ({ id, message }) => {
      if (message.exchange === 'raw_data') texts.set(id, message.content);
    });
    supervisor.apply(specs.map(([spec]) => spec));
    await eventually(() => texts.size === specs.length, { what: 'one message of each', deadlineMs: 20_000 });
    for (const [spec, golden] of specs) {
      const shown = (texts.get(spec.id) ?? '')
        .replace(/"time": [\d.]+/, `"time": ${AT}`)
        .replace(chainlink.url, 'https://10.0.0.5:6688');
      expect(shown, spec.kind).to.equal((await page(`${golden}.golden.json`)).replace(/\n$/, ''));
    }
  });

  it('runs a round again whose result waited for the broker in a thread that was lost', async () => {
    const url = new URL(await testAmqpUrl());
    await readEverything(url.href);
    const proxy = await startTcpProxy({ port: Number(url.port) });
    url.port = String(proxy.port);
    const node = await startJsonRpcNode(120);
    const host = aHost({ threads: 1 });
    cleanups.push(
      () => proxy.close(),
      () => node.close(),
    );
    const supervisor = new Supervisor({
      ...{ host, beatMs: 400, echo: true },
      broker: { type: 'amqp', url: url.href, heartbeatSeconds: 10, confirmTimeoutMs: 5_000 },
    });
    cleanups.push(() => supervisor.stop());
    const outcomes: string[] = [];
    const hung: string[] = [];
    supervisor.on('message.published', ({ id, message, outcome }) => {
      if (message.exchange === 'raw_data') outcomes.push(`${id} ${outcome}`);
    });
    supervisor.on('monitor.hung', ({ id }) => hung.push(id));
    proxy.refuse();
    const good = specOf(evmNodeStrategy, ['n', 'M n', 'n'], { url: node.url });
    supervisor.apply([good]);
    await eventually(() => outcomes.includes('evm-node:n deferred'), {
      ...PATIENT,
      what: 'a result that waits',
    });
    const loops = { id: 'test:loops', module: SCRIPTED, settings: { mode: 'endless-loop' } };
    const { revision: _none, ...rest } = good;
    supervisor.apply([good, withRevision({ ...rest, ...loops, componentName: 'M loops' })]);
    await eventually(() => hung.length > 0, { ...PATIENT, what: 'the thread lost' });
    supervisor.apply([good]);
    proxy.heal();
    await eventually(() => outcomes.includes('evm-node:n confirmed'), { ...PATIENT, what: 'the result' });
    expect(supervisor.status('evm-node:n')).to.include({ attempt: 1, restarts: 0 });
  });

  for (const connection of ['kept', 'per-round'] as const) {
    const what =
      connection === 'kept' ? 'one connection per thread' : 'one per round, and none between rounds';
    it(`holds ${what} where connections are ${connection}`, async () => {
      const url = new URL(await testAmqpUrl());
      await readEverything(url.href);
      const proxy = await startTcpProxy({ port: Number(url.port) });
      url.port = String(proxy.port);
      const node = await startJsonRpcNode(120);
      const host = aHost({ threads: 2, connection });
      cleanups.push(
        () => proxy.close(),
        () => node.close(),
      );
      const supervisor = new Supervisor({
        host,
        broker: { type: 'amqp', url: url.href, heartbeatSeconds: 10, confirmTimeoutMs: 5_000 },
        echo: true,
      });
      cleanups.push(() => supervisor.stop());
      let rounds = 0;
      const confirmed = new Set<string>();
      supervisor.on('monitor.round-ended', () => (rounds += 1));
      supervisor.on('message.published', ({ id, message, outcome }) => {
        if (message.routingKey === 'heartbeat.worker' && outcome !== 'deferred') confirmed.add(id);
      });
      const names = Array.from({ length: 10 }, (_none, index) => `n${index}`);
      supervisor.apply(names.map((id) => specOf(evmNodeStrategy, [id, `M ${id}`, id], { url: node.url })));
      await eventually(() => rounds === 10 && confirmed.size === 10, {
        what: 'a round of each',
        deadlineMs: 20_000,
      });
      if (connection === 'per-round')
        await eventually(() => proxy.open === 0, { what: 'all connections closed' });
      for (const id of names) supervisor.runRound(`evm-node:${id}`);
      await eventually(() => rounds === 20, { what: 'another', deadlineMs: 20_000 });
      expect(proxy.accepted).to.equal(connection === 'kept' ? 2 : 20);
    });
  }
});
