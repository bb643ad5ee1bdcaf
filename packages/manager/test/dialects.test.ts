/** Config as PANIC's two publishers send it, through the whole manager with the real strategies. */
import { expect } from 'chai';
import { FAMILIES, FAMILY_NAMES, isTopicMatch, type Family, type JsonObject } from '@vedette/contract';
import { MemoryScopeStore } from '../src/store/scope-store.js';
import { aManager, stopBench, STRATEGIES, type Bench } from './support/a-manager.js';
import { CHAIN_KINDS } from './support/chain-kinds.js';
import { FakeBroker, type Settled } from './support/fake-broker.js';
import { settle } from '../../../test/support/fake-clock.js';
import { bodyOf, evmNode, iniNode, mongoNode, system } from './support/panic-configs.js';

const NODES = 'chains.chainlink.bsc.nodes_config';
const EVM = 'chains.chainlink.bsc.evm_nodes_config';
const COSMOS = 'chains.cosmos.regen.nodes_config';

describe('config in both dialects', () => {
  let bench: Bench;
  afterEach(async () => {
    await stopBench(bench);
    expect(bench.host.mostPerId).to.be.at.most(1);
  });

  /** Into each queue that is bound to this key, as the exchange does. */
  const publish = async (routingKey: string, body: unknown): Promise<Settled[]> => {
    const settled = FAMILY_NAMES.filter((family) =>
      FAMILIES[family].configKeys.some((pattern) => isTopicMatch(pattern, routingKey)),
    ).map((family) => bench.broker.deliver(FAMILIES[family].configQueue, routingKey, body));
    await settle();
    return settled;
  };
  const deliver = (family: Family, routingKey: string, body: unknown, isRedelivered = false): Settled =>
    bench.broker.deliver(FAMILIES[family].configQueue, routingKey, body, isRedelivered);
  const settingsOf = (id: string): unknown => bench.host.workers.get(id)?.start.spec.settings;
  const refusals = (): string[] =>
    bench.manager
      .refusals()
      .flatMap(({ scope, refusals: list }) =>
        list.map(({ code, configId }) => `${scope} ${configId ?? '-'} ${code}`),
      );

  describe('what runs after one message', () => {
    const cases: readonly {
      readonly what: string;
      readonly key: string;
      readonly body: JsonObject;
      readonly runs: readonly string[];
      readonly refused?: readonly string[];
    }[] = [
      {
        what: 'Mongo: a Chainlink node of 24 text fields',
        key: NODES,
        body: bodyOf(mongoNode('a'), mongoNode('b', { monitor_node: 'false' })),
        runs: ['Node monitor (node a)'],
        refused: [`contract/${NODES} - CONFIG_UNKNOWN_KIND`],
      },
      {
        what: 'Mongo: Cosmos nodes with systems, a kind that is not built yet refused with a reason',
        key: COSMOS,
        body: bodyOf(mongoNode('a'), mongoNode('b', { monitor_system: 'false' })),
        runs: ['System monitor (node a)'],
        refused: [`node/${COSMOS} - CONFIG_UNKNOWN_KIND`, `network/${COSMOS} - CONFIG_UNKNOWN_KIND`],
      },
      {
        what: 'Mongo: a sub-chain with spaces',
        key: 'chains.chainlink.binance smart chain.evm_nodes_config',
        body: bodyOf(evmNode('a')),
        runs: ['Node monitor (geth a)'],
      },
      {
        what: 'Mongo: EVM nodes of any base chain',
        key: 'chains.substrate.moonbeam.evm_nodes_config',
        body: bodyOf(evmNode('a')),
        runs: ['Node monitor (geth a)'],
      },
      {
        what: 'Mongo: systems of a Chainlink chain, which come in systems_config alone',
        key: 'chains.chainlink.bsc.systems_config',
        body: bodyOf(system('a')),
        runs: ['System monitor (host a)'],
      },
      {
        what: 'general systems',
        key: 'general.systems_config',
        body: bodyOf(system('a'), system('b', { monitor_system: 'false' })),
        runs: ['System monitor (host a)'],
      },
      {
        what: 'INI: a subset of the fields, True and yes as switches, keys in mixed case',
        key: 'chains.ChainLink.Binance.nodes_config',
        body: { node_1: iniNode('a'), node_2: iniNode('b', { monitor_prometheus: '1' }) },
        runs: ['Node monitor (node a)'],
        refused: ['contract/chains.ChainLink.Binance.nodes_config - CONFIG_UNKNOWN_KIND'],
      },
      {
        what: 'INI: DEFAULT, even if it holds a whole node',
        key: EVM,
        body: { DEFAULT: evmNode('default'), node_1: evmNode('a', { monitor_node: 'YES' }) },
        runs: ['Node monitor (geth a)'],
      },
      {
        what: 'GitHub and DockerHub repositories, kinds that are not built yet',
        key: 'general.github_repos_config',
        body: { r: { id: 'r', parent_id: 'p', repo_name: 'a/b', repo_namespace: '', monitor_repo: 'true' } },
        runs: [],
        refused: ['github/general.github_repos_config - CONFIG_UNKNOWN_KIND'],
      },
      {
        what: 'a base chain nobody knows, refused once and not by all four',
        key: 'chains.tezos.main.nodes_config',
        body: bodyOf(mongoNode('a')),
        runs: ['System monitor (node a)'],
        refused: ['node/chains.tezos.main.nodes_config - CONFIG_UNKNOWN_KIND'],
      },
    ];
    for (const { what, key, body, runs, refused = [] } of cases) {
      it(what, async () => {
        bench = await aManager({ isFromQueues: true });
        const settled = await publish(key, body);
        expect(await bench.running()).to.deep.equal(runs);
        expect(refusals()).to.have.members([...refused]);
        expect(settled.map(({ isAcked }) => isAcked)).to.deep.equal(settled.map(() => true));
        expect(bench.broker.bodies('vedette_parking')).to.deep.equal([]);
        // Each acknowledged message is stored, refused or not, so that a later version can run it.
        const { records } = await bench.store.load();
        expect(records).to.have.length(settled.length);
      });
    }
  });

  it('starts, changes and stops exactly what a message says, and leaves the neighbours alone', async () => {
    bench = await aManager({ isFromQueues: true });
    await publish(EVM, bodyOf(evmNode('a'), evmNode('b'), evmNode('off', { monitor_node: 'false' })));
    await publish(NODES, bodyOf(mongoNode('c')));
    const untouched = bench.host.workers.get('evm-node:b');
    await publish(EVM, bodyOf(evmNode('a', { name: 'changed' }), evmNode('b'), evmNode('new')));
    expect(await bench.running()).to.deep.equal([
      'Node monitor (changed)',
      'Node monitor (geth b)',
      'Node monitor (geth new)',
      'Node monitor (node c)',
    ]);
    expect(bench.host.workers.get('evm-node:b')).to.equal(untouched);
    await publish(EVM, bodyOf(evmNode('a', { monitor_node: 'false' }), evmNode('b')));
    expect(await bench.running()).to.deep.equal(['Node monitor (geth b)', 'Node monitor (node c)']);
    expect(bench.host.spawned).to.have.length(5);
  });

  it('removes with {} what its routing key stood for, and nothing of another chain, type or manager', async () => {
    bench = await aManager({ isFromQueues: true });
    await publish(EVM, bodyOf(evmNode('a')));
    await publish(NODES, bodyOf(mongoNode('b')));
    await publish('chains.chainlink.eth.evm_nodes_config', bodyOf(evmNode('c')));
    await publish(COSMOS, bodyOf(mongoNode('d')));
    await publish(EVM, {});
    expect(await bench.running()).to.deep.equal([
      'Node monitor (geth c)',
      'Node monitor (node b)',
      'System monitor (node d)',
    ]);
  });

  it('does nothing for a field no monitor uses, nor for a switch written another way', async () => {
    bench = await aManager({ isFromQueues: true });
    await publish(NODES, bodyOf(mongoNode('a')));
    const changed = { exporter_url: 'http://other:9100', stash_address: 'x', monitor_node: 'True' };
    await publish(NODES, bodyOf(mongoNode('a', changed)));
    await publish(NODES, bodyOf(mongoNode('a', { ...changed, a_field_of_tomorrow: 'x' })));
    await publish(NODES, bodyOf(iniNode('a', { parent_id: 'parent-1' })));
    expect(bench.host.spawned).to.have.length(1);
  });

  it('takes changes and removals in a message whose entries have new fields', async () => {
    bench = await aManager({ isFromQueues: true });
    await publish(EVM, bodyOf(evmNode('a'), evmNode('b')));
    const changed = evmNode('a', { node_http_url: 'http://10.0.0.2:8545', added: 'x' });
    await publish(EVM, bodyOf(changed, evmNode('c')));
    expect(await bench.running()).to.deep.equal(['Node monitor (geth a)', 'Node monitor (geth c)']);
    expect(settingsOf('evm-node:a')).to.include({ url: 'http://10.0.0.2:8545' });
  });

  it('refuses an entry that lost a field, keeps its monitor as it was, and takes its neighbours', async () => {
    bench = await aManager({ isFromQueues: true });
    await publish(EVM, bodyOf(evmNode('a'), evmNode('b')));
    const { node_http_url: _gone, ...damaged } = evmNode('a');
    const [settled] = await publish(EVM, {
      a: damaged,
      b: evmNode('b', { name: 'renamed' }),
      c: evmNode('c'),
      worse: { ...evmNode('worse'), name: 7 },
    });
    expect(settled?.isAcked).to.equal(true);
    expect(await bench.running()).to.deep.equal([
      'Node monitor (geth a)',
      'Node monitor (geth c)',
      'Node monitor (renamed)',
    ]);
    expect(refusals()).to.deep.equal([
      `node/${EVM} a CONFIG_MISSING_FIELD`,
      `node/${EVM} worse CONFIG_INVALID_FIELD`,
    ]);
  });

  it('keeps systems of nodes_config and of systems_config of one chain apart', async () => {
    bench = await aManager({ isFromQueues: true });
    await publish(COSMOS, bodyOf(mongoNode('a')));
    await publish('chains.cosmos.regen.systems_config', bodyOf(system('b')));
    expect(await bench.running()).to.deep.equal(['System monitor (host b)', 'System monitor (node a)']);
    await publish('chains.cosmos.regen.systems_config', {});
    expect(await bench.running()).to.deep.equal(['System monitor (node a)']);
  });

  it('parks what is no JSON object with its reason and goes on with what stands behind it', async () => {
    bench = await aManager({ isFromQueues: true });
    const poison = ['no JSON', '[1]', '"text"', '7', 'null'].map((text) => deliver('node', EVM, text));
    const good = deliver('node', EVM, bodyOf(evmNode('a')));
    await settle();
    expect([...poison, good].map(({ isAcked }) => isAcked)).to.deep.equal(
      Array.from({ length: 6 }, () => true),
    );
    expect(await bench.running()).to.deep.equal(['Node monitor (geth a)']);
    const parked = bench.broker.published.filter(({ exchange }) => exchange === 'vedette_parking');
    expect(parked.map(({ content }) => content)).to.deep.equal(['no JSON', '[1]', '"text"', '7', 'null']);
    const codes = bench.broker.headers.flatMap((headers) => headers?.['x-vedette-code'] ?? []);
    expect(codes[0]).to.equal('CONFIG_NOT_JSON');
    expect(codes.slice(1)).to.deep.equal(Array.from({ length: 4 }, () => 'CONFIG_WRONG_TYPE'));
  });

  it('is said to be read only while the link that brings it is up', async () => {
    const broker = new FakeBroker();
    broker.link = 'connecting';
    bench = await aManager({ isFromQueues: true, broker });
    const told: boolean[] = [];
    bench.manager.on('intake.changed', ({ isReading }) => told.push(isReading));
    expect(bench.manager.intake.isReading).to.equal(false);
    broker.become('connected');
    broker.become('disconnected');
    broker.become('blocked');
    expect(told).to.deep.equal([true, false, true]);
  });

  describe('renames', () => {
    it('empty the old name, then fill the new one: each monitor runs once, under the new chain', async () => {
      bench = await aManager({ isFromQueues: true });
      await publish('chains.chainlink.old.evm_nodes_config', bodyOf(evmNode('a'), evmNode('b')));
      await publish('chains.chainlink.old.evm_nodes_config', {});
      await publish('chains.chainlink.new.evm_nodes_config', bodyOf(evmNode('a'), evmNode('b')));
      expect(await bench.running()).to.deep.equal(['Node monitor (geth a)', 'Node monitor (geth b)']);
      expect(bench.host.workers.get('evm-node:a')?.start.spec.origin.subChain).to.equal('new');
    });

    it('together with another change never empty the old name: of one id under two chains exactly one runs', async () => {
      bench = await aManager({ isFromQueues: true });
      await publish('chains.chainlink.old.evm_nodes_config', bodyOf(evmNode('a')));
      await publish('chains.chainlink.new.evm_nodes_config', bodyOf(evmNode('a', { name: 'changed' })));
      expect(await bench.running()).to.deep.equal(['Node monitor (changed)']);
      // The old name is emptied only when the whole chain is deleted.
      await publish('chains.chainlink.old.evm_nodes_config', {});
      expect(await bench.running()).to.deep.equal(['Node monitor (changed)']);
    });

    it('tell the UI of the chain under its new name only', async () => {
      bench = await aManager({ isFromQueues: true, quietMs: 0 });
      await publish('chains.chainlink.old.evm_nodes_config', bodyOf(evmNode('a')));
      await bench.clock.advance(1);
      await publish('chains.chainlink.old.evm_nodes_config', {});
      await publish('chains.chainlink.new.evm_nodes_config', bodyOf(evmNode('a')));
      const lists = bench.broker.bodies('monitorable', 'chainlink.nodes').map(({ sources }) => sources);
      expect(lists).to.have.length(3);
      expect(lists[1]).to.deep.equal([]);
      expect(lists[2]).to.have.deep.nested.property('[0].chain_name', 'new');
    });
  });

  describe('bursts and repeats', () => {
    it('a thousand edits of one node back to back end with the last one, and never with two', async () => {
      bench = await aManager({ isFromQueues: true });
      const settled = Array.from({ length: 1_000 }, (_, edit) =>
        deliver('node', EVM, bodyOf(evmNode('a', { name: `edit ${edit}` }), evmNode('b'))),
      );
      await settle();
      for (let turn = 0; turn < 2_000 && settled.some((one) => !one.isAcked); turn += 1) await settle();
      expect(settled.filter((one) => one.isAcked)).to.have.length(1_000);
      expect(await bench.running()).to.deep.equal(['Node monitor (edit 999)', 'Node monitor (geth b)']);
      expect(bench.host.spawned.filter(({ spec }) => spec.id === 'evm-node:b')).to.have.length(1);
    });

    it('a node that is added and removed at once, before its worker is ready, is gone, and its sibling lives on', async () => {
      bench = await aManager({ isFromQueues: true });
      await publish(EVM, bodyOf(evmNode('sibling')));
      const sibling = bench.host.workers.get('evm-node:sibling');
      bench.host.isSlow = true;
      deliver('node', EVM, bodyOf(evmNode('sibling'), evmNode('a')));
      deliver('node', EVM, bodyOf(evmNode('sibling')));
      await settle();
      for (let passed = 0; passed < 4_000; passed += 500) {
        bench.host.beat();
        await bench.clock.advance(500);
      }
      expect(await bench.running()).to.deep.equal(['Node monitor (geth sibling)']);
      expect(bench.host.workers.get('evm-node:sibling')).to.equal(sibling);
      expect(bench.supervisor.snapshot()).to.have.length(1);
    });

    it('an edit of a node whose worker never gets ready replaces it all the same', async () => {
      bench = await aManager({ isFromQueues: true });
      bench.host.isSlow = true;
      await publish(EVM, bodyOf(evmNode('a')));
      bench.host.isSlow = false;
      await publish(EVM, bodyOf(evmNode('a', { name: 'edited' })));
      await bench.clock.advance(4_000);
      expect(await bench.running()).to.deep.equal(['Node monitor (edited)']);
      expect(bench.supervisor.status('evm-node:a')?.state.state).to.equal('running');
    });

    it('a redelivered message changes nothing and is acknowledged', async () => {
      bench = await aManager({ isFromQueues: true });
      await publish(EVM, bodyOf(evmNode('a')));
      const again = deliver('node', EVM, bodyOf(evmNode('a')), true);
      await settle();
      expect(again.isAcked).to.equal(true);
      expect(bench.host.spawned).to.have.length(1);
    });

    it('messages redelivered in order after a lost link end with the newest', async () => {
      bench = await aManager({ isFromQueues: true });
      const old = bodyOf(evmNode('a', { name: 'old' }));
      const young = bodyOf(evmNode('a', { name: 'young' }));
      for (const isRedelivered of [false, true]) {
        deliver('node', EVM, old, isRedelivered);
        deliver('node', EVM, young, isRedelivered);
      }
      await settle();
      expect(await bench.running()).to.deep.equal(['Node monitor (young)']);
    });

    it('no monitor is doubled when its list cannot be delivered and the message comes again', async () => {
      bench = await aManager({ isFromQueues: true, quietMs: 0, strategies: [...STRATEGIES, ...CHAIN_KINDS] });
      bench.broker.answer = ({ exchange }) => (exchange === 'monitorable' ? 'unroutable' : 'confirmed');
      const keys: [Family, string][] = [
        ['node', NODES],
        ['contract', NODES],
        ['network', COSMOS],
        ['system', COSMOS],
      ];
      for (let time = 0; time < 3; time += 1) {
        for (const [family, key] of keys) deliver(family, key, bodyOf(mongoNode('a')), time > 0);
        await settle();
        await bench.clock.advance(1);
      }
      expect(await bench.running()).to.have.length(4);
      expect(bench.host.spawned).to.have.length(4);
    });
  });

  describe('four copies of one nodes_config', () => {
    const older = bodyOf(mongoNode('a', { name: 'older' }));
    const newer = bodyOf(mongoNode('a', { name: 'newer', exporter_url: 'http://newer:9100' }));

    it('are settled each by itself: one that cannot be stored holds back its own manager only', async () => {
      const store = new MemoryScopeStore();
      const save = store.save.bind(store);
      store.save = (record) =>
        record.family === 'contract' ? Promise.reject(new Error('disk full')) : save(record);
      bench = await aManager({ store });
      expect((await bench.take('node', NODES, newer)).isTaken).to.equal(true);
      await bench.take('contract', NODES, newer).then(
        () => expect.fail('it was not stored'),
        () => undefined,
      );
      expect(await bench.running()).to.deep.equal(['Node monitor (newer)']);
    });

    it('come off their queues while one cannot be stored, and that one is taken once it can', async () => {
      const store = new MemoryScopeStore();
      const save = store.save.bind(store);
      let isFull = true;
      store.save = (record) =>
        isFull && record.family === 'system' ? Promise.reject(new Error('disk full')) : save(record);
      bench = await aManager({ store, isFromQueues: true });
      const [held, behind] = [deliver('system', NODES, older), deliver('system', NODES, newer)];
      const passing = [deliver('node', NODES, newer), deliver('system', COSMOS, '{}')];
      await settle();
      expect(passing.map(({ isAcked }) => isAcked)).to.deep.equal([true, false]);
      expect([held, behind].map(({ isAcked }) => isAcked)).to.deep.equal([false, false]);
      isFull = false;
      await bench.clock.advance(1_000);
      await settle();
      for (const one of [held, behind, ...passing]) expect(one.isAcked).to.equal(true);
      expect(await bench.running()).to.deep.equal(['Node monitor (newer)']);
    });

    it('do not undo each other when an older one comes late on another queue', async () => {
      bench = await aManager({ isFromQueues: true, strategies: [...STRATEGIES, ...CHAIN_KINDS] });
      deliver('system', COSMOS, older);
      deliver('system', COSMOS, newer);
      await settle();
      deliver('network', COSMOS, older);
      deliver('node', COSMOS, older);
      await settle();
      expect(await bench.running()).to.include('System monitor (newer)');
      deliver('network', COSMOS, newer);
      await settle();
      expect(await bench.running()).to.deep.equal(['System monitor (newer)', 'cosmos-network (regen)']);
      const spawned = bench.host.spawned.map(({ spec }) => spec.componentName);
      expect(spawned.filter((name) => name === 'System monitor (newer)')).to.have.length(1);
    });
  });
});
