import { expect } from 'chai';
import type { HostChoice, MonitorSpec } from '@vedette/contract';
import type { Limits, Numbers } from '../../src/admission/admit.js';
import { HOST_COSTS } from '../../src/admission/costs.js';
import { planOf, type PlanGiven } from '../../src/admission/plan.js';
import { aSpec } from '../a-spec.js';

const FREE: Limits = { memoryMb: null, mappings: null, handles: null, connections: null };
const NUMBERS: Numbers = { memoryMb: 100, mappings: 200, handles: 20, connections: 1 };
const many = (count: number): MonitorSpec[] =>
  Array.from({ length: count }, (_none, index) => aSpec({ id: `test:${String(index)}` }));
const plan = (count: number, host: HostChoice, more: Partial<PlanGiven> = {}) =>
  planOf({
    specs: many(count),
    rules: { default: host, kinds: {}, monitors: {}, fallback: 'thread' },
    numbers: NUMBERS,
    limits: FREE,
    sizes: { cell: 100 },
    isEmbedded: false,
    ...more,
  });
const { oldMb } = aSpec().limits;

describe('planOf', () => {
  it('counts threads, child processes, connections and memory by host', () => {
    const rules = {
      default: null,
      kinds: {},
      monitors: { 'test:0': 'process', 'test:1': 'thread' },
      fallback: 'auto',
    } as const;
    const { hosts, monitors, refused } = plan(203, 'auto', { rules });
    expect(refused).to.equal(0);
    expect(hosts.map(({ memoryMb: _memory, ...counts }) => counts)).to.deep.equal([
      { host: 'process', monitors: 1, threads: 0, processes: 1, connections: 1 },
      { host: 'thread', monitors: 1, threads: 1, processes: 0, connections: 1 },
      { host: 'cell', monitors: 201, threads: 201, processes: 3, connections: 201 },
    ]);
    const cells = 201 * HOST_COSTS.cell.monitor({ oldMb }).memoryMb + 3 * HOST_COSTS.cell.container.memoryMb;
    expect(hosts[2]?.memoryMb).to.be.closeTo(cells, 1e-6);
    expect([0, 1, 2, 102, 202].map((index) => monitors[index]?.container)).to.deep.equal([
      null,
      null,
      1,
      2,
      3,
    ]);
  });

  it('adds up to what the resources say', () => {
    const { resources, hosts } = plan(10, 'thread');
    const added = Object.fromEntries(resources.map((one) => [one.resource, one.added]));
    expect(added['memoryMb']).to.be.closeTo(hosts[0]?.memoryMb ?? 0, 1e-6);
    expect(added).to.include({ handles: 70, connections: 10 });
    expect(resources.every(({ limit, mark }) => limit === null && mark === null)).to.equal(true);
  });

  const cases: readonly (readonly [
    host: HostChoice,
    limits: Partial<Limits>,
    short: string | null,
    run: number,
  ])[] = [
    ['thread', {}, null, 1_000],
    [
      'thread',
      { mappings: 1_000 },
      'mappings',
      Math.floor(600 / HOST_COSTS.thread.monitor({ oldMb }).mappings),
    ],
    ['cell', { mappings: 10_000 }, null, 1_000],
    ['process', { mappings: 1_000 }, null, 1_000],
    ['process', { handles: 1_000 }, 'handles', 195],
    ['cell', { handles: 1_000 }, null, 1_000],
    ['cell', { connections: 101 }, 'connections', 79],
    ['auto', { connections: 101 }, 'connections', 79],
  ];
  for (const [host, limits, short, run] of cases) {
    it(`runs ${String(run)} of 1000 by ${host} with ${JSON.stringify(limits)}`, () => {
      const { monitors, refused } = plan(1_000, host, { limits: { ...FREE, ...limits } });
      expect(1_000 - refused).to.equal(run);
      expect(monitors.find((one) => one.refused !== null)?.refused?.resource ?? null).to.equal(short);
    });
  }

  it('begins a new cell when mappings or handles of the last one are used up', () => {
    const { hosts, fullest } = plan(100, 'cell', { limits: { ...FREE, handles: 500 } });
    // 20 handles of an empty cell and 54 times 7 are 398 of the 400 that may be used.
    expect(hosts[0]?.processes).to.equal(2);
    expect(fullest?.handles).to.equal(398);
  });

  it('refuses the large one and still runs the small ones after it', () => {
    const specs = [aSpec({ id: 'test:large', limits: { oldMb: 10_000 } }), ...many(3)];
    const { monitors } = plan(0, 'thread', { specs, limits: { ...FREE, memoryMb: 1_000 } });
    expect(monitors.map(({ refused }) => refused?.resource ?? null)).to.deep.equal([
      'memoryMb',
      null,
      null,
      null,
    ]);
  });

  it('is empty for nothing, and quick for ten thousand', () => {
    expect(plan(0, 'auto')).to.deep.include({ monitors: [], hosts: [], fullest: null, refused: 0 });
    expect(plan(10_000, 'auto').hosts[0]).to.include({ monitors: 10_000, processes: 100 });
  });
});
