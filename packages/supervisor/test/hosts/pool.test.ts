import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { withRevision } from '@vedette/contract';
import type { Host } from '../../src/hosts/host.js';
import { PoolHost } from '../../src/hosts/pool/pool-host.js';
import { Supervisor, type SupervisorOptions } from '../../src/supervisor.js';
import { eventually } from '../../../../test/support/eventually.js';
import { POOL_ENTRY } from '../../../../test/support/worker-entry.js';
import { aSpec } from '../a-spec.js';
import { BROKER } from '../a-supervisor.js';
import { aPool, endPools } from './a-pool.js';
import { does } from './host-contract.js';

const BEAT_MS = 400;

describe('PoolHost', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-pool-'));
  });
  afterEach(endPools);
  after(() => rm(folder, { recursive: true }));

  const supervise = (host: Host, options: Partial<SupervisorOptions> = {}): Supervisor =>
    new Supervisor({
      host,
      broker: BROKER,
      handleBroker: ({ id }) => Promise.resolve({ id, outcome: 'confirmed' }),
      beatMs: BEAT_MS,
      startsPerSecond: Infinity,
      restart: { initialMs: 1, maxMs: 5 },
      ...options,
    });
  /** Rounds that ended, by id, with the wall clock of their end. */
  const roundsOf = (supervisor: Supervisor): Map<string, number[]> => {
    const rounds = new Map<string, number[]>();
    supervisor.on('monitor.round-ended', ({ id, round }) => {
      rounds.set(id, [...(rounds.get(id) ?? []), round.at]);
    });
    return rounds;
  };
  const hostOf =
    (supervisor: Supervisor) =>
    (id: string): string => {
      const state = supervisor.status(id)?.state;
      return state?.state === 'running' ? state.hostId : '';
    };
  const ids = Array.from({ length: 8 }, (_none, index) => `test:${index}`);
  const BAD = 'test:bad';

  for (const threads of [0, 65, 1.5, Number.NaN]) {
    it(`refuses ${threads} threads and names the limit`, () => {
      expect(() => new PoolHost({ entry: POOL_ENTRY, threads }))
        .to.throw(`threads of the pool must be 1 to 64, not ${threads}`)
        .with.property('code', 'HOST_OPTION_INVALID');
    });
  }

  it('never packs a module that says it cannot be, and ends its thread with it', async () => {
    const host = aPool({ threads: 1 });
    await using supervisor = supervise(host);
    const rounds = roundsOf(supervisor);
    const alone = [BAD, 'test:other'].map((id) => {
      const { revision: _none, ...spec } = aSpec({ id });
      return withRevision({ ...spec, isPackable: false });
    });
    const packed = ids.map((id) => aSpec({ id }));
    supervisor.apply([...packed, ...alone]);
    const all = [...packed, ...alone].map(({ id }) => id);
    await eventually(() => all.every((id) => rounds.has(id)), {
      what: 'a round of each',
      deadlineMs: 20_000,
    });
    expect(ids.map(hostOf(supervisor))).to.deep.equal(ids.map(() => 'pool:1'));
    expect([BAD, 'test:other'].map(hostOf(supervisor))).to.have.members(['pool:2', 'pool:3']);
    expect(host.pool.threads).to.equal(3);
    supervisor.restart(BAD);
    await eventually(() => supervisor.status(BAD)?.attempt === 2 && hostOf(supervisor)(BAD) !== '', {
      what: 'the other run',
    });
    expect(['pool:2', 'pool:3']).to.include(hostOf(supervisor)(BAD));
    supervisor.apply(packed);
    await eventually(() => host.pool.threads === 1, { what: 'the end of their threads' });
  });

  const ends: readonly [what: string, cause: string][] = [
    ['never-ends-its-round', 'round-timeout'],
    ['loops-later', 'hung'],
    ['exits-later', 'exited'],
  ];
  for (const [what, cause] of ends) {
    it(`runs the rounds of its neighbours again, all in one thread, when one ${what}`, async () => {
      await using supervisor = supervise(aPool({ threads: 1 }), { logLevel: 'debug' });
      const rounds = roundsOf(supervisor);
      const begun = new Map<string, number>();
      supervisor.on('monitor.logged', ({ id, sentence }) => {
        if (sentence === 'Waits') begun.set(id, (begun.get(id) ?? 0) + 1);
      });
      const restarts: string[] = [];
      supervisor.on('monitor.restarted', ({ id, cause: why }) => restarts.push(`${id} ${why}`));
      const gate = join(folder, what);
      const waiting = ids.map((id) => aSpec({ id, periodMs: 600_000, settings: { does: 'waits', gate } }));
      supervisor.apply(waiting);
      const isWaiting = (id: string): boolean => supervisor.status(id)?.vitals?.isInRound === true;
      await eventually(() => ids.every(isWaiting), { what: 'all in their first round' });
      const limits = what === 'never-ends-its-round' ? { roundTimeoutMs: 200 } : {};
      supervisor.apply([...waiting, does(what, { id: BAD, limits })]);
      await eventually(() => supervisor.status(BAD)?.attempt === 2 && rounds.has(BAD), {
        what: 'the culprit running again',
        deadlineMs: 30_000,
      });
      await writeFile(gate, '');
      await eventually(() => ids.every((id) => rounds.has(id)), {
        what: 'the first round of all',
        deadlineMs: 30_000,
      });
      expect(restarts).to.deep.equal([`${BAD} ${cause}`]);
      for (const id of ids) {
        // A third time beside the culprit, where suspects are looked at in groups.
        expect(begun.get(id), `${id} began`).to.be.within(2, 3);
        expect(rounds.get(id), `${id} ended`).to.have.lengthOf(1);
        expect(supervisor.status(id)).to.deep.include({ attempt: 1, restarts: 0, lastError: null });
      }
    });
  }

  it('works on while a thread is stuck in a system call, and names it', async () => {
    const host = aPool({ threads: 2 });
    await using supervisor = supervise(host);
    const hung: string[] = [];
    supervisor.on('monitor.hung', ({ id }) => hung.push(id));
    const rounds = roundsOf(supervisor);
    const stuck = does('blocks-in-a-system-call', { id: BAD, settings: { seconds: 2 } });
    supervisor.apply([stuck, ...ids.map((id) => aSpec({ id, periodMs: 200 }))]);
    await eventually(() => hung.length === 1, { what: 'the verdict', deadlineMs: 20_000 });
    const before = new Map(ids.map((id) => [id, rounds.get(id)?.length ?? 0]));
    await eventually(() => ids.every((id) => (rounds.get(id)?.length ?? 0) > (before.get(id) ?? 0)), {
      what: 'another round of all others',
    });
    await eventually(() => supervisor.status(BAD)?.attempt === 2 && rounds.has(BAD), {
      what: 'the stuck one replaced',
      deadlineMs: 20_000,
    });
    expect(hung).to.deep.equal([BAD]);
    for (const id of ids) expect(supervisor.status(id)).to.deep.include({ attempt: 1, restarts: 0 });
  });

  it('keeps the periods of 200 monitors of 1 s on two threads', async () => {
    const host = aPool({ threads: 2 });
    await using supervisor = supervise(host, { maxConcurrentStarts: 200 });
    const rounds = roundsOf(supervisor);
    const many = Array.from({ length: 200 }, (_none, index) => `test:${index}`);
    supervisor.apply(many.map((id) => aSpec({ id, periodMs: 1_000 })));
    await eventually(() => many.every((id) => (rounds.get(id)?.length ?? 0) >= 3), {
      what: 'three rounds of all',
      deadlineMs: 40_000,
    });
    expect(host.pool.threads).to.equal(2);
    const offGrid = many.map((id) => {
      const [first = 0, , third = 0] = rounds.get(id) ?? [];
      return Math.abs(third - first - 2_000);
    });
    // Start to start: what one round is late, the next is not.
    const onTime = offGrid.filter((ms) => ms < 900);
    expect(onTime.length, `of 200, worst ${Math.max(...offGrid)} ms`).to.be.at.least(180);
    const { tickMs, batch } = host.pool.tempo;
    expect(tickMs).to.be.at.least(50);
    expect(batch).to.be.at.least(5);
    for (const id of many) expect(supervisor.status(id)?.restarts, id).to.equal(0);
  });

  it('never runs a round of settings that were replaced, and carries the state of settings that stay', async () => {
    await using supervisor = supervise(aPool({ threads: 2 }));
    const states: string[] = [];
    supervisor.on('monitor.round-ended', ({ spec, state }) => {
      states.push(`${String(spec.settings['text'])} ${JSON.stringify(state)}`);
    });
    const spec = (text: string): ReturnType<typeof aSpec> =>
      aSpec({ id: 'test:a', periodMs: 20, settings: { text } });
    supervisor.apply([spec('one')]);
    await eventually(() => states.length >= 3, { what: 'three rounds' });
    supervisor.apply([spec('two')]);
    await eventually(() => states.some((state) => state.startsWith('two')), { what: 'a round of the new' });
    const firstOfTwo = states.findIndex((state) => state.startsWith('two'));
    await eventually(() => states.length >= firstOfTwo + 3, { what: 'two more' });
    expect(states.slice(firstOfTwo).every((state) => state.startsWith('two'))).to.equal(true);
    expect(states.slice(0, 3)).to.deep.equal([1, 2, 3].map((n) => `one {"rounds":${n}}`));
    expect(states[firstOfTwo]).to.equal('two {"rounds":1}');
  });
});
