/** One monitor misbehaves among neighbours, on the real stack: it is replaced, they notice nothing. */
import { expect } from 'chai';
import { defineKind, z } from '@vedette/contract/kind';
import type { MonitorStrategy } from '@vedette/contract/strategy';
import { EmbeddedBroker } from '@vedette/broker';
import { MonitorsManager, StrategyRegistry, type ConfigSource } from '@vedette/manager';
import { Supervisor, ThreadHost, type MonitorStatus } from '@vedette/supervisor';
import { eventually } from '../support/eventually.js';
import { WORKER_ENTRY } from '../support/worker-entry.js';

const NO_SOURCE: ConfigSource = { start: () => Promise.resolve(), stop: () => Promise.resolve() };
const NEIGHBOURS = 6;

const naughty: MonitorStrategy = defineKind({
  kind: 'naughty',
  title: 'Misbehaves as told',
  module: new URL('./fixtures/naughty.mjs', import.meta.url),
  periodMs: 50,
  settings: z.object({ mood: z.string() }),
  example: { mood: 'fine' },
  limits: { roundTimeoutMs: 300, stopTimeoutMs: 500 },
});

describe('a monitor that misbehaves', function () {
  this.timeout(40_000);
  let manager: MonitorsManager;
  let supervisor: Supervisor;

  beforeEach(async () => {
    const broker = new EmbeddedBroker();
    supervisor = new Supervisor({
      host: new ThreadHost({ entry: WORKER_ENTRY }),
      broker: { type: 'embedded', confirmTimeoutMs: 5_000 },
      beatMs: 200,
      handleBroker: (request) => broker.handle(request),
    });
    const registry = new StrategyRegistry([naughty]);
    manager = new MonitorsManager({ broker, supervisor, registry, source: NO_SOURCE, isStandAlone: true });
    await manager.start();
  });
  afterEach(async () => {
    await manager.stop();
  });

  const run = (mood: string): void => {
    const declare = (id: string, settings: { mood: string }) => {
      const base = { kind: 'naughty', id, name: id, chain: 'general', baseChain: 'general', parentId: 'x' };
      const { spec } = naughty.declare({ ...base, periodMs: null, limits: {}, settings });
      if (spec === null) throw new Error('the fixture must declare');
      return spec;
    };
    const neighbours = Array.from({ length: NEIGHBOURS }, (_, i) =>
      declare(`neighbour ${i}`, { mood: 'fine' }),
    );
    manager.acceptSpecs('test', [declare('culprit', { mood }), ...neighbours]);
  };
  const culprit = (): MonitorStatus => supervisor.status('naughty:culprit') as MonitorStatus;
  const total = (status: MonitorStatus): number => status.lastRound?.facts['total_rounds'] ?? 0;

  const cases: [string, string, string][] = [
    ['throws an uncaught error', 'crash', 'crashed'],
    ['ends its thread', 'exit', 'exited'],
    ['loops without end', 'loop', 'hung'],
    ['fills its heap', 'leak', 'memory-mark'],
  ];
  for (const [what, mood, cause] of cases) {
    it(`${what}: it is replaced with its state, named in the next heartbeat, and its neighbours go on`, async () => {
      run(mood);
      await eventually(() => culprit().restarts > 0, { deadlineMs: 20_000, what: 'a restart' });
      await eventually(() => culprit().state.state === 'running' && total(culprit()) > 4, {
        deadlineMs: 20_000,
        what: 'rounds after the restart',
      });
      expect(culprit().restartsByCause).to.have.property(cause);
      const { running, dead } = manager.takeRoll();
      expect(running).to.include('naughty monitor (culprit)');
      // A planned recycling is no death.
      if (mood !== 'leak') expect(dead).to.deep.equal(['naughty monitor (culprit)']);
      expect(manager.takeRoll().dead).to.deep.equal([]);
      const others = supervisor.snapshot().filter(({ id }) => id !== 'naughty:culprit');
      expect(others.map(({ restarts, health }) => [restarts, health])).to.deep.equal(
        others.map(() => [0, 'healthy']),
      );
    });
  }

  it('never settles its promise: the round is aborted at its deadline and the worker replaced', async () => {
    run('wait');
    await eventually(() => culprit().restarts > 0, { deadlineMs: 20_000 });
    await eventually(() => culprit().state.state === 'running' && total(culprit()) > 2, {
      deadlineMs: 20_000,
    });
    expect(culprit().restartsByCause).to.have.property('round-timeout');
  });

  it('throws in a round: that round fails, the worker lives and the next round runs on time', async () => {
    run('throw');
    await eventually(() => total(culprit()) > 3, { deadlineMs: 20_000 });
    expect(culprit().restarts).to.equal(0);
  });
});
