/** The host of hosts with real threads, cells and processes. */
import { expect } from 'chai';
import { systemClock, type LogFields, type MonitorSpec } from '@vedette/contract';
import { eventually } from '../../../../test/support/eventually.js';
import { HOST_COSTS } from '../../src/admission/costs.js';
import { linuxMachine } from '../../src/admission/machine.js';
import { CellHost } from '../../src/hosts/cells.js';
import { PlacedHost, type PlacedHostOptions } from '../../src/hosts/placed.js';
import { ProcessHost } from '../../src/hosts/process.js';
import { ThreadHost } from '../../src/hosts/thread.js';
import type { HostRules } from '../../src/placement/placement-of.js';
import { Supervisor } from '../../src/supervisor.js';
import { aSpec } from '../a-spec.js';
import { BROKER } from '../a-supervisor.js';
import { does } from './host-contract.js';

const entry = new URL('../fixtures/worker.mjs', import.meta.url);
const RULES: HostRules = { default: null, kinds: {}, monitors: {}, fallback: 'thread' };

describe('PlacedHost', function () {
  this.timeout(60_000);
  const cells: CellHost[] = [];
  const warnings: LogFields[] = [];

  const aHost = (
    rules: Partial<HostRules> = {},
    admission: Partial<PlacedHostOptions['admission']> = {},
  ): PlacedHost =>
    new PlacedHost({
      rules: { ...RULES, ...rules },
      sizes: { cell: 100 },
      clock: systemClock,
      admission: { machine: linuxMachine, ...admission },
      logger: {
        log: (_level, _sentence, fields = {}) => {
          warnings.push(fields);
        },
      },
      create: (word, { hasRoom, onCellEnded }) => {
        if (word === 'thread') return new ThreadHost({ entry });
        if (word === 'process') return new ProcessHost({ entry });
        const host = new CellHost({ entry, hasRoom, onCellEnded });
        cells.push(host);
        return host;
      },
    });
  const supervise = (host: PlacedHost): Supervisor =>
    new Supervisor({ host, broker: BROKER, beatMs: 400, startsPerSecond: Infinity, random: () => 0 });
  const running = (supervisor: Supervisor, ids: readonly string[]): Promise<unknown> =>
    eventually(() => ids.every((id) => supervisor.status(id)?.state.state === 'running'), {
      what: `running: ${ids.join(', ')}`,
      deadlineMs: 30_000,
    });
  const placementsOf = (supervisor: Supervisor): string[] =>
    supervisor
      .snapshot()
      .map(({ id, placement }) => `${id} ${placement?.host ?? ''} ${placement?.reason ?? ''}`);

  beforeEach(() => {
    warnings.length = 0;
  });
  afterEach(async () => {
    for (const host of cells) host.close();
    await eventually(() => cells.every((host) => host.cells.length === 0), { what: 'the end of all cells' });
    cells.length = 0;
  });

  it('sends each monitor to the host of its rule, and its status says where and why', async () => {
    const host = aHost({ default: 'cell', monitors: { 'test:b': 'process' } });
    await using supervisor = supervise(host);
    const c: MonitorSpec = { ...aSpec({ id: 'test:c' }), hosting: { host: 'thread', by: 'monitor' } };
    supervisor.apply([aSpec(), aSpec({ id: 'test:b' }), c]);
    expect(placementsOf(supervisor)).to.deep.equal([
      'test:a cell by-default',
      'test:b process by-id',
      'test:c thread by-id',
    ]);
    await running(supervisor, ['test:a', 'test:b', 'test:c']);
    const hostIds = supervisor.snapshot().map(({ state }) => (state.state === 'running' ? state.hostId : ''));
    expect(hostIds[0]).to.match(/^cell:\d+\/\d+$/);
    expect(hostIds[1]).to.match(/^process:\d+$/);
    expect(hostIds[2]).to.match(/^thread:\d+$/);
    expect(host.processes).to.have.lengthOf(2);
  });

  it('gives one that brought two cells down a process of its own; its neighbours stay in cells', async () => {
    const host = aHost({ default: 'cell' });
    await using supervisor = supervise(host);
    const [bad, ids] = ['test:bad', ['test:a', 'test:b']];
    const causes: string[] = [];
    supervisor.on('monitor.restarted', ({ id, cause }) => causes.push(`${id} ${cause}`));
    supervisor.apply([
      does('blocks-in-a-system-call', { id: bad, always: true }),
      ...ids.map((id) => aSpec({ id })),
    ]);
    await running(supervisor, [bad, ...ids]);
    await eventually(() => supervisor.status(bad)?.placement?.reason === 'demoted', {
      what: 'the demotion',
      deadlineMs: 40_000,
    });
    expect(supervisor.status(bad)?.placement).to.deep.equal({ host: 'process', reason: 'demoted' });
    expect(warnings.filter(({ monitorId }) => monitorId === bad)).to.have.lengthOf(1);
    expect(warnings.find(({ monitorId }) => monitorId === bad)).to.include({
      trouble: 'hung',
      cellDeaths: 2,
    });
    // From now on its trouble is its own.
    const moved = causes.filter((cause) => cause.endsWith(' moved')).length;
    const { attempt = 0 } = supervisor.status(bad) ?? {};
    await eventually(() => (supervisor.status(bad)?.attempt ?? 0) > attempt, {
      what: 'its next death',
      deadlineMs: 30_000,
    });
    await running(supervisor, ids);
    expect(causes.filter((cause) => cause.endsWith(' moved'))).to.have.lengthOf(moved);
    expect(ids.map((id) => supervisor.status(id)?.placement?.host)).to.deep.equal(['cell', 'cell']);
    expect(supervisor.status(bad)?.placement?.reason).to.equal('demoted');
  });

  it('refuses the one there is no memory for, and runs the others', async () => {
    const spec = aSpec();
    const { memoryMb } = HOST_COSTS.thread.monitor(spec.limits);
    const used = linuxMachine.read([]).numbers.memoryMb;
    const host = aHost({}, { maxMemoryMb: (used + 50 + 2.5 * memoryMb) / 0.8 });
    await using supervisor = supervise(host);
    const giant = aSpec({ id: 'test:giant', limits: { oldMb: 4_000 } });
    supervisor.apply([giant, spec, aSpec({ id: 'test:b' })]);
    await running(supervisor, ['test:a', 'test:b']);
    const status = supervisor.status('test:giant');
    expect(status?.state).to.deep.include({ state: 'backoff' });
    expect(status?.placement).to.deep.equal({ host: 'thread', reason: 'by-default' });
    expect(status?.lastError?.code).to.equal('ADMISSION_REFUSED');
    expect(status?.lastError?.message).to.match(
      /^test:giant has no room on host thread: \d+ of \d+ MiB of memory are used, 5\d\d more are needed/,
    );
    expect(status?.nextStartAt).to.be.a('number');
  });

  it('lets the refused one run when another has gone', async () => {
    // The manager's own and two more are 80 % of four.
    const host = aHost({}, { maxConnections: 4 });
    await using supervisor = supervise(host);
    const ids = ['test:a', 'test:b', 'test:c'];
    supervisor.apply(ids.map((id) => aSpec({ id })));
    await running(supervisor, ids.slice(0, 2));
    expect(supervisor.status('test:c')?.lastError?.details).to.include({ resource: 'connections', used: 3 });
    supervisor.apply(ids.slice(1).map((id) => aSpec({ id })));
    await eventually(() => supervisor.status('test:a') === undefined, { what: 'the end of test:a' });
    expect(host.admission.numbers.connections).to.equal(2);
    supervisor.restart('test:c');
    await running(supervisor, ids.slice(1));
  });
});
