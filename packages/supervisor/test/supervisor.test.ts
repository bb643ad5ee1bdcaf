import { expect } from 'chai';
import { serialiseError, VedetteError } from '@vedette/contract';
import { aSpec } from './a-spec.js';
import { aSupervisor, beatFor } from './a-supervisor.js';
import { settlePromises as settle } from '../../../test/support/fake-clock.js';

const ID = 'test:a';
const changed = aSpec({ settings: { url: 'http://new' } });

describe('Supervisor', () => {
  describe('apply', () => {
    it('starts a new monitor in the same turn', () => {
      const { host, supervisor, moves } = aSupervisor();
      expect(supervisor.apply([aSpec()]).started).to.deep.equal([ID]);
      host.last().ready();
      expect(moves).to.deep.equal(['test:a: stopped > starting', 'test:a: starting > running']);
      expect(supervisor.status(ID)?.state).to.deep.include({
        state: 'running',
        attempt: 1,
        hostId: 'fake:0',
      });
    });

    it('does nothing when the same set is applied again', async () => {
      const { host, supervisor, moves } = aSupervisor();
      const specs = Array.from({ length: 50 }, (_, index) => aSpec({ id: `test:${index}` }));
      host.onSpawn = (worker) => {
        queueMicrotask(() => worker.ready());
      };
      supervisor.apply(specs);
      while (moves.length < 100) await settle();
      const before = moves.length;
      const again = supervisor.apply(specs.map((spec) => ({ ...spec })));
      await settle();
      expect(again).to.deep.include({ started: [], restarted: [], stopped: [] });
      expect(again.kept).to.have.lengthOf(50);
      expect(moves).to.have.lengthOf(before);
      expect(host.workers.every(({ received }) => received.length === 0)).to.equal(true);
    });

    it('restarts a changed monitor with its new settings and leaves the others alone', async () => {
      const { host, supervisor, moves } = aSupervisor();
      const other = aSpec({ id: 'test:b' });
      supervisor.apply([aSpec(), other]);
      host.last(ID).ready();
      host.last('test:b').ready();
      const before = moves.length;
      expect(supervisor.apply([changed, other])).to.deep.include({ restarted: [ID], kept: ['test:b'] });
      await settle();
      expect(host.last(ID).start).to.deep.include({ attempt: 2, spec: changed, firstRoundDelayMs: 0 });
      expect(moves.slice(before)).to.deep.equal([
        'test:a: running > stopping (config-changed)',
        'test:a: stopping > stopped (config-changed)',
        'test:a: stopped > starting',
      ]);
      expect(supervisor.status(ID)?.restartsByCause).to.deep.equal({ 'config-changed': 1 });
    });

    it('stops a removed monitor and forgets it', async () => {
      const { host, supervisor, moves } = aSupervisor();
      const removed: string[] = [];
      supervisor.on('monitor.removed', ({ id }) => removed.push(id));
      supervisor.apply([aSpec()]);
      host.last().ready();
      expect(supervisor.apply([]).stopped).to.deep.equal([ID]);
      await settle();
      expect(moves.slice(2)).to.deep.equal(['test:a: running > stopping', 'test:a: stopping > stopped']);
      expect(supervisor.status(ID)).to.equal(undefined);
      expect(removed).to.deep.equal([ID]);
      expect(host.alive()).to.deep.equal([]);
    });

    it('refuses two specs with one id and changes nothing', () => {
      const { host, supervisor } = aSupervisor();
      expect(() => supervisor.apply([aSpec(), changed])).to.throw(TypeError);
      expect(host.workers).to.deep.equal([]);
      expect(supervisor.snapshot()).to.deep.equal([]);
    });

    it('refuses a set after stop', async () => {
      const { supervisor } = aSupervisor();
      await supervisor.stop();
      expect(() => supervisor.apply([]))
        .to.throw(VedetteError)
        .with.property('code', 'SUPERVISOR_STOPPED');
    });

    it('names all of 1,000 changed monitors, and only those', () => {
      const { supervisor } = aSupervisor();
      const ids = Array.from({ length: 1_000 }, (_, index) => `test:${index}`);
      supervisor.apply(ids.map((id) => aSpec({ id })));
      const changes = supervisor.apply(ids.map((id) => aSpec({ id, settings: { new: true } })));
      expect(changes.restarted).to.deep.equal(ids);
      expect([...changes.started, ...changes.stopped, ...changes.kept]).to.deep.equal([]);
    });

    it('takes a moved module at the next start without a restart', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().ready();
      expect(supervisor.apply([aSpec({ module: 'file:///moved.mjs' })]).kept).to.deep.equal([ID]);
      host.last().exit();
      await settle();
      expect(host.last().start.spec.module).to.equal('file:///moved.mjs');
    });
  });

  describe('later wishes', () => {
    it('stop a monitor that is still starting', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      supervisor.apply([]);
      await settle();
      expect(host.workers).to.have.lengthOf(1);
      expect(host.alive()).to.deep.equal([]);
    });

    it('replace the settings of a monitor that is still starting', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      supervisor.apply([changed]);
      await settle();
      expect(host.workers).to.have.lengthOf(2);
      expect(host.last().start.spec.revision).to.equal(changed.revision);
    });

    it('spare the start of a monitor removed while it waits for room', async () => {
      const { host, supervisor } = aSupervisor({ maxConcurrentStarts: 1 });
      supervisor.apply([aSpec(), aSpec({ id: 'test:b' })]);
      supervisor.apply([aSpec()]);
      host.last().ready();
      await settle();
      expect(host.workers).to.have.lengthOf(1);
      expect(supervisor.snapshot()).to.have.lengthOf(1);
    });

    it('start a monitor again that was removed and re-added before it had stopped', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      const first = host.last();
      first.obeysStop = false;
      first.ready();
      supervisor.apply([]);
      await clock.advance(50);
      supervisor.apply([aSpec()]);
      expect(host.workers).to.have.lengthOf(1);
      first.exit();
      await settle();
      host.last().ready();
      expect(host.workers).to.have.lengthOf(2);
      expect(supervisor.status(ID)).to.deep.include({ attempt: 2, restarts: 0 });
    });

    it('let only the last of many changes during a stop come into being', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      const first = host.last();
      first.obeysStop = false;
      first.ready();
      for (let version = 0; version < 20; version += 1) supervisor.apply([aSpec({ settings: { version } })]);
      first.exit();
      await settle();
      expect(host.workers).to.have.lengthOf(2);
      expect(host.last().start.spec.settings).to.deep.equal({ version: 19 });
    });

    it('take back a change that still waits for room, and give the room to the next', async () => {
      const { host, supervisor } = aSupervisor({ maxConcurrentStarts: 1 });
      supervisor.apply([aSpec()]);
      host.last().ready();
      await settle();
      const blocker = aSpec({ id: 'test:b' });
      const next = aSpec({ id: 'test:c' });
      supervisor.apply([aSpec(), blocker]);
      supervisor.apply([changed, blocker]);
      supervisor.apply([aSpec(), blocker, next]);
      host.last('test:b').ready();
      await settle();
      expect(host.alive().map(({ start }) => start.spec.id)).to.deep.equal([ID, 'test:b', 'test:c']);
      expect(host.last(ID).received).to.deep.equal([]);
    });

    it('keep the old worker at work until there is room for the new', async () => {
      const { host, supervisor } = aSupervisor({ maxConcurrentStarts: 1 });
      supervisor.apply([aSpec()]);
      host.last().ready();
      await settle();
      const blocker = aSpec({ id: 'test:b' });
      supervisor.apply([aSpec(), blocker]);
      supervisor.apply([changed, blocker]);
      expect(supervisor.status(ID)?.state.state).to.equal('running');
      host.last('test:b').ready();
      await settle();
      expect(host.last(ID).start.spec.revision).to.equal(changed.revision);
    });

    it('end a back-off when the settings change', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().exit();
      await settle();
      host.last().exit();
      await settle();
      expect(supervisor.status(ID)?.state.state).to.equal('backoff');
      supervisor.apply([changed]);
      expect(supervisor.status(ID)?.state.state).to.equal('starting');
      expect(host.last().start.spec.revision).to.equal(changed.revision);
    });

    it('stop a monitor in back-off at once and leave no timer', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().exit();
      await settle();
      host.last().exit();
      await settle();
      supervisor.apply([]);
      await settle();
      expect(supervisor.snapshot()).to.deep.equal([]);
      expect(clock.pending).to.equal(0);
    });

    it('are obeyed when they come from an event listener', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.once('monitor.state-changed', () => {
        supervisor.apply([changed]);
      });
      supervisor.apply([aSpec()]);
      await settle();
      expect(host.alive().map(({ start }) => start.spec.revision)).to.deep.equal([changed.revision]);
      expect(host.mostAliveOfOneId).to.equal(1);
    });
  });

  describe('a worker that ends', () => {
    it('is replaced without any delay the first time', async () => {
      const { host, supervisor, moves } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().ready();
      host.last().exit({ reason: 'crashed' });
      await settle();
      host.last().ready();
      expect(moves.slice(2)).to.deep.equal([
        'test:a: running > backoff (crashed)',
        'test:a: backoff > starting',
        'test:a: starting > running',
      ]);
      expect(supervisor.status(ID)).to.deep.include({ attempt: 2, restarts: 1 });
      expect(supervisor.status(ID)?.lastError?.code).to.equal('MONITOR_CRASHED');
    });

    it('is replaced ever later while it keeps ending', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      const waits: number[] = [];
      for (let crash = 0; crash < 5; crash += 1) {
        const spawned = host.workers.length;
        const from = clock.monotonic();
        host.last().exit();
        await settle();
        while (host.workers.length === spawned) await clock.advance(100);
        waits.push(clock.monotonic() - from);
      }
      expect(waits).to.deep.equal([0, 500, 1_000, 2_000, 4_000]);
    });

    it('is replaced at once again after it stayed up for a minute', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      for (let crash = 0; crash < 3; crash += 1) {
        host.last().ready();
        host.last().exit();
        await clock.advance(30_000);
      }
      host.last().ready();
      await beatFor(clock, host, 60_000);
      const spawned = host.workers.length;
      host.last().exit();
      await settle();
      expect(host.workers).to.have.lengthOf(spawned + 1);
    });

    it('tells when it will be tried again', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().exit();
      await settle();
      host.last().exit();
      await settle();
      const status = supervisor.status(ID);
      expect(status?.nextStartAt).to.equal(clock.now() + 500);
      expect(status?.state).to.deep.include({ state: 'backoff', until: clock.now() + 500 });
    });

    it('stays down with MONITOR_RESTART_LIMIT when a limit is set and used up', async () => {
      const { host, supervisor, clock } = aSupervisor({ restart: { limit: { max: 2, withinMs: 60_000 } } });
      supervisor.apply([aSpec()]);
      for (let crash = 0; crash < 3; crash += 1) {
        host.last().exit();
        await clock.advance(5_000);
      }
      expect(host.workers).to.have.lengthOf(3);
      const state = supervisor.status(ID)?.state;
      expect(state?.state === 'failed' && state.error.code).to.equal('MONITOR_RESTART_LIMIT');
      expect(state?.state === 'failed' && state.error.cause?.code).to.equal('MONITOR_EXITED');
    });

    it('counts as crashed when the host cannot even spawn it', async () => {
      const { host, supervisor, clock } = aSupervisor();
      host.failsToSpawn = true;
      supervisor.apply([aSpec()]);
      await clock.advance(100);
      expect(supervisor.status(ID)?.lastError?.cause?.message).to.equal('no more threads');
      host.failsToSpawn = false;
      await clock.advance(30_000);
      expect(supervisor.status(ID)?.state.state).to.equal('starting');
    });

    it('is heard no more', async () => {
      const { host, supervisor } = aSupervisor();
      let rounds = 0;
      supervisor.on('monitor.round-ended', () => (rounds += 1));
      supervisor.apply([aSpec()]);
      const first = host.last();
      first.ready();
      first.exit();
      await settle();
      first.round('failed', 'old');
      first.ready();
      expect(rounds).to.equal(0);
      expect(supervisor.status(ID)).to.deep.include({ lastRound: null, health: 'unknown' });
      expect(supervisor.status(ID)?.state.state).to.equal('starting');
    });
  });

  describe('a worker that reports failure', () => {
    const failed = (code: 'MONITOR_MODULE_INVALID' | 'MONITOR_OPEN_FAILED', permanent: boolean) => ({
      type: 'failed' as const,
      error: serialiseError(new VedetteError(code, 'as reported')),
      permanent,
    });

    it('stays down at once if that is permanent', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().say(failed('MONITOR_MODULE_INVALID', true));
      await clock.advance(100_000);
      expect(host.workers).to.have.lengthOf(1);
      expect(host.alive()).to.deep.equal([]);
      const state = supervisor.status(ID)?.state;
      expect(state?.state === 'failed' && state.error.code).to.equal('MONITOR_MODULE_INVALID');
    });

    it('starts again out of failed when its settings change', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().say(failed('MONITOR_MODULE_INVALID', true));
      await clock.advance(200);
      supervisor.apply([aSpec()]);
      expect(host.workers).to.have.lengthOf(1);
      supervisor.apply([changed]);
      expect(supervisor.status(ID)?.state.state).to.equal('starting');
    });

    it('starts again out of failed when asked to', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().say(failed('MONITOR_MODULE_INVALID', true));
      await clock.advance(200);
      expect(supervisor.restart(ID)).to.equal(true);
      expect(supervisor.status(ID)?.state.state).to.equal('starting');
    });

    it('is tried again if it may heal', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().say(failed('MONITOR_OPEN_FAILED', false));
      await clock.advance(200);
      expect(supervisor.status(ID)?.restartsByCause).to.deep.equal({ 'open-failed': 1 });
      expect(supervisor.status(ID)?.lastError?.code).to.equal('MONITOR_OPEN_FAILED');
    });

    it('is killed when it is not ready in time', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec({ limits: { startTimeoutMs: 700 } })]);
      await clock.advance(699);
      expect(host.last().isAlive).to.equal(true);
      await clock.advance(1);
      expect(host.workers).to.have.lengthOf(2);
      expect(supervisor.status(ID)?.restartsByCause).to.deep.equal({ 'start-timeout': 1 });
      expect(supervisor.status(ID)?.lastError?.code).to.equal('MONITOR_START_TIMEOUT');
    });
  });

  describe('a worker that hangs', () => {
    it('is aborted, killed and replaced', async () => {
      const { host, supervisor, clock, moves, health } = aSupervisor();
      const hung: string[] = [];
      supervisor.on('monitor.hung', ({ cause }) => hung.push(cause));
      supervisor.apply([aSpec()]);
      const first = host.last();
      first.ready();
      await clock.advance(2_500);
      expect(supervisor.status(ID)?.health).to.equal('hung');
      expect(first.received).to.deep.equal(['abort']);
      await clock.advance(50);
      expect(first.received).to.deep.equal(['abort', 'kill']);
      expect(host.workers).to.have.lengthOf(2);
      expect(moves.slice(2)).to.deep.equal([
        'test:a: running > backoff (hung)',
        'test:a: backoff > starting',
      ]);
      expect(hung).to.deep.equal(['hung']);
      expect(health).to.deep.equal(['unknown > hung', 'hung > unknown']);
    });

    it('is left alone if the abort helped', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().ready();
      await clock.advance(2_500);
      host.last().vitals.beat();
      await beatFor(clock, host, 2_000);
      expect(host.workers).to.have.lengthOf(1);
      expect(supervisor.status(ID)?.health).to.not.equal('hung');
      expect(supervisor.status(ID)?.restarts).to.equal(0);
    });

    it('is replaced for a round past its limit even if its loop beats', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec({ limits: { roundTimeoutMs: 2_000 } })]);
      host.last().ready();
      host.last().vitals.beginRound();
      await beatFor(clock, host, 3_000);
      expect(supervisor.status(ID)?.restartsByCause).to.deep.equal({ 'round-timeout': 1 });
      expect(supervisor.status(ID)?.lastError?.code).to.equal('MONITOR_ROUND_TIMEOUT');
    });

    it('has no successor before it is really gone', async () => {
      const { host, supervisor, clock, moves } = aSupervisor();
      const forced: string[] = [];
      supervisor.on('monitor.forced', ({ step, error }) => forced.push(`${step} ${String(error.code)}`));
      supervisor.apply([aSpec()]);
      const first = host.last();
      first.isKillable = false;
      first.ready();
      await clock.advance(60_000);
      expect(host.workers).to.have.lengthOf(1);
      expect(forced).to.deep.equal(['abandoned MONITOR_STOP_TIMEOUT']);
      expect(supervisor.status(ID)?.state.state).to.equal('stopping');
      first.exit();
      await settle();
      expect(host.workers).to.have.lengthOf(2);
      expect(moves.slice(2)).to.deep.equal([
        'test:a: running > stopping (hung)',
        'test:a: stopping > stopped (hung)',
        'test:a: stopped > starting',
      ]);
    });
  });

  describe('a worker that outgrows its memory mark', () => {
    const outgrow = (worker: { vitals: { memory(heap: number, external: number): void } }) => {
      worker.vitals.memory(23 * 1024 * 1024, 0);
    };

    it('is stopped in good order and replaced at once', async () => {
      const { host, supervisor, clock, moves } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().ready();
      outgrow(host.last());
      await clock.advance(125);
      expect(host.workers[0]?.received).to.deep.equal(['stop']);
      expect(moves.slice(2)).to.deep.equal([
        'test:a: running > stopping (memory-mark)',
        'test:a: stopping > stopped (memory-mark)',
        'test:a: stopped > starting',
      ]);
      expect(supervisor.status(ID)?.lastError?.code).to.equal('MONITOR_MEMORY_MARK');
    });

    it('waits before the next start if that repeats within a minute', async () => {
      const { host, supervisor, clock } = aSupervisor();
      supervisor.apply([aSpec()]);
      for (let mark = 0; mark < 2; mark += 1) {
        host.last().ready();
        outgrow(host.last());
        await clock.advance(125);
      }
      expect(host.workers).to.have.lengthOf(2);
      expect(supervisor.status(ID)?.state.state).to.equal('stopped');
      expect(supervisor.status(ID)?.nextStartAt).to.be.greaterThan(clock.now());
      await clock.advance(500);
      expect(host.workers).to.have.lengthOf(3);
    });
  });

  describe('restart and runRound', () => {
    it('make a new run of a running monitor', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().ready();
      expect(supervisor.restart(ID)).to.equal(true);
      await settle();
      expect(host.workers).to.have.lengthOf(2);
      expect(supervisor.status(ID)?.restartsByCause).to.deep.equal({ requested: 1 });
    });
    it('say false for an id that is not wanted', () => {
      const { supervisor } = aSupervisor();
      expect(supervisor.restart('nobody')).to.equal(false);
      expect(supervisor.runRound('nobody')).to.equal(false);
    });
    it('ask only a running monitor for a round', () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      expect(supervisor.runRound(ID)).to.equal(false);
      host.last().ready();
      expect(supervisor.runRound(ID)).to.equal(true);
      expect(host.last().received).to.deep.equal(['round']);
    });
  });

  describe('the state of the last round', () => {
    it('is given to the next run of the same settings', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      expect(host.last().start.state).to.equal(null);
      host.last().ready();
      host.last().round('ok', 'height 7');
      host.last().exit();
      await settle();
      expect(host.last().start.state).to.equal('height 7');
    });
    it('is not given to other settings', async () => {
      const { host, supervisor } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().ready();
      host.last().round('ok', 'height 7');
      supervisor.apply([changed]);
      await settle();
      expect(host.last().start.state).to.equal(null);
    });
  });

  describe('what a worker says', () => {
    it('changes health by its rounds and the lack of them', async () => {
      const { host, supervisor, clock, health } = aSupervisor();
      supervisor.apply([aSpec()]);
      host.last().ready();
      host.last().round('ok');
      host.last().round('failed');
      host.last().round('ok');
      await beatFor(clock, host, 6_000);
      expect(health).to.deep.equal([
        'unknown > healthy',
        'healthy > failing',
        'failing > healthy',
        'healthy > late',
      ]);
    });

    it('becomes typed events and status', () => {
      const { host, supervisor } = aSupervisor();
      const seen: string[] = [];
      supervisor.on('monitor.round-ended', ({ round }) => seen.push(`round ${round.outcome}`));
      supervisor.on('monitor.link-changed', ({ link }) => seen.push(`link ${link}`));
      supervisor.on('monitor.logged', ({ sentence }) => seen.push(`log ${sentence}`));
      supervisor.on('message.published', ({ outcome }) => seen.push(`published ${outcome}`));
      supervisor.apply([aSpec()]);
      const worker = host.last();
      worker.ready();
      worker.round('ok');
      worker.say({ type: 'link-changed', link: 'blocked', replaced: 3, error: null });
      worker.say({ type: 'log', level: 'info', sentence: 'Hello', fields: {} });
      const message = { exchange: 'raw_data', routingKey: 'node', content: '{}' };
      worker.say({ type: 'published', message, outcome: 'confirmed', at: 1 });
      expect(seen).to.deep.equal(['round ok', 'link blocked', 'log Hello', 'published confirmed']);
      const status = supervisor.status(ID);
      expect(status).to.deep.include({ link: 'blocked', replaced: 3, health: 'healthy' });
      expect(status?.lastRound).to.deep.include({ outcome: 'ok', facts: { height: 1 } });
      expect(JSON.parse(JSON.stringify(supervisor.snapshot()))).to.deep.equal(supervisor.snapshot());
    });

    it('does no harm if it is not in the protocol, and is reported once', () => {
      const { host, supervisor } = aSupervisor();
      const codes: unknown[] = [];
      supervisor.on('monitor.logged', ({ fields }) => codes.push(fields['code']));
      supervisor.apply([aSpec()]);
      host.last().ready();
      for (const odd of [null, 7, 'text', [], {}, { type: 'nonsense' }, { type: 9 }]) {
        host.last().say(odd as unknown as { type: 'ready' });
      }
      expect(codes).to.deep.equal(['PROTOCOL_UNKNOWN_MESSAGE']);
      expect(supervisor.status(ID)?.state.state).to.equal('running');
    });

    it('to the embedded broker is answered, also when that fails or is missing', async () => {
      const request = (id: number) => ({
        type: 'broker' as const,
        request: { id, op: 'publish' as const, message: { exchange: 'e', routingKey: 'r', content: '' } },
      });
      const outcomes: unknown[] = [];
      for (const handleBroker of [
        (asked: { id: number }) => Promise.resolve({ id: asked.id, outcome: 'confirmed' as const }),
        () => Promise.reject(new Error('broken')),
        undefined,
      ]) {
        const { host, supervisor } = aSupervisor(handleBroker === undefined ? {} : { handleBroker });
        supervisor.apply([aSpec()]);
        host.last().say(request(4));
        await settle();
        outcomes.push(...host.last().replies);
      }
      expect(outcomes).to.deep.equal(
        ['confirmed', 'nacked', 'nacked'].map((outcome) => ({ type: 'broker', reply: { id: 4, outcome } })),
      );
    });
  });

  it('goes on when a listener throws, and the other listeners are still told', () => {
    const lines: string[] = [];
    const { host, supervisor, moves } = aSupervisor({ logger: { log: (_level, text) => lines.push(text) } });
    supervisor.prependListener('monitor.state-changed', () => {
      throw new Error('a defect of the listener');
    });
    supervisor.apply([aSpec()]);
    host.last().ready();
    expect(moves).to.have.lengthOf(2);
    expect(lines).to.deep.equal(['An event listener threw', 'An event listener threw']);
  });

  it('has no timer of its own while it supervises nothing', () => {
    const { clock, supervisor } = aSupervisor();
    supervisor.apply([]);
    expect(clock.pending).to.equal(0);
  });

  it('spreads the first rounds of newcomers but not those of restarts', async () => {
    const { host, supervisor } = aSupervisor({ maxConcurrentStarts: 100 });
    supervisor.apply(Array.from({ length: 100 }, (_, index) => aSpec({ id: `test:${index}` })));
    const delays = host.workers.map(({ start }) => start.firstRoundDelayMs);
    expect(new Set(delays).size).to.be.greaterThan(50);
    host.last('test:99').ready();
    host.last('test:99').exit();
    await settle();
    expect(host.last('test:99').start).to.deep.include({ attempt: 2, firstRoundDelayMs: 0 });
  });
});
