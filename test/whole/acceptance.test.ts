/** PANIC's acceptance criteria, for every kind there is, with real threads. */
import { expect } from 'chai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject, MonitorState, WireMessage } from '@vedette/contract';
import type { Monitorable, MonitorStrategy } from '@vedette/contract/strategy';
import { EmbeddedBroker } from '@vedette/broker';
import { MonitorsManager, StrategyRegistry, type ConfigSource } from '@vedette/manager';
import { chainlinkContractsStrategy, chainlinkNodeStrategy } from '@vedette/monitors-chainlink';
import { evmNodeStrategy } from '@vedette/monitors-evm';
import { dockerhubStrategy, githubStrategy, systemStrategy } from '@vedette/monitors-general';
import { substrateNodeStrategy } from '@vedette/monitors-substrate';
import { Supervisor, ThreadHost } from '@vedette/supervisor';
import { eventually } from '../support/eventually.js';
import { ROOT } from '../support/root.js';
import { startStubChain } from '../support/substrate-chain.js';
import { WORKER_ENTRY } from '../support/worker-entry.js';

const NO_SOURCE: ConfigSource = { start: () => Promise.resolve(), stop: () => Promise.resolve() };

interface Source {
  readonly url: string;
  close(): Promise<unknown>;
}

interface Case {
  readonly strategy: MonitorStrategy;
  /** `name` is two words; monitors are told apart by it. */
  readonly settings: (url: string, name: string) => JsonObject;
  /** Where a monitor is a whole chain's: its chain, and the part of a message that tells whose it is. */
  readonly perChain?: { readonly chainOf: (id: string) => string; readonly says: (name: string) => string };
  /** What it watches; by default a metrics page and a JSON-RPC node on one port. */
  readonly start?: () => Promise<Source>;
}

const CASES: readonly Case[] = [
  { strategy: systemStrategy, settings: (url) => ({ exporterUrl: `${url}/metrics` }) },
  { strategy: evmNodeStrategy, settings: (url) => ({ url }) },
  {
    strategy: chainlinkNodeStrategy,
    settings: (url) => ({ prometheusUrls: [`${url}/metrics`], symbolLookup: false }),
  },
  {
    strategy: chainlinkContractsStrategy,
    settings: (url, name) => ({
      weiwatchersUrl: `${url}/feeds.json`,
      evmUrls: [url],
      nodes: [{ id: name.split(' ')[0] ?? '', name, prometheusUrls: [`${url}/metrics`] }],
    }),
    perChain: { chainOf: (id) => `chain ${id}`, says: (name) => `"node_name": "${name}"` },
  },
  {
    strategy: githubStrategy,
    settings: (url, name) => ({ repo: name.replace(' ', '/'), urlTemplate: `${url}/repos/{}releases` }),
  },
  {
    strategy: dockerhubStrategy,
    settings: (url, name) => ({
      namespace: name.split(' ')[0] ?? '',
      name: name.split(' ')[1] ?? 'x',
      urlTemplate: `${url}/{}/{}/tags`,
    }),
  },
  { strategy: substrateNodeStrategy, settings: (url) => ({ url }), start: startSubstrate },
];

/** Enough of an EVM node for every kind that asks one. */
function rpcReply(text: string): unknown {
  const reply = ({ id, method }: { id: number; method: string }): object => ({
    jsonrpc: '2.0',
    id,
    result: method === 'eth_syncing' ? false : '0x10',
  });
  const calls = JSON.parse(text) as { id: number; method: string } | { id: number; method: string }[];
  return Array.isArray(calls) ? calls.map(reply) : reply(calls);
}

async function startHttp(): Promise<Source> {
  const page = await readFile(join(ROOT, 'examples/quickstart/chainlink-metrics.txt'), 'utf8');
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      if (request.method !== 'GET') response.end(JSON.stringify(rpcReply(text)));
      else response.end(request.url === '/feeds.json' ? '[]' : page);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function startSubstrate(): Promise<Source> {
  const chain = await startStubChain('v15/polkadot');
  chain.set('session.currentIndex', [], 7);
  chain.set('staking.activeEra', [], { index: 3, start: null });
  return chain;
}

for (const { strategy, settings, perChain, start = startHttp } of CASES) {
  describe(`kind ${strategy.kind} in its own thread`, () => {
    let source: Source;
    let manager: MonitorsManager;
    let published: { id: string; message: WireMessage }[];

    before(async () => {
      source = await start();
    });
    after(async () => {
      await source.close();
    });

    beforeEach(async () => {
      published = [];
      const broker = new EmbeddedBroker();
      const supervisor = new Supervisor({
        host: new ThreadHost({ entry: WORKER_ENTRY }),
        broker: { type: 'embedded', confirmTimeoutMs: 5_000 },
        echo: true,
        handleBroker: (request) => broker.handle(request),
      });
      supervisor.on('message.published', ({ id, message }) => published.push({ id, message }));
      const registry = new StrategyRegistry([strategy], { periodMs: { [strategy.kind]: 100 } });
      manager = new MonitorsManager({ broker, supervisor, registry, source: NO_SOURCE, isStandAlone: true });
      await manager.start();
    });
    afterEach(async () => {
      await manager.stop();
    });

    const bodies = new Map<string, Record<string, JsonObject>>();
    const configure = async (...names: readonly string[]): Promise<void> => {
      for (const key of bodies.keys()) bodies.set(key, {});
      for (const name of names) {
        const [id = ''] = name.split(' ');
        const { routingKey, configId, raw } = strategy.toConfig(aMonitorable(id, name))[0]!;
        bodies.set(routingKey, { ...bodies.get(routingKey), [configId]: raw });
      }
      for (const [key, body] of bodies) {
        await manager.acceptMessage(strategy.family, key, Buffer.from(JSON.stringify(body)));
      }
    };
    const aMonitorable = (id: string, name: string): Monitorable => ({
      kind: strategy.kind,
      id,
      name,
      chain: perChain?.chainOf(id) ?? 'local',
      baseChain: 'chainlink',
      parentId: 'local',
      periodMs: null,
      limits: {},
      settings: settings(source.url, name),
    });
    const stateOf = (id: string): MonitorState | undefined =>
      manager.supervisor.status(
        `${strategy.kind}:${perChain === undefined ? id : `chainlink ${perChain.chainOf(id)}`}`,
      )?.state;
    const thread = (id: string): Promise<string> =>
      eventually(
        () => {
          const state = stateOf(id);
          return state?.state === 'running' ? state.hostId : '';
        },
        { deadlineMs: 10_000, what: `${id} running` },
      );
    const says = perChain?.says ?? ((name: string): string => `(${name})`);
    const hears = async (name: string): Promise<void> => {
      const from = published.length;
      const isIts = ({ message }: { message: WireMessage }): boolean =>
        (perChain !== undefined || message.routingKey === 'heartbeat.worker') &&
        message.content.includes(says(name));
      await eventually(() => published.slice(from).some(isIts), {
        deadlineMs: 10_000,
        what: `${name} heard`,
      });
    };

    it('new config: a monitor starts in a thread of its own, each in another', async () => {
      await configure('a one', 'b one');
      expect(await thread('a')).to.not.equal(await thread('b'));
      await hears('a one');
      await hears('b one');
    });

    it('updated config: that thread is stopped and a new one started with the new settings', async () => {
      await configure('a one', 'b one');
      const [a, b] = [await thread('a'), await thread('b')];
      await configure('a two', 'b one');
      await hears('a two');
      expect(await thread('a')).to.not.equal(a);
      expect(await thread('b')).to.equal(b);
      const from = published.length;
      await hears('a two');
      await hears('b one');
      expect(
        published.slice(from).filter(({ message }) => message.content.includes(says('a one'))),
      ).to.deep.equal([]);
    });

    it('removed config: that thread is stopped, the others go on', async () => {
      await configure('a one', 'b one');
      const b = await thread('b');
      await configure('b one');
      await eventually(() => stateOf('a') === undefined || stateOf('a')?.state === 'stopped');
      await hears('b one');
      expect(await thread('b')).to.equal(b);
      await configure();
      await eventually(() => stateOf('b') === undefined || stateOf('b')?.state === 'stopped');
      expect(manager.takeRoll()).to.deep.equal({ running: [], dead: [] });
    });

    it('the same config again: nothing is touched', async () => {
      await configure('a one');
      const a = await thread('a');
      await configure('a one');
      await configure('a one');
      await hears('a one');
      expect(await thread('a')).to.equal(a);
      expect(manager.snapshot().map((status) => status.restarts)).to.deep.equal([0]);
    });
  });
}
