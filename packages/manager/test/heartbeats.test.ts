import { expect } from 'chai';
import {
  FAMILIES,
  FAMILY_NAMES,
  MANAGER_NAME,
  serialiseError,
  VedetteError,
  type Family,
} from '@vedette/contract';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { systemStrategy } from '@vedette/monitors-general';
import { HEARTBEAT_TOPOLOGY } from '../src/topology.js';
import { MemoryScopeStore, type ScopeStore } from '../src/store/scope-store.js';
import { aManager, stopBench, STRATEGIES, type Bench } from './support/a-manager.js';
import { settle } from '../../../test/support/fake-clock.js';
import { bodyOf, evmNode, mongoNode, system } from './support/panic-configs.js';

const EVM = 'chains.chainlink.bsc.evm_nodes_config';
const SYSTEMS = 'general.systems_config';
const FOUR_KEYS = ['component_name', 'running_processes', 'dead_processes', 'timestamp'];
const SIX_NAMES = FAMILY_NAMES.map((family) => FAMILIES[family].managerName);

describe('heartbeats', () => {
  let bench: Bench;
  afterEach(async () => {
    await stopBench(bench);
    expect(bench.clock.pending).to.equal(0);
  });

  const ping = (): void => {
    for (const family of FAMILY_NAMES) bench.broker.deliver(FAMILIES[family].heartbeatQueue, 'ping', 'ping');
  };
  const beats = (): Record<string, unknown>[] => bench.broker.bodies('health_check', 'heartbeat.manager');
  const eventuallyRunning = async (id: string): Promise<void> => {
    for (let waited = 0; waited < 60_000 && !bench.host.workers.has(id); waited += 100) {
      await bench.clock.advance(100);
    }
    expect(bench.supervisor.status(id)?.state.state).to.equal('running');
  };
  const answer = async (): Promise<Map<string, Record<string, unknown>>> => {
    const from = beats().length;
    ping();
    await bench.clock.advance(250);
    return new Map(
      beats()
        .slice(from)
        .map((body) => [String(body['component_name']), body]),
    );
  };
  const of = async (family: Family): Promise<{ running: unknown; dead: unknown }> => {
    const body = (await answer()).get(FAMILIES[family].managerName);
    return { running: body?.['running_processes'], dead: body?.['dead_processes'] };
  };

  it('answers a ping with one heartbeat per old name, with exactly the four keys, and one of its own', async () => {
    bench = await aManager();
    const from = bench.clock.now();
    const answers = await answer();
    expect(beats()).to.have.length(7);
    expect([...answers.keys()]).to.deep.equal([...SIX_NAMES, MANAGER_NAME]);
    for (const name of SIX_NAMES) {
      const body = answers.get(name) ?? {};
      expect(Object.keys(body), name).to.deep.equal(FOUR_KEYS);
      expect(body['running_processes']).to.deep.equal([]);
      expect(body['dead_processes']).to.deep.equal([]);
      expect(body['timestamp']).to.be.closeTo((from + 250) / 1000, 0.001);
    }
    const wire = bench.broker.published.filter(({ routingKey }) => routingKey === 'heartbeat.manager');
    for (const { content } of wire) expect(content).to.match(/"timestamp": \d+\.\d+/);
  });

  it("lists each old manager's own monitors by their component names", async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a'), evmNode('b')));
    await bench.take('node', 'chains.chainlink.bsc.nodes_config', bodyOf(mongoNode('c')));
    await bench.take('system', SYSTEMS, bodyOf(system('s')));
    const answers = await answer();
    expect(answers.get('Node Monitors Manager')?.['running_processes']).to.deep.equal([
      'Node monitor (geth a)',
      'Node monitor (geth b)',
      'Node monitor (node c)',
    ]);
    expect(answers.get('System Monitors Manager')?.['running_processes']).to.deep.equal([
      'System monitor (host s)',
    ]);
    for (const name of ['GitHub', 'DockerHub', 'Contract', 'Network'].map(
      (one) => `${one} Monitors Manager`,
    )) {
      expect(answers.get(name)?.['running_processes'], name).to.deep.equal([]);
    }
    expect(answers.get(MANAGER_NAME)?.['running_processes']).to.have.length(4);
  });

  it('lists two monitors of one name twice', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a', { name: 'twin' }), evmNode('b', { name: 'twin' })));
    expect((await of('node')).running).to.deep.equal(['Node monitor (twin)', 'Node monitor (twin)']);
  });

  it('lists what died since the last answer once, under the right old name, although it runs again', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a'), evmNode('b')));
    await bench.take('system', SYSTEMS, bodyOf(system('s')));
    await settle();
    bench.host.workers.get('evm-node:a')?.crash();
    await settle();
    const answers = await answer();
    const node = answers.get('Node Monitors Manager');
    expect(node?.['dead_processes']).to.deep.equal(['Node monitor (geth a)']);
    expect(node?.['running_processes']).to.include('Node monitor (geth b)');
    expect(answers.get('System Monitors Manager')?.['dead_processes']).to.deep.equal([]);
    expect(answers.get(MANAGER_NAME)?.['dead_processes']).to.deep.equal(['Node monitor (geth a)']);
    expect(await of('node')).to.deep.equal({
      running: ['Node monitor (geth a)', 'Node monitor (geth b)'],
      dead: [],
    });
  });

  it('restarts each dead monitor once, with the same settings, without waiting for a ping, and no other', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a'), evmNode('b')));
    await settle();
    bench.host.workers.get('evm-node:a')?.crash();
    await settle();
    await bench.clock.advance(1_000);
    const specs = bench.host.spawned.map(({ spec }) => [spec.id, spec.revision]);
    expect(specs.map(([id]) => id)).to.deep.equal(['evm-node:a', 'evm-node:b', 'evm-node:a']);
    expect(specs[2]).to.deep.equal(specs[0]);
  });

  it('lists what is down at each ping until it is up again, and not once more after that', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a')));
    await settle();
    bench.host.workers.get('evm-node:a')?.crash();
    await settle();
    bench.host.workers.get('evm-node:a')?.crash();
    await settle();
    expect(bench.supervisor.status('evm-node:a')?.state.state).to.equal('backoff');
    const down = { running: [], dead: ['Node monitor (geth a)'] };
    bench.host.refusesToStart = true;
    expect(await of('node')).to.deep.equal(down);
    await bench.clock.advance(5_000);
    expect(await of('node')).to.deep.equal(down);
    bench.host.refusesToStart = false;
    await eventuallyRunning('evm-node:a');
    expect(await of('node')).to.deep.equal({ running: ['Node monitor (geth a)'], dead: [] });
  });

  it('lists a hung monitor as dead, and its replacement as running', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a')));
    await settle();
    // An instant worker never beats, which is what an endless loop looks like.
    await bench.clock.advance(30_000);
    expect(bench.supervisor.status('evm-node:a')?.restartsByCause).to.have.property('hung');
    expect((await of('node')).dead).to.deep.equal(['Node monitor (geth a)']);
  });

  it('lists a monitor that cannot be started as dead at each ping', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a')));
    await settle();
    const error = { code: null, name: 'Error', message: 'no such module', details: {} };
    bench.host.workers.get('evm-node:a')?.say({ type: 'failed', error, permanent: true });
    bench.host.workers.get('evm-node:a')?.crash();
    await settle();
    expect(bench.supervisor.status('evm-node:a')?.state.state).to.equal('failed');
    for (let time = 0; time < 2; time += 1) {
      expect(await of('node')).to.deep.equal({ running: [], dead: ['Node monitor (geth a)'] });
    }
  });

  it('lists a monitor there is no room for as dead at each ping, and counts it as waiting', async () => {
    bench = await aManager();
    bench.host.isSlow = true;
    await bench.take('node', EVM, bodyOf(evmNode('a')));
    await settle();
    const error = serialiseError(new VedetteError('ADMISSION_REFUSED', 'no room for evm-node:a'));
    bench.host.workers.get('evm-node:a')?.refuse(error);
    await settle();
    expect(bench.supervisor.status('evm-node:a')?.state).to.deep.include({ state: 'backoff', reason: error });
    for (let time = 0; time < 2; time += 1) {
      expect(await of('node')).to.deep.equal({ running: [], dead: ['Node monitor (geth a)'] });
    }
    expect((await answer()).get(MANAGER_NAME)).to.deep.include({ monitors_by_state: { backoff: 1 } });
    bench.host.isSlow = false;
    await eventuallyRunning('evm-node:a');
    expect(await of('node')).to.deep.equal({ running: ['Node monitor (geth a)'], dead: [] });
  });

  it('takes neither a change of config nor a removal for a death', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a'), evmNode('b')));
    await settle();
    await bench.take('node', EVM, bodyOf(evmNode('a', { name: 'renamed' })));
    await settle();
    expect(await of('node')).to.deep.equal({ running: ['Node monitor (renamed)'], dead: [] });
  });

  it('forgets a death when the monitor is removed before the next ping', async () => {
    bench = await aManager();
    await bench.take('node', EVM, bodyOf(evmNode('a')));
    await settle();
    bench.host.workers.get('evm-node:a')?.crash();
    await settle();
    await bench.take('node', EVM, {});
    await settle();
    expect(await of('node')).to.deep.equal({ running: [], dead: [] });
  });

  it('answers a burst of queued pings once, and the next ping again', async () => {
    bench = await aManager();
    for (let queued = 0; queued < 40; queued += 1) {
      ping();
      await bench.clock.advance(20);
    }
    await bench.clock.advance(1_000);
    expect(beats()).to.have.length(7);
    await answer();
    expect(beats()).to.have.length(14);
    expect(bench.manager.counters.pings).to.equal(2);
  });

  it('answers pings that never end every five seconds', async () => {
    bench = await aManager();
    for (let passed = 0; passed < 11_000; passed += 100) {
      ping();
      await bench.clock.advance(100);
    }
    expect(beats()).to.have.length(14);
  });

  it('declares the six heartbeat queues with the flags and the binding of the old managers', async () => {
    bench = await aManager();
    expect(HEARTBEAT_TOPOLOGY.queues).to.deep.equal(
      FAMILY_NAMES.map((family) => ({
        name: FAMILIES[family].heartbeatQueue,
        bindings: [{ exchange: 'health_check', pattern: 'ping' }],
      })),
    );
    expect(bench.broker.consumed).to.have.members(
      FAMILY_NAMES.map((family) => FAMILIES[family].heartbeatQueue),
    );
  });

  it('answers from the other queues while one is refused, and tries that one again', async () => {
    const bad = FAMILIES.github.heartbeatQueue;
    const { FakeBroker } = await import('./support/fake-broker.js');
    const broker = new FakeBroker();
    broker.refuse = (queue) => {
      if (queue === bad) throw new Error('406');
    };
    bench = await aManager({ broker });
    expect(broker.consumed).to.not.include(bad);
    broker.deliver(FAMILIES.node.heartbeatQueue, 'ping', 'ping');
    await bench.clock.advance(5_000);
    expect(beats()).to.have.length(7);
    broker.refuse = () => undefined;
    await bench.clock.advance(4_000);
    expect(broker.consumed).to.include(bad);
  });

  it('answers pings while a config waits for a store that hangs', async () => {
    const store: ScopeStore = new MemoryScopeStore();
    let release = (): void => undefined;
    store.save = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    bench = await aManager({ store });
    const taking = bench.take('node', EVM, bodyOf(evmNode('a')));
    expect([...(await answer()).keys()]).to.have.length(7);
    expect((await of('node')).running).to.deep.equal([]);
    release();
    await taking;
  });

  it('does not raise when a heartbeat is unroutable, and goes on at the next ping', async () => {
    bench = await aManager();
    bench.broker.answer = () => 'unroutable';
    await answer();
    expect(beats()).to.have.length(7);
    await answer();
    expect(beats()).to.have.length(14);
  });

  it('does not answer after a stop', async () => {
    bench = await aManager();
    ping();
    await stopBench(bench);
    await bench.clock.advance(5_000);
    expect(beats()).to.have.length(0);
  });

  it('tells more under its own name: states, refusals, parked messages and the age of results', async () => {
    const strategies: MonitorStrategy[] = [
      ...STRATEGIES.filter((one) => one !== systemStrategy),
      systemStrategy,
    ];
    bench = await aManager({ strategies });
    await bench.take('node', EVM, bodyOf(evmNode('a'), evmNode('b', { node_http_url: 'ftp://x' })));
    await bench.take('node', EVM, 'no JSON');
    await settle();
    bench.host.workers.get('evm-node:a')?.say({
      type: 'round-ended',
      outcome: 'ok',
      durationMs: 1,
      at: bench.clock.now() - 2_000,
      state: null,
      facts: {},
      reported: null,
      error: null,
    });
    const own = (await answer()).get(MANAGER_NAME) ?? {};
    expect(Object.keys(own).slice(0, 4)).to.deep.equal(FOUR_KEYS);
    expect(own).to.include({ configs_accepted: 1, configs_parked: 1, monitorables_waiting: 0 });
    expect(own['version']).to.match(/^\d+\.\d+\.\d+$/);
    expect(own['monitors_by_state']).to.deep.equal({ running: 1 });
    expect(own['refused_by_code']).to.deep.equal({ CONFIG_INVALID_URL: 1, CONFIG_NOT_JSON: 1 });
    expect(own['oldest_result_age_seconds']).to.be.closeTo(2.25, 0.001);
  });
});
