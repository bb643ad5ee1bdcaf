/** Real monitors that share a thread: one connection, a channel each, and what they publish is what it always was. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS, withRevision, type JsonObject, type MonitorSpec } from '@vedette/contract';
import { systemStrategy } from '@vedette/monitors-general';
import { DenseHost, Supervisor, ThreadHost, type Host, type SupervisorOptions } from '@vedette/supervisor';
import { eventually } from '../support/eventually.js';
import { expectGolden } from '../support/golden.js';
import { sharedRabbit, type Rabbit } from '../support/rabbitmq.js';
import { answer, startStub } from '../support/stub-source.js';
import { WORKER_ENTRY as entry } from '../support/worker-entry.js';

const SCRIPTED = new URL('../../packages/monitor/test/fixtures/scripted.cjs', import.meta.url).href;
const COMPUTING = new URL('../support/modules/computes-after-answer.mjs', import.meta.url).href;
const PAGE = new URL('../../packages/monitors-general/test/fixtures/node-exporter.txt', import.meta.url);
const EMBEDDED = { type: 'embedded', confirmTimeoutMs: 2_000 } as const;

function aSpec(id: string, module: string, settings: JsonObject, periodMs = 200): MonitorSpec {
  return withRevision({
    id,
    kind: 'test',
    name: id,
    componentName: `Test monitor (${id})`,
    origin: { family: 'node', configId: id, parentId: 'p', baseChain: 'general', subChain: 'general' },
    module,
    periodMs,
    limits: { ...DEFAULT_LIMITS, roundTimeoutMs: 20_000 },
    settings,
  });
}

describe('real monitors that share a thread', function () {
  this.timeout(60_000);
  let supervisor: Supervisor;
  let restarts: string[] = [];
  let published = new Map<string, number>();

  const begin = (host: Host, options: Partial<SupervisorOptions> = {}): void => {
    restarts = [];
    published = new Map();
    supervisor = new Supervisor({
      host,
      broker: EMBEDDED,
      startsPerSecond: Infinity,
      maxConcurrentStarts: 20,
      echo: true,
      handleBroker: ({ id }) => Promise.resolve({ id, outcome: 'confirmed' }),
      ...options,
    });
    supervisor.on('monitor.restarted', ({ id, cause }) => restarts.push(`${id} ${cause}`));
    supervisor.on('message.published', ({ id, outcome }) => {
      if (outcome === 'confirmed') published.set(id, (published.get(id) ?? 0) + 1);
    });
  };
  const publishing = (ids: readonly string[]): Promise<unknown> => {
    published.clear();
    return eventually(() => ids.every((id) => (published.get(id) ?? 0) > 1), {
      what: `${ids.length} monitors publishing`,
      deadlineMs: 30_000,
    });
  };
  afterEach(async () => {
    await supervisor.stop({ deadlineMs: 3_000 });
  });

  describe('on RabbitMQ', () => {
    let rabbit: Rabbit;
    const ids = Array.from({ length: 10 }, (_none, index) => `test:${index}`);
    const count = (id: string, text = ''): MonitorSpec => aSpec(id, SCRIPTED, { mode: 'count', text });
    const connections = async (): Promise<string[]> => {
      const lines = await rabbit.ctl('list_connections', 'pid', 'client_properties', '--no-table-headers');
      return lines.split('\n').filter((line) => line.includes('test (thread '));
    };
    const channels = async ([own]: readonly string[]): Promise<number> => {
      const pid = own?.split('\t')[0] ?? 'none';
      const lines = await rabbit.ctl('list_channels', 'connection', 'confirm', '--no-table-headers');
      return lines.split('\n').filter((line) => line.startsWith(pid) && line.includes('true')).length;
    };

    before(async () => {
      rabbit = await sharedRabbit();
    });
    beforeEach(async () => {
      const broker = {
        type: 'amqp',
        url: rabbit.url,
        heartbeatSeconds: 10,
        confirmTimeoutMs: 5_000,
      } as const;
      begin(new DenseHost({ entry, density: 10 }), { broker });
      supervisor.on('message.published', ({ id, outcome }) => {
        // Nobody listens to raw data here: that too was settled by the broker on the channel of this one.
        if (outcome === 'unroutable') published.set(id, (published.get(id) ?? 0) + 1);
      });
      supervisor.apply(ids.map((id) => count(id)));
      await publishing(ids);
    });
    afterEach(async () => {
      await supervisor.stop({ deadlineMs: 3_000 });
      await eventually(async () => (await connections()).length === 0, { what: 'no connection left' });
    });

    it('has one connection for the thread and one confirm channel for each', async () => {
      const all = await connections();
      expect(all).to.have.lengthOf(1);
      expect(await channels(all)).to.equal(10);
    });

    it('closes the channel of a removed one, and opens one for a new one, on the same connection', async () => {
      const before = await connections();
      supervisor.apply([...ids.slice(1), 'test:0'].map((id) => count(id, id === 'test:0' ? 'new' : '')));
      await eventually(() => supervisor.status('test:0')?.attempt === 2, { what: 'the replacement' });
      await publishing(ids);
      expect(await channels(before)).to.equal(10);
      supervisor.apply(ids.slice(1).map((id) => count(id)));
      await eventually(() => supervisor.status('test:0') === undefined, { what: 'the removal' });
      expect(await channels(before)).to.equal(9);
      expect(await connections()).to.deep.equal(before);
      expect(restarts).to.deep.equal(['test:0 config-changed']);
    });

    it('has all of them publish again after the loss of the connection, without a restart', async () => {
      const links = new Set<string>();
      supervisor.on('monitor.link-changed', ({ id, link }) => links.add(`${id} ${link}`));
      const [own] = await connections();
      await rabbit.ctl('close_connection', own?.split('\t')[0] ?? '', 'test');
      await eventually(() => ids.every((id) => links.has(`${id} connected`)), { what: 'all links back' });
      expect(ids.every((id) => links.has(`${id} disconnected`))).to.equal(true);
      await publishing(ids);
      expect(restarts).to.deep.equal([]);
      expect(await connections()).to.have.lengthOf(1);
    });
  });

  it('publishes the same golden message from a shared thread as from one of its own', async () => {
    const stub = await startStub(answer(readFileSync(PAGE)));
    try {
      const specs = ['sys_1', 'sys_2', 'sys_3'].map((id) => {
        const { spec } = systemStrategy.declare({
          kind: 'system',
          id,
          name: id === 'sys_1' ? 'host-a' : id,
          chain: 'testnet',
          baseChain: 'chainlink',
          parentId: 'chain_1',
          periodMs: 200,
          limits: {},
          settings: { exporterUrl: `${stub.url}/metrics`, verifyTls: false },
        });
        if (spec === null) throw new Error('the settings are refused');
        return spec;
      });
      for (const host of [new ThreadHost({ entry }), new DenseHost({ entry })]) {
        begin(host);
        const texts = new Map<string, string>();
        supervisor.on('message.published', ({ id, message }) => {
          if (message.exchange === 'raw_data') texts.set(id, message.content);
        });
        supervisor.apply(specs);
        await eventually(() => texts.size === 3, { what: 'a message of each' });
        const text = texts.get('system:sys_1')?.replace(/"time": [\d.]+/, '"time": 1700000000.123456');
        expectGolden('packages/monitors-general/test/goldens/system/result', text ?? '');
        await supervisor.stop({ deadlineMs: 3_000 });
      }
    } finally {
      await stub.close();
    }
  });

  it('names the one that computes for ever on an answer, although others ran while it waited', async () => {
    const server = createServer((request, response) => {
      setTimeout(() => response.end('{}'), request.url === '/slow' ? 300 : 0);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      begin(new DenseHost({ entry }), { beatMs: 400 });
      const hung = new Set<string>();
      supervisor.on('monitor.hung', ({ id }) => hung.add(id));
      const good = Array.from({ length: 9 }, (_none, index) =>
        aSpec(`test:${index}`, COMPUTING, { url: `${url}/fast`, isBad: false }, 40),
      );
      supervisor.apply([...good, aSpec('test:bad', COMPUTING, { url: `${url}/slow`, isBad: true }, 40)]);
      await eventually(() => restarts.includes('test:bad hung'), {
        what: 'the bad one named',
        deadlineMs: 20_000,
      });
      await eventually(() => good.every(({ id }) => supervisor.status(id)?.attempt === 2), {
        what: 'the others moved',
      });
      expect([...hung]).to.deep.equal(['test:bad']);
      expect(restarts.filter((text) => !text.startsWith('test:bad'))).to.have.members(
        good.map(({ id }) => `${id} moved`),
      );
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('ends a thread with code in it that ignored its stop, the others having moved', async () => {
    begin(new DenseHost({ entry }));
    const limits = { ...DEFAULT_LIMITS, stopTimeoutMs: 500 };
    const { revision: _none, ...stubborn } = aSpec('test:bad', SCRIPTED, { mode: 'never-settles' });
    const good = ['test:0', 'test:1'].map((id) => aSpec(id, SCRIPTED, { mode: 'count' }));
    supervisor.apply([...good, withRevision({ ...stubborn, limits })]);
    await eventually(() => supervisor.status('test:bad')?.vitals?.isInRound === true, { what: 'its round' });
    supervisor.apply(good);
    await eventually(() => restarts.length === 2, { what: 'the moves', deadlineMs: 10_000 });
    expect(restarts).to.have.members(['test:0 moved', 'test:1 moved']);
    await publishing(['test:0', 'test:1']);
  });
});
