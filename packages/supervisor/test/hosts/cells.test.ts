import { expect } from 'chai';
import { eventually } from '../../../../test/support/eventually.js';
import { CellHost, type CellEnd } from '../../src/hosts/cells.js';
import { Supervisor } from '../../src/supervisor.js';
import { aSpec } from '../a-spec.js';
import { BROKER } from '../a-supervisor.js';
import { does, hostContract } from './host-contract.js';

const entry = new URL('../fixtures/worker.mjs', import.meta.url);
const missing = new URL('../fixtures/not-there.mjs', import.meta.url);

describe('cells', function () {
  this.timeout(30_000);
  const hosts: CellHost[] = [];
  const ends: CellEnd[] = [];
  const aHost = (monitorsPerCell = 100, file = entry, density = 1): CellHost => {
    const onCellEnded = (end: CellEnd): number => ends.push(end);
    const host = new CellHost({ entry: file, monitorsPerCell, density, onCellEnded });
    hosts.push(host);
    return host;
  };
  beforeEach(() => {
    ends.length = 0;
  });
  afterEach(async () => {
    for (const host of hosts) host.close();
    await eventually(() => hosts.every(({ cells }) => cells.length === 0), { what: 'the end of all cells' });
    hosts.length = 0;
  });

  hostContract({
    name: 'cell',
    host: () => aHost(),
    hostWithoutEntry: () => aHost(100, missing),
    mayMove: true,
  });
  hostContract({
    name: 'cell that packs',
    host: () => aHost(100, entry, 10),
    hostWithoutEntry: () => aHost(100, missing, 10),
    sharesLoops: true,
    mayMove: true,
  });

  describe('CellHost', () => {
    const ids = Array.from({ length: 6 }, (_none, index) => `test:${index}`);
    const supervise = (host: CellHost): Supervisor =>
      new Supervisor({ host, broker: BROKER, beatMs: 400, startsPerSecond: Infinity });
    const cellOf = (supervisor: Supervisor, id: string): string => {
      const state = supervisor.status(id)?.state;
      return state?.state === 'running' ? (state.hostId.split('/')[0] ?? '') : '';
    };
    const allRunning = (supervisor: Supervisor, all: readonly string[], attempt = 1): Promise<unknown> =>
      eventually(
        () =>
          all.every((id) => {
            const status = supervisor.status(id);
            return status?.state.state === 'running' && status.attempt >= attempt;
          }),
        { what: `${all.length} monitors running`, deadlineMs: 20_000 },
      );

    it('spreads monitors over cells of the size asked for', async () => {
      const host = aHost(2);
      await using supervisor = supervise(host);
      supervisor.apply(ids.map((id) => aSpec({ id })));
      await allRunning(supervisor, ids);
      expect(host.cells).to.have.lengthOf(3);
      const perCell = new Map<string, number>();
      for (const id of ids) {
        const cell = cellOf(supervisor, id);
        perCell.set(cell, (perCell.get(cell) ?? 0) + 1);
      }
      expect([...perCell.values()]).to.deep.equal([2, 2, 2]);
    });

    it('has every monitor of a killed cell run again, and touches no other cell', async () => {
      const host = aHost(3);
      await using supervisor = supervise(host);
      supervisor.apply(ids.map((id) => aSpec({ id })));
      await allRunning(supervisor, ids);
      const [first] = host.cells;
      const hit = ids.filter((id) => cellOf(supervisor, id) === `cell:${String(first)}`);
      process.kill(Number(first), 'SIGKILL');
      await allRunning(supervisor, hit, 2);
      await allRunning(supervisor, ids);
      for (const id of ids) {
        expect(supervisor.status(id)?.restarts, id).to.equal(hit.includes(id) ? 1 : 0);
      }
      expect(ends).to.have.lengthOf(1);
      expect(ends[0]).to.deep.include({ cellId: `cell:${String(first)}`, isAsked: false, how: 'SIGKILL' });
      expect(ends[0]?.monitors).to.have.members(hit);
      const error = supervisor.status(hit[0] ?? '')?.lastError;
      expect(error?.cause?.message).to.match(/^cell:\d+, where it ran, was ended by SIGKILL$/);
    });

    it('outlives a monitor that kills its process', async () => {
      await using supervisor = supervise(aHost());
      supervisor.apply([does('kills-its-process', { id: 'test:bad' }), ...ids.map((id) => aSpec({ id }))]);
      await allRunning(supervisor, ['test:bad', ...ids]);
      await eventually(() => supervisor.status('test:bad')?.attempt === 2, { what: 'the second run' });
      await allRunning(supervisor, ['test:bad', ...ids]);
    });

    it('shares threads in a cell, where a bad one costs its thread and neither the cell nor other threads', async () => {
      const host = new CellHost({ entry, density: 4 });
      hosts.push(host);
      await using supervisor = supervise(host);
      const restarted: string[] = [];
      const hung = new Set<string>();
      supervisor.on('monitor.restarted', ({ id, cause }) => restarted.push(`${id} ${cause}`));
      supervisor.on('monitor.hung', ({ id }) => hung.add(id));
      // Four in the first thread, the bad one among them, three in the second.
      const bad = does('loops-for-ever', { id: 'test:bad' });
      supervisor.apply([bad, ...ids.map((id) => aSpec({ id }))]);
      const [before] = host.cells;
      await allRunning(supervisor, ['test:bad', ...ids.slice(0, 3)], 2);
      await allRunning(supervisor, ids);
      expect(host.cells).to.deep.equal([before]);
      expect(restarted).to.have.members(['test:bad hung', ...ids.slice(0, 3).map((id) => `${id} moved`)]);
      expect([...hung]).to.deep.equal(['test:bad']);
    });

    it('gives up a cell for a thread stuck in a system call, after its neighbours have moved', async () => {
      const host = aHost();
      await using supervisor = supervise(host);
      const restarted: string[] = [];
      supervisor.on('monitor.restarted', ({ id, cause }) => restarted.push(`${id} ${cause}`));
      supervisor.apply(ids.map((id) => aSpec({ id })));
      await allRunning(supervisor, ids);
      const [before] = host.cells;
      supervisor.apply([
        does('blocks-in-a-system-call', { id: 'test:bad' }),
        ...ids.map((id) => aSpec({ id })),
      ]);
      await eventually(() => supervisor.status('test:bad')?.attempt === 2, {
        what: 'the stuck one replaced',
        deadlineMs: 20_000,
      });
      await allRunning(supervisor, ['test:bad', ...ids]);
      expect(host.cells).to.not.include(before);
      expect(restarted).to.have.members(['test:bad hung', ...ids.map((id) => `${id} moved`)]);
      expect(ends[0]).to.deep.include({ isAsked: true, monitors: ['test:bad'] });
    });

    it('names at a stop who was ended by force, also those that went down with their cell', async () => {
      const host = aHost();
      const supervisor = supervise(host);
      const bad = [
        does('blocks-in-a-system-call', { id: 'test:stuck' }),
        does('ignores-stop', { id: 'test:deaf', limits: { stopTimeoutMs: 20_000 } }),
      ];
      const hung = new Promise((resolve) => supervisor.once('monitor.hung', resolve));
      supervisor.apply([...bad, ...ids.map((id) => aSpec({ id }))]);
      await hung;
      const { forced, stopped, elapsedMs } = await supervisor.stop({ deadlineMs: 15_000 });
      const steps = new Map(forced.map(({ id, step }) => [id, step]));
      expect([...steps.keys()]).to.have.members(['test:stuck', 'test:deaf']);
      // Its cell is given up nearly two seconds after the kill: on a busy machine that may be seen too late.
      expect(['terminated', 'abandoned']).to.include(steps.get('test:stuck'));
      expect(steps.get('test:deaf')).to.equal('terminated');
      expect(stopped).to.include.members(['test:deaf', ...ids]);
      expect(elapsedMs).to.be.below(10_000);
    });
  });
});
