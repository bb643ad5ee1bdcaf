/** Ten monitors in one thread, one of them bad: it is named, and the others only move. */
import { expect } from 'chai';
import { withRevision, type MonitorSpec } from '@vedette/contract';
import { eventually } from '../../../../test/support/eventually.js';
import { DenseHost, type Block, type DenseHostOptions } from '../../src/hosts/dense.js';
import { Supervisor } from '../../src/supervisor.js';
import { aSpec, type SpecParts } from '../a-spec.js';
import { BROKER } from '../a-supervisor.js';
import { does } from './host-contract.js';

const entry = new URL('../fixtures/worker.mjs', import.meta.url);
const BAD = 'test:bad';

function leaking(leakMb: number): MonitorSpec {
  return does('leaks-in-turns', { id: BAD, always: true, settings: { leakMb } });
}

describe('monitors that share a thread', function () {
  this.timeout(60_000);
  let host: DenseHost;
  let supervisor: Supervisor;
  let restarts: string[] = [];
  let hung: string[] = [];
  let blocks: Block[] = [];

  const begin = (options: Partial<DenseHostOptions> = {}, beatMs = 400) => {
    restarts = [];
    hung = [];
    blocks = [];
    host = new DenseHost({ entry, onBlocked: (block) => blocks.push(block), ...options });
    supervisor = new Supervisor({
      host,
      broker: BROKER,
      beatMs,
      startsPerSecond: Infinity,
      // All at once: one that still waits when the bad one ends the thread would begin in another thread.
      maxConcurrentStarts: 25,
      restart: { initialMs: 1, maxMs: 5 },
    });
    supervisor.on('monitor.restarted', ({ id, cause }) => restarts.push(`${id} ${cause}`));
    supervisor.on('monitor.hung', ({ id }) => hung.push(id));
  };
  const hostId = (id: string): string => {
    const state = supervisor.status(id)?.state;
    return state?.state === 'running' ? state.hostId : '';
  };
  const threadOf = (id: string): string => hostId(id).split('/')[0] ?? '';
  const isAlone = (id: string): boolean => /^thread:\d+$/.test(hostId(id));
  const areRunning = (ids: readonly string[], attempt = 1): Promise<unknown> =>
    eventually(
      () => {
        const others = ids.filter(
          (id) => hostId(id) === '' || (supervisor.status(id)?.attempt ?? 0) < attempt,
        );
        if (others.length === 0) return true;
        throw new Error(JSON.stringify(others.map((id) => supervisor.status(id))));
      },
      { what: `${ids.length} monitors running in attempt ${attempt}`, deadlineMs: 20_000 },
    );
  const named = (count: number, more: SpecParts = {}): MonitorSpec[] =>
    Array.from({ length: count }, (_none, index) => aSpec({ ...more, id: `test:${index}` }));
  const neighbours = named(9);
  const ids = neighbours.map(({ id }) => id);
  /** The bad one among its neighbours, in one thread. */
  const startWith = (bad: MonitorSpec, options: Partial<DenseHostOptions> = {}, beatMs = 400): void => {
    begin(options, beatMs);
    supervisor.apply([...neighbours.slice(0, 4), bad, ...neighbours.slice(4)]);
  };

  afterEach(async () => {
    await supervisor.stop({ deadlineMs: 2_000 });
    await eventually(() => host.threads.length === 0, { what: 'the end of all shared threads' });
  });

  it('fills threads, and ends those that became empty', async () => {
    begin();
    const all = named(25);
    supervisor.apply(all);
    await areRunning(all.map(({ id }) => id));
    expect(host.threads).to.have.members([10, 10, 5]);
    expect(new Set(all.map(({ id }) => hostId(id)))).to.have.lengthOf(25);
    expect(new Set(all.map(({ id }) => threadOf(id)))).to.have.lengthOf(3);
    supervisor.apply(all.slice(0, 10));
    await eventually(() => host.threads.length === 1, { what: 'one thread left' });
    expect(restarts).to.deep.equal([]);
  });

  it('shares a thread only among monitors of one module and the same limits', async () => {
    begin();
    const others = [
      aSpec({ id: 'test:m', module: 'file:///other.mjs' }),
      aSpec({ id: 'test:l', limits: { oldMb: 32 } }),
    ];
    supervisor.apply([...neighbours, ...others]);
    await areRunning([...ids, 'test:m', 'test:l']);
    expect(host.threads).to.have.members([9, 1, 1]);
  });

  it('never packs a module that says it cannot be', async () => {
    begin();
    const { revision: _none, ...spec } = aSpec({ id: BAD });
    supervisor.apply([...neighbours, withRevision({ ...spec, isPackable: false })]);
    await areRunning([...ids, BAD]);
    expect(isAlone(BAD)).to.equal(true);
    expect(host.threads).to.deep.equal([9]);
  });

  it('is the thread host where the density is one', async () => {
    begin({ density: 1 });
    supervisor.apply(neighbours);
    await areRunning(ids);
    expect(ids.every(isAlone)).to.equal(true);
    expect(host.threads).to.deep.equal([]);
  });

  it('stops and replaces one without touching the others', async () => {
    startWith(does('runs', { id: BAD }));
    await areRunning([...ids, BAD]);
    const before = threadOf(BAD);
    supervisor.apply([...neighbours, does('runs', { id: BAD, settings: { text: 'new' } })]);
    await areRunning([BAD], 2);
    expect(threadOf(BAD)).to.equal(before);
    expect(restarts).to.deep.equal([`${BAD} config-changed`]);
  });

  const ends: readonly [what: string, cause: string, more?: SpecParts][] = [
    ['loops-for-ever', 'hung'],
    ['throws-in-timer', 'crashed'],
    ['rejects-unhandled', 'crashed'],
    ['exits-1', 'exited'],
    ['never-ends-its-round', 'round-timeout', { limits: { roundTimeoutMs: 300 } }],
  ];
  for (const [what, cause, more = {}] of ends) {
    it(`names the one of ten that ${what}, and moves the others once`, async () => {
      begin();
      const all = neighbours.map(({ id }) => aSpec({ ...more, id }));
      supervisor.apply([...all.slice(0, 4), does(what, { ...more, id: BAD }), ...all.slice(4)]);
      await areRunning([...ids, BAD], 2);
      expect(restarts).to.have.members([`${BAD} ${cause}`, ...ids.map((id) => `${id} moved`)]);
      expect(hung.filter((id) => id !== BAD)).to.deep.equal([]);
      expect(isAlone(BAD)).to.equal(true);
      // They share a thread again, without it.
      expect(new Set(ids.map(threadOf))).to.have.lengthOf(1);
    });
  }

  const leaks: readonly [what: string, bad: MonitorSpec][] = [
    // Past the host's mark, then, alone, past the supervisor's.
    ['slowly', leaking(0.25)],
    // Between two looks of the host.
    ['at once', leaking(12)],
  ];
  for (const [what, bad] of leaks) {
    it(`has each monitor of a thread alone whose memory is used up ${what}, and the leaking one stays so`, async () => {
      // A heap that is full also keeps the loop: how long is not judged here.
      startWith(bad, {}, 5_000);
      await areRunning(ids, 2);
      await eventually(() => restarts.filter((text) => text.startsWith(BAD)).length >= 3, {
        what: 'the leak repeating alone',
        deadlineMs: 40_000,
      });
      expect(ids.every(isAlone)).to.equal(true);
      const [cause, ...later] = restarts.filter((text) => text.startsWith(BAD));
      // On a slow machine the host may look sooner or later.
      expect([`${BAD} moved`, `${BAD} out-of-memory`]).to.include(cause);
      const alone = [`${BAD} memory-mark`, `${BAD} out-of-memory`];
      expect(later.filter((text) => !alone.includes(text))).to.deep.equal([]);
      expect(restarts.filter((text) => !text.startsWith(BAD))).to.have.members(
        ids.map((id) => `${id} moved`),
      );
    });
  }

  it('moves one that keeps the loop too often, and says so in its name', async () => {
    begin();
    const sentences: string[] = [];
    supervisor.on('monitor.logged', ({ id, sentence }) => sentences.push(`${id}: ${sentence}`));
    supervisor.apply([...neighbours, does('blocks-often', { id: BAD })]);
    await areRunning([BAD], 2);
    expect(isAlone(BAD)).to.equal(true);
    expect(restarts).to.deep.equal([`${BAD} moved`]);
    expect(blocks.map(({ monitorId, times, isMoved }) => [monitorId, times, isMoved])).to.deep.equal([
      [BAD, 1, false],
      [BAD, 2, false],
      [BAD, 3, true],
    ]);
    expect(blocks.every(({ forMs }) => forMs >= 200)).to.equal(true);
    expect(sentences).to.include(`${BAD}: Kept its thread from its neighbours`);
  });

  it('gives up a thread stuck in a system call, so that the others run elsewhere', async () => {
    startWith(does('blocks-in-a-system-call', { id: BAD, settings: { seconds: 2 } }), {
      killDeadlineMs: 300,
    });
    await areRunning(ids, 2);
    // The bad one itself runs again once its call has returned: on a busy machine before the last of the others.
    expect(restarts.filter((text) => text !== `${BAD} hung`)).to.have.members(ids.map((id) => `${id} moved`));
    expect(hung).to.deep.equal([BAD]);
  });
});
