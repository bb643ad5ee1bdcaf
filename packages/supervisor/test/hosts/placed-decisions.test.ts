/** The host of hosts on fake hosts and a fake machine: what it admits, counts, forgets and remembers. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  createVitals,
  PROTOCOL_VERSION,
  type HostWord,
  type MonitorSpec,
  type StartData,
} from '@vedette/contract';
import type { Limits, Numbers } from '../../src/admission/admit.js';
import { planOf } from '../../src/admission/plan.js';
import { PlacedHost, type HostTies, type PlacedHostOptions } from '../../src/hosts/placed.js';
import type { HostRules } from '../../src/placement/placement-of.js';
import { FakeClock, settlePromises as settle } from '../../../../test/support/fake-clock.js';
import { aSpec } from '../a-spec.js';
import { BROKER } from '../a-supervisor.js';
import { FakeHost } from '../fake-host.js';

const RULES: HostRules = { default: null, kinds: {}, monitors: {}, fallback: 'thread' };
const NUMBERS: Numbers = { memoryMb: 100, mappings: 200, handles: 20, connections: 1 };
const FREE: Limits = { memoryMb: null, mappings: null, handles: null, connections: null };

function aHost(limits: Partial<Limits> = {}, options: Partial<PlacedHostOptions> = {}) {
  const clock = new FakeClock();
  const hosts = new Map<HostWord, FakeHost>();
  const machine = { numbers: { ...NUMBERS }, limits: { ...FREE, ...limits } };
  let ties: HostTies | undefined;
  const host = new PlacedHost({
    rules: RULES,
    sizes: { cell: 10 },
    clock,
    admission: {
      machine: { read: () => machine, readChild: () => ({ mappings: 0, handles: 0 }) },
      maxConnections: limits.connections ?? null,
    },
    create: (word, given) => {
      ties = given;
      const made = new FakeHost();
      hosts.set(word, made);
      return made;
    },
    ...options,
  });
  const spawn = (spec: MonitorSpec = aSpec(), attempt = 1) => host.spawn(startOf(spec, attempt));
  return { clock, host, hosts, machine, spawn, ties: () => ties };
}

function startOf(spec: MonitorSpec, attempt: number): StartData {
  return {
    version: PROTOCOL_VERSION,
    attempt,
    spec,
    broker: BROKER,
    state: null,
    vitals: createVitals(),
    slot: 0,
    beatMs: 1_000,
    firstRoundDelayMs: 0,
    reconnectSpreadMs: 0,
    echo: false,
    logLevel: 'info',
  };
}

describe('PlacedHost, deciding', () => {
  it('makes a host when it is first needed, and one of each', () => {
    const { hosts, spawn } = aHost();
    expect(hosts.size).to.equal(0);
    spawn();
    spawn(aSpec({ id: 'test:b' }));
    expect([...hosts.keys()]).to.deep.equal(['thread']);
  });

  it('gives back what was reserved when a spawn throws, and passes the error on', () => {
    const { host, spawn, hosts } = aHost();
    spawn();
    const before = host.admission.numbers;
    (hosts.get('thread') as FakeHost).failsToSpawn = true;
    expect(() => spawn(aSpec({ id: 'test:b' }))).to.throw('no more threads');
    expect(host.admission.numbers).to.deep.equal(before);
  });

  it('counts those that are alive, and forgets those that ended', async () => {
    const { host, hosts, spawn } = aHost();
    const handle = spawn();
    handle.onMessage(() => undefined);
    expect(host.admission.numbers).to.include({ connections: 2, handles: 27 });
    hosts.get('thread')?.last().exit();
    await settle();
    expect(host.admission.numbers).to.include({ connections: 1, handles: 20 });
  });

  it('gives one that ran its place back where a newcomer is refused', async () => {
    const { machine, spawn, clock, hosts } = aHost({ memoryMb: 1_000 });
    const reasonOf = async (spec: MonitorSpec, attempt: number): Promise<string> => {
      const handle = spawn(spec, attempt);
      return handle.hostId === 'none' ? (await handle.exited).reason : 'runs';
    };
    expect(await reasonOf(aSpec(), 1)).to.equal('runs');
    hosts.get('thread')?.last().exit();
    machine.numbers.memoryMb = 900;
    await clock.advance(1_000);
    const late = aSpec({ id: 'test:late' });
    expect(await reasonOf(late, 1)).to.equal('refused');
    expect(await reasonOf(late, 2)).to.equal('refused');
    expect(await reasonOf(aSpec(), 2)).to.equal('runs');
    machine.numbers.memoryMb = 700;
    await clock.advance(1_000);
    expect(await reasonOf(late, 3)).to.equal('runs');
  });

  it('demotes after two ends of a cell that one alone was in trouble before', async () => {
    const { hosts, spawn, ties } = aHost({}, { rules: { ...RULES, default: 'cell' } });
    const neighbour = aSpec({ id: 'test:b' });
    for (let death = 1; death <= 2; death += 1) {
      const bad = spawn(aSpec(), death);
      const good = spawn(neighbour, death);
      expect([bad.placement, good.placement]).to.deep.equal([
        { host: 'cell', reason: 'by-default' },
        { host: 'cell', reason: 'by-default' },
      ]);
      bad.send({ type: 'abort' });
      ties()?.onCellEnded({
        cellId: 'cell:1',
        isAsked: true,
        monitors: ['test:a', 'test:b', 'test:unknown'],
        how: 'SIGKILL',
        output: '',
      });
      for (const worker of hosts.get('cell')?.alive() ?? []) worker.exit();
      await settle();
    }
    expect(spawn(aSpec(), 3).placement).to.deep.equal({ host: 'process', reason: 'demoted' });
    expect(spawn(neighbour, 3).placement).to.deep.equal({ host: 'cell', reason: 'by-default' });
  });

  it('does what the plan says, for any fleet and any limits', () => {
    const hostWord = fc.constantFrom('thread', 'process', 'cell', 'auto');
    const limit = (min: number, max: number) => fc.option(fc.integer({ min, max }), { nil: null });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(hostWord, fc.constantFrom(24, 32, 96)), { maxLength: 60 }),
        fc.record({
          memoryMb: limit(100, 2_000),
          mappings: limit(200, 3_000),
          // Cells of ten never fill up by themselves.
          handles: limit(130, 600),
          connections: limit(1, 80),
        }),
        (fleet, limits) => {
          const monitors = Object.fromEntries(fleet.map(([word], index) => [`test:${String(index)}`, word]));
          const rules: HostRules = { ...RULES, monitors };
          const specs = fleet.map(([, oldMb], index) =>
            aSpec({ id: `test:${String(index)}`, limits: { oldMb } }),
          );
          const { host } = aHost(limits, { rules });
          const done = specs.map((spec) => {
            const handle = host.spawn(startOf(spec, 1));
            return `${handle.placement?.host ?? ''} ${handle.placement?.reason ?? ''} ${String(handle.hostId !== 'none')}`;
          });
          const { monitors: planned } = planOf({
            specs,
            rules,
            numbers: NUMBERS,
            // Mappings of cells are for the cells to judge; here they have none.
            limits: { ...limits },
            sizes: { cell: 10 },
            isEmbedded: false,
          });
          const told = planned.map((one) => `${one.host} ${one.reason} ${String(one.refused === null)}`);
          // Where a cell is full before its size is reached the plan begins another, which costs more.
          if (planned.every(({ container }) => container === null) || (limits.mappings ?? 3_000) >= 2_900)
            expect(done).to.deep.equal(told);
        },
      ),
      { numRuns: 200 },
    );
  });
});
