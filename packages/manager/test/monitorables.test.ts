import { expect } from 'chai';
import { FAMILY_NAMES, type JsonObject, type PublishOutcome } from '@vedette/contract';
import { MemoryScopeStore } from '../src/store/scope-store.js';
import { aManager, stopBench, STRATEGIES, type Bench, type BenchOptions } from './support/a-manager.js';
import { CHAIN_KINDS } from './support/chain-kinds.js';
import { FakeBroker } from './support/fake-broker.js';
import { settle } from '../../../test/support/fake-clock.js';
import { bodyOf, evmNode, mongoNode, system } from './support/panic-configs.js';

const BSC = 'chains.chainlink.binance smart chain.evm_nodes_config';
const ETH = 'chains.chainlink.ethereum.evm_nodes_config';
const QUEUE = 'node_monitors_manager_configs_queue';

interface Told {
  readonly key: string;
  readonly manager: string;
  readonly sources: Record<string, string>[];
}

function toldBy(broker: FakeBroker): Told[] {
  return broker.published
    .filter(({ exchange }) => exchange === 'monitorable')
    .map(({ routingKey, content }) => {
      const body = JSON.parse(content) as { manager_name: string; sources: Record<string, string>[] };
      expect(Object.keys(body)).to.deep.equal(['manager_name', 'sources']);
      return { key: routingKey, manager: body.manager_name, sources: body.sources };
    });
}

describe('monitorables', () => {
  let bench: Bench;
  afterEach(async () => {
    await stopBench(bench);
    expect(bench.clock.pending).to.equal(0);
  });

  const told = (): Told[] => toldBy(bench.broker);
  /** Past completeness: each pair was told once, what was told is forgotten. */
  const complete = async (options: BenchOptions = {}): Promise<void> => {
    bench = await aManager({ strategies: [...STRATEGIES, ...CHAIN_KINDS], ...options });
    for (const base of ['cosmos', 'chainlink', 'substrate', 'Cosmos']) {
      for (const type of ['systems', 'github_repos', 'dockerhub_repos', 'nodes', 'evm_nodes']) {
        for (const family of FAMILY_NAMES) await bench.take(family, `chains.${base}.none.${type}_config`, {});
      }
    }
    for (const [family, type] of [
      ['system', 'systems'],
      ['github', 'github_repos'],
      ['dockerhub', 'dockerhub_repos'],
    ] as const) {
      await bench.take(family, `general.${type}_config`, {});
    }
    await bench.clock.advance(12_000);
    bench.broker.published.length = 0;
  };

  it('sends per old manager, type and base chain what that manager sent, names as it named them', async () => {
    await complete();
    const repo = { id: 'r', parent_id: 'p', repo_name: 'owner/repo', repo_namespace: 'library' };
    await bench.take('system', 'general.systems_config', bodyOf(system('s')));
    await bench.take('node', BSC, bodyOf(evmNode('a')));
    await bench.take('github', 'chains.cosmos.regen.github_repos_config', { r: repo });
    await bench.take('dockerhub', 'general.dockerhub_repos_config', { r: { ...repo, repo_name: 'redis' } });
    await bench.take('network', 'chains.cosmos.regen.nodes_config', bodyOf(mongoNode('n')));
    const source = (
      chainId: string,
      chainName: string,
      sourceId: string,
      sourceName: string,
    ): JsonObject => ({
      chain_id: chainId,
      chain_name: chainName,
      source_id: sourceId,
      source_name: sourceName,
    });
    expect(told()).to.deep.equal([
      {
        key: 'general.systems',
        manager: 'System Monitors Manager',
        sources: [source('parent-1', 'general', 's', 'host s')],
      },
      {
        key: 'chainlink.nodes',
        manager: 'Node Monitors Manager',
        sources: [source('parent-1', 'binance smart chain', 'a', 'geth a')],
      },
      {
        key: 'cosmos.github_repos',
        manager: 'GitHub Monitors Manager',
        sources: [source('p', 'regen', 'r', 'owner/repo')],
      },
      {
        key: 'general.dockerhub_repos',
        manager: 'DockerHub Monitors Manager',
        sources: [source('p', 'general', 'r', 'library/redis')],
      },
      {
        key: 'cosmos.chains',
        manager: 'Network Monitors Manager',
        sources: [source('parent-1', 'regen', 'parent-1', 'cosmos regen')],
      },
    ]);
  });

  it('sends two messages for the contract manager: each node it reads under its inner id, then the chain', async () => {
    await complete();
    const body = { outer: mongoNode('inner'), b: mongoNode('b') };
    await bench.take('contract', 'chains.chainlink.bsc.nodes_config', body);
    expect(told().map(({ key, manager }) => [key, manager])).to.deep.equal([
      ['chainlink.nodes', 'Contract Monitors Manager'],
      ['chainlink.chains', 'Contract Monitors Manager'],
    ]);
    expect(told()[0]?.sources.map((one) => one['source_id'])).to.deep.equal(['inner', 'b']);
    expect(told()[1]?.sources).to.deep.equal([
      { chain_id: 'parent-1', chain_name: 'bsc', source_id: 'parent-1', source_name: 'chainlink bsc' },
    ]);
  });

  it('lists all monitors of one manager and base chain over all its sub-chains, in start order', async () => {
    await complete();
    await bench.take('node', ETH, bodyOf(evmNode('a'), evmNode('b')));
    await bench.take('node', BSC, bodyOf(evmNode('c')));
    await bench.take('node', 'chains.chainlink.bsc.nodes_config', bodyOf(mongoNode('d')));
    await bench.take('node', 'chains.cosmos.regen.evm_nodes_config', bodyOf(evmNode('e')));
    await bench.take('node', ETH, bodyOf(evmNode('a', { name: 'renamed' }), evmNode('b')));
    const lists = told().map(({ key, sources }) => [key, sources.map((one) => one['source_id']).join(' ')]);
    expect(lists).to.deep.equal([
      ['chainlink.nodes', 'a b'],
      ['chainlink.nodes', 'a b c'],
      ['chainlink.nodes', 'a b c d'],
      ['cosmos.nodes', 'e'],
      ['chainlink.nodes', 'a b c d'],
    ]);
    expect(told()[4]?.sources[0]?.['source_name']).to.equal('renamed');
  });

  it('takes the base chain as received, letter case and all', async () => {
    await complete();
    await bench.take('node', 'chains.cosmos.Regen.evm_nodes_config', bodyOf(evmNode('a')));
    await bench.take('node', 'chains.Cosmos.Regen.evm_nodes_config', bodyOf(evmNode('b')));
    expect(told().map(({ key, sources }) => [key, sources.map((one) => one['source_id'])])).to.deep.equal([
      ['cosmos.nodes', ['a']],
      ['Cosmos.nodes', ['b']],
    ]);
  });

  it('sends an empty list when the last monitor of a base chain goes', async () => {
    await complete();
    await bench.take('node', ETH, bodyOf(evmNode('a')));
    await bench.take('node', ETH, {});
    expect(told()[1]).to.deep.equal({
      key: 'chainlink.nodes',
      manager: 'Node Monitors Manager',
      sources: [],
    });
  });

  it('sends after every message, also when nothing changed and when every entry was refused', async () => {
    await complete();
    await bench.take('node', ETH, bodyOf(evmNode('a')));
    await bench.take('node', ETH, bodyOf(evmNode('a')));
    await bench.take('node', ETH, bodyOf(evmNode('a', { name: 7 })));
    await bench.take('node', ETH, bodyOf(evmNode('a', { monitor_node: 'false' })));
    expect(told().map(({ sources }) => sources.length)).to.deep.equal([1, 1, 1, 0]);
  });

  it('is silent where the old managers were: base chains they do not read, and chain monitors that run on', async () => {
    await complete();
    const nodes = bodyOf(mongoNode('a'));
    await bench.take('system', 'chains.ChainLink.bsc.nodes_config', nodes);
    await bench.take('contract', 'chains.cosmos.regen.nodes_config', nodes);
    await bench.take('network', 'chains.chainlink.bsc.nodes_config', nodes);
    await bench.take('node', 'chains.general.x.nodes_config', nodes);
    expect(told()).to.deep.equal([]);
    await bench.take('contract', 'chains.chainlink.bsc.nodes_config', nodes);
    await bench.take('network', 'chains.cosmos.regen.nodes_config', nodes);
    expect(told()).to.have.length(3);
    await bench.take('contract', 'chains.chainlink.bsc.nodes_config', nodes);
    await bench.take('network', 'chains.cosmos.regen.nodes_config', nodes);
    expect(told()).to.have.length(3);
  });

  it('sends nothing on a ping, for the restart of a dead monitor, for poison, and at shutdown', async () => {
    await complete();
    await bench.take('node', ETH, bodyOf(evmNode('a')));
    await settle();
    bench.broker.published.length = 0;
    bench.host.workers.get('evm-node:a')?.crash();
    await bench.clock.advance(1_000);
    bench.broker.deliver('node_monitors_manager_heartbeat_queue', 'ping', 'ping');
    await bench.clock.advance(1_000);
    await bench.take('node', ETH, 'no JSON');
    await stopBench(bench);
    expect(told()).to.deep.equal([]);
  });

  describe('and the config message', () => {
    const keys = (): string[] => told().map(({ key }) => key);

    it('stores the state, then sends, and acknowledges only once the broker has confirmed', async () => {
      const order: string[] = [];
      const store = new MemoryScopeStore();
      const save = store.save.bind(store);
      let confirm: (outcome: PublishOutcome) => void = () => undefined;
      await complete({ store, isFromQueues: true });
      store.save = async (record) => {
        await save(record);
        order.push('stored');
      };
      bench.broker.answer = ({ exchange }) => {
        if (exchange !== 'monitorable') return 'confirmed';
        order.push('sent');
        return new Promise((resolve) => {
          confirm = resolve;
        });
      };
      const settled = bench.broker.deliver(QUEUE, ETH, bodyOf(evmNode('a')));
      await settle();
      expect(order).to.deep.equal(['stored', 'sent']);
      expect(settled.isAcked).to.equal(false);
      confirm('confirmed');
      await settle();
      expect(settled.isAcked).to.equal(true);
    });

    it('acknowledges when the list is unroutable, keeps the newest and delivers it once the store is there', async () => {
      await complete({ isFromQueues: true });
      bench.broker.answer = ({ exchange }) => (exchange === 'monitorable' ? 'unroutable' : 'confirmed');
      const first = bench.broker.deliver(QUEUE, ETH, bodyOf(evmNode('a')));
      const second = bench.broker.deliver(QUEUE, ETH, bodyOf(evmNode('a'), evmNode('b')));
      await settle();
      expect([first.isAcked, second.isAcked]).to.deep.equal([true, true]);
      expect(await bench.running()).to.deep.equal(['Node monitor (geth a)', 'Node monitor (geth b)']);
      await bench.clock.advance(120_000);
      const tries = keys().length;
      expect(tries).to.be.within(5, 12);
      const sentences = bench.logged.map(({ sentence }) => sentence);
      expect(sentences.filter((one) => one.startsWith('Monitorables not delivered'))).to.have.length(1);
      bench.broker.answer = () => 'confirmed';
      await bench.clock.advance(30_000);
      expect(keys()).to.have.length(tries + 1);
      expect(
        told()
          .at(-1)
          ?.sources.map((one) => one['source_id']),
      ).to.deep.equal(['a', 'b']);
      await bench.clock.advance(120_000);
      expect(keys()).to.have.length(tries + 1);
    });

    it('lets a list that fails hold up no other', async () => {
      await complete();
      bench.broker.answer = ({ routingKey }) => (routingKey === 'chainlink.nodes' ? 'nacked' : 'confirmed');
      await bench.take('node', ETH, bodyOf(evmNode('a')));
      await bench.take('node', 'chains.cosmos.regen.evm_nodes_config', bodyOf(evmNode('b')));
      expect(bench.manager.counters.monitorables).to.be.greaterThan(0);
      expect(keys()).to.include('cosmos.nodes');
    });

    it('lets the config go after two seconds without a confirm, and sends a newer list after the older', async () => {
      await complete();
      const confirms: ((outcome: PublishOutcome) => void)[] = [];
      bench.broker.answer = () =>
        new Promise((resolve) => {
          confirms.push(resolve);
        });
      let isTaken = false;
      const taking = bench.take('node', ETH, bodyOf(evmNode('a'))).then(() => (isTaken = true));
      await bench.clock.advance(1_999);
      expect(isTaken).to.equal(false);
      await bench.clock.advance(1);
      await taking;
      const second = bench.take('node', ETH, bodyOf(evmNode('b')));
      await settle();
      expect(keys()).to.have.length(1);
      confirms[0]?.('timeout');
      await settle();
      confirms[1]?.('confirmed');
      await second;
      const sources = told().map((one) => one.sources.map((source) => source['source_id']).join(' '));
      expect(sources).to.deep.equal(['a', 'b']);
    });

    it('sends what a lost link left undone as soon as the link is back', async () => {
      await complete();
      bench.broker.become('disconnected');
      await bench.take('node', ETH, bodyOf(evmNode('a')));
      expect(told()).to.deep.equal([]);
      bench.broker.become('connected');
      await settle();
      expect(told()).to.have.length(1);
    });
  });
});

describe('monitorables of a base chain whose configs are not complete', () => {
  let bench: Bench;
  afterEach(async () => {
    await stopBench(bench);
    expect(bench.clock.pending).to.equal(0);
  });
  const ids = (): string[] =>
    toldBy(bench.broker).map(
      ({ key, sources }) => `${key}: ${sources.map((one) => one['source_id']).join(' ')}`,
    );

  it('are held back until no config came for 12 s, while the configs themselves are acknowledged', async () => {
    bench = await aManager({ isFromQueues: true });
    const first = bench.broker.deliver(QUEUE, ETH, bodyOf(evmNode('a')));
    await bench.clock.advance(11_000);
    // PANIC's publisher sends its batches 10 s apart.
    const second = bench.broker.deliver(QUEUE, BSC, bodyOf(evmNode('b')));
    await bench.clock.advance(11_999);
    expect([first.isAcked, second.isAcked]).to.deep.equal([true, true]);
    expect(ids()).to.deep.equal([]);
    await bench.clock.advance(1);
    expect(ids()).to.deep.equal(['chainlink.nodes: a b']);
    bench.broker.deliver(QUEUE, BSC, {});
    await settle();
    expect(ids()).to.deep.equal(['chainlink.nodes: a b', 'chainlink.nodes: a']);
  });

  it('are held back while a message is still being processed, however long that takes', async () => {
    const store = new MemoryScopeStore();
    const save = store.save.bind(store);
    bench = await aManager({ isFromQueues: true, store });
    bench.broker.deliver(QUEUE, ETH, bodyOf(evmNode('a')));
    await settle();
    let release = (): void => undefined;
    store.save = (record) =>
      new Promise((resolve) => {
        release = () => {
          void save(record).then(resolve);
        };
      });
    bench.broker.deliver(QUEUE, BSC, bodyOf(evmNode('b')));
    await bench.clock.advance(60_000);
    expect(ids()).to.deep.equal([]);
    release();
    await settle();
    await bench.clock.advance(12_000);
    expect(ids()).to.deep.equal(['chainlink.nodes: a b']);
  });

  it('go out after five minutes even if configs never cease', async () => {
    bench = await aManager();
    for (let passed = 0; passed < 299_000; passed += 1_000) {
      await bench.take('node', ETH, bodyOf(evmNode('a')));
      await bench.clock.advance(1_000);
    }
    expect(ids()).to.deep.equal([]);
    await bench.clock.advance(1_000);
    expect(ids()).to.deep.equal(['chainlink.nodes: a']);
  });

  it('hold up neither other managers nor base chains that are complete', async () => {
    bench = await aManager();
    await bench.take('node', ETH, bodyOf(evmNode('a')));
    await bench.clock.advance(12_000);
    await bench.take('system', 'general.systems_config', bodyOf(system('s')));
    await bench.take('node', ETH, bodyOf(evmNode('b')));
    expect(ids()).to.deep.equal(['chainlink.nodes: a', 'chainlink.nodes: b']);
    await bench.clock.advance(12_000);
    expect(ids().at(-1)).to.equal('general.systems: s');
  });

  it('are sent once after a restart, from what was stored, when the queues are read: a lost list is made up for', async () => {
    bench = await aManager({ isFromQueues: true });
    bench.broker.answer = ({ exchange }) => (exchange === 'monitorable' ? 'unroutable' : 'confirmed');
    bench.broker.deliver(QUEUE, ETH, bodyOf(evmNode('a')));
    bench.broker.deliver(QUEUE, BSC, bodyOf(evmNode('b')));
    await settle();
    await bench.clock.advance(13_000);
    const { store } = bench;
    await stopBench(bench);
    // Started before the broker: nothing is read, so nothing is complete.
    const broker = new FakeBroker();
    broker.link = 'connecting';
    bench = await aManager({ isFromQueues: true, store, broker });
    expect(await bench.running()).to.deep.equal(['Node monitor (geth a)', 'Node monitor (geth b)']);
    await bench.clock.advance(20_000);
    expect(ids()).to.deep.equal([]);
    broker.become('connected');
    bench.broker.deliver(QUEUE, 'chains.chainlink.third.evm_nodes_config', bodyOf(evmNode('c')));
    await bench.clock.advance(12_000);
    expect(ids()).to.deep.equal(['chainlink.nodes: a b c']);
  });
});
