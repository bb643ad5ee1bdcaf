/** What every host must do, with real workers. Run it on each host there is. */
import { expect } from 'chai';
import {
  createVitals,
  PROTOCOL_VERSION,
  type FromWorker,
  type MonitorSpec,
  type StartData,
} from '@vedette/contract';
import { eventually } from '../../../../test/support/eventually.js';
import { PATIENCE } from '../../../../test/support/patience.js';
import type { Host, WorkerExit } from '../../src/hosts/host.js';
import { Supervisor, type SupervisorOptions } from '../../src/supervisor.js';
import { aSpec, type SpecParts } from '../a-spec.js';
import { BROKER } from '../a-supervisor.js';

/** Long enough for a busy machine, short enough for a test. */
const BEAT_MS = 400;
const ID = 'test:a';
/** Of a neighbour, where a thread that is late to end may cost its cell: on a busy machine one or two are. */
const MOST_MOVES = 2;

export interface HostUnderTest {
  readonly name: string;
  /** Spawns `fixtures/worker.mjs`, or what misbehaves in the same ways where workers are not a host's own. */
  readonly host: () => Host;
  /** Spawns an entry file that does not exist. */
  readonly hostWithoutEntry: () => Host;
  /** Workers share one loop, so that of several that block it only the first gets to it. Default false. */
  readonly sharesLoops?: boolean;
  /** Neighbours are asked to move, in order, from a thread that is late to end. Default false. */
  readonly mayMove?: boolean;
}

export function does(what: string, more: SpecParts & { always?: boolean } = {}): MonitorSpec {
  const { always = false, ...parts } = more;
  return aSpec({ ...parts, settings: { does: what, always, ...parts.settings } });
}

export function hostContract(underTest: HostUnderTest): void {
  const { name, host, hostWithoutEntry, sharesLoops = false, mayMove = false } = underTest;

  describe(`${name} host: one worker`, () => {
    const start = (spec: MonitorSpec): StartData => ({
      version: PROTOCOL_VERSION,
      attempt: 1,
      spec,
      broker: BROKER,
      state: null,
      vitals: createVitals(),
      slot: 0,
      beatMs: BEAT_MS,
      firstRoundDelayMs: 0,
      reconnectSpreadMs: 0,
      echo: false,
      logLevel: 'debug',
    });
    const spawn = (spec: MonitorSpec, on: Host = host()) => {
      const handle = on.spawn(start(spec));
      const messages: FromWorker[] = [];
      handle.onMessage((message) => messages.push(message));
      const said = (type: FromWorker['type']) =>
        eventually(() => messages.some((message) => message.type === type), {
          what: `the worker saying ${type}`,
        });
      return { handle, messages, said };
    };

    it('says ready, answers, and exits with code 0 when stopped', async () => {
      const { handle, messages, said } = spawn(does('runs', { settings: { text: 'hello' } }));
      await said('ready');
      handle.send({ type: 'round' });
      await said('round-ended');
      handle.send({ type: 'stop' });
      expect(await handle.exited).to.deep.equal({ reason: 'exited', code: 0, error: null });
      // A host that runs the rounds itself also begins with one, and with what comes with rounds.
      const others = ['link-changed', 'log', 'broker'];
      const order = new Set(messages.map(({ type }) => type).filter((type) => !others.includes(type)));
      expect([...order]).to.deep.equal(['ready', 'round-ended', 'stopped']);
    });

    const ends: readonly [what: string, exit: Partial<WorkerExit>, message: string | null][] = [
      ['exits-0', { reason: 'exited', code: 0 }, null],
      ['exits-1', { reason: 'exited', code: 1 }, null],
      ['dies-at-once', { reason: 'exited', code: 3 }, null],
      ['throws-in-timer', { reason: 'crashed', code: 1 }, 'thrown in a timer'],
      ['rejects-unhandled', { reason: 'crashed', code: 1 }, 'nobody caught this'],
      ['throws-on-import', { reason: 'crashed', code: 1 }, 'thrown on import'],
      ['imports-what-is-missing', { reason: 'crashed', code: 1 }, 'not-there.mjs'],
      ['leaks-heap', { reason: 'out-of-memory' }, 'memory limit'],
    ];
    for (const [what, exit, message] of ends) {
      it(`tells how a worker ended that ${what}`, async () => {
        const ended = await spawn(does(what)).handle.exited;
        expect(ended).to.deep.include(exit);
        if (message === null) expect(ended.error).to.equal(null);
        else expect(ended.error?.message).to.contain(message);
      });
    }

    it('keeps the system code of an error that was thrown', async () => {
      const { error } = await spawn(does('throws-in-timer')).handle.exited;
      expect(error?.details).to.deep.equal({ system: 'E_FIXTURE' });
    });

    it('tells of an entry file that is missing as of a crash', async () => {
      const { reason, error } = await spawn(does('runs'), hostWithoutEntry()).handle.exited;
      expect(reason).to.equal('crashed');
      expect(error?.message).to.match(/cannot find module/i);
    });

    for (const what of ['runs', 'ignores-stop', 'loops-for-ever', 'loops-in-microtasks', 'waits-for-ever']) {
      it(`kills a worker that ${what}`, async () => {
        const { handle, said } = spawn(does(what));
        await said('ready');
        await handle.kill();
        expect((await handle.exited).reason).to.equal('killed');
      });
    }

    it('kills a worker that has not even started', async () => {
      const { handle } = spawn(does('runs'));
      await handle.kill();
      expect((await handle.exited).reason).to.equal('killed');
    });

    it('takes messages and kills for an ended worker without harm', async () => {
      const { handle } = spawn(does('exits-0'));
      await handle.exited;
      handle.send({ type: 'stop' });
      await handle.kill();
      expect((await handle.exited).reason).to.equal('exited');
    });

    it('passes on what a worker writes to its output, without credentials', async () => {
      const { handle, messages } = spawn(does('writes-to-stdout'));
      const logs = () =>
        messages.flatMap((message) =>
          message.type === 'log' && message.sentence.startsWith('The worker wrote') ? [message] : [],
        );
      await eventually(() => logs().length === 2, { what: 'both outputs' });
      await handle.kill();
      await handle.exited;
      const text = (sentence: string) => logs().find((log) => log.sentence === sentence)?.fields['text'];
      expect(text('The worker wrote to stdout')).to.match(/^hello from http:\/\/.*\*\*\*.*@host\/$/);
      expect(text('The worker wrote to stdout')).to.not.contain('secret');
      expect(text('The worker wrote to stderr')).to.equal('and an error');
    });
  });

  describe(`${name} host: supervised`, function () {
    // Twenty child processes on a busy machine of two cores.
    this.timeout(120_000);
    let supervisor: Supervisor;
    const supervise = (options: Partial<SupervisorOptions> = {}) => {
      supervisor = new Supervisor({
        host: host(),
        broker: BROKER,
        beatMs: BEAT_MS,
        logLevel: 'debug',
        onIllegalMove: (error) => {
          throw error;
        },
        restart: { initialMs: 1, maxMs: 5 },
        ...options,
      });
      return supervisor;
    };
    const isRunning = (id: string, attempt: number) => {
      const state = supervisor.status(id)?.state;
      return state?.state === 'running' && state.attempt >= attempt;
    };
    const running = (attempt: number, id = ID) =>
      eventually(() => isRunning(id, attempt), {
        what: `${id} running in attempt ${attempt}`,
        deadlineMs: 20_000,
      });
    const counts = () => supervisor.status(ID)?.restartsByCause;

    afterEach(async () => {
      const report = await supervisor.stop({ deadlineMs: 2_000 });
      expect(report.forced.filter(({ step }) => step === 'abandoned')).to.deep.equal([]);
    });

    /** A leak in one loop also blocks that loop: on a slow machine the standstill is seen first. */
    const recoveries: readonly [what: string, cause: string | readonly string[], more?: SpecParts][] = [
      ['exits-0', 'exited'],
      ['exits-1', 'exited'],
      ['throws-in-timer', 'crashed'],
      ['rejects-unhandled', 'crashed'],
      ['loops-for-ever', 'hung'],
      ['loops-in-microtasks', 'hung'],
      ['waits-for-ever', 'hung'],
      ['never-ends-its-round', 'round-timeout', { limits: { roundTimeoutMs: 300 } }],
      ['leaks-heap', ['out-of-memory', 'hung']],
      // A thread that could be shared is emptied when it is full: who was in it moves.
      ['leaks-buffers', ['memory-mark', ...(sharesLoops ? ['moved'] : [])], { limits: { externalMb: 8 } }],
    ];
    const expectOne = (cause: string | readonly string[]): void => {
      const seen = Object.entries(counts() ?? {});
      expect(seen).to.have.lengthOf(1);
      expect(seen[0]?.[1]).to.equal(1);
      expect([cause].flat()).to.include(seen[0]?.[0]);
    };
    for (const [what, cause, more] of recoveries) {
      it(`replaces a worker that ${what}`, async () => {
        supervise().apply([does(what, more)]);
        await running(2);
        expectOne(cause);
      });
    }

    it('replaces a worker that blocks in a system call, and blames no neighbour', async () => {
      // Nobody can end a thread in there: where it cannot be left behind, it is replaced when the call returns.
      const stuck = does('blocks-in-a-system-call', { settings: { seconds: 4 } });
      supervise().apply([stuck, aSpec({ id: 'test:b' })]);
      await running(2);
      await running(1, 'test:b');
      expect(counts()).to.deep.equal({ hung: 1 });
      const { moved = 0, ...others } = supervisor.status('test:b')?.restartsByCause ?? {};
      expect(others).to.deep.equal({});
      expect(moved).to.be.at.most(1);
    });

    it('leaves twenty neighbours alone through all of that', async () => {
      // None is to be taken for hung only because a machine of two cores runs three of these suites.
      supervise({ beatMs: 2 * BEAT_MS });
      const neighbours = Array.from({ length: 20 }, (_, index) => aSpec({ id: `test:neighbour-${index}` }));
      supervisor.apply(neighbours);
      await Promise.all(neighbours.map(({ id }) => running(1, id)));
      for (const [what, cause, more] of recoveries) {
        supervisor.apply([...neighbours, does(what, more)]);
        await running(2);
        expectOne(cause);
        supervisor.apply(neighbours);
        await eventually(() => supervisor.status(ID) === undefined, { what: 'the removal' });
        const beats = (id: string) => supervisor.status(id)?.vitals?.beats ?? 0;
        const before = new Map(neighbours.map(({ id }) => [id, beats(id)]));
        await eventually(() => neighbours.every(({ id }) => beats(id) > (before.get(id) ?? 0)), {
          what: `all neighbours beating after one that ${what}`,
        });
      }
      const hurt = neighbours.flatMap(({ id }) => {
        const { restartsByCause = {}, lastError = null } = supervisor.status(id) ?? {};
        const { moved = 0, ...others } = restartsByCause;
        const isMoved = mayMove && moved > 0 && moved <= MOST_MOVES;
        const isLeftAlone = moved === 0 && lastError === null;
        if (Object.keys(others).length === 0 && (isMoved || isLeftAlone)) return [];
        return [`${id} ${JSON.stringify(restartsByCause)} ${lastError?.message ?? ''}`];
      });
      expect(hurt.join('\n')).to.equal('');
    });

    it('gets over a flood of 100,000 messages and loses none', async () => {
      // The flood takes the worker's loop, and a cell's, for a second or more: that is not what is judged here.
      supervise({ beatMs: 10_000 });
      let messages = 0;
      supervisor.on('monitor.logged', ({ sentence }) => (messages += sentence === 'Flood' ? 1 : 0));
      supervisor.apply([does('floods')]);
      await eventually(() => supervisor.status(ID)?.lastRound, {
        what: 'the end of the flood',
        deadlineMs: 90_000,
      });
      expect(messages).to.equal(100_000);
      expect(supervisor.status(ID)).to.deep.include({ attempt: 1, restarts: 0 });
    });

    it('goes on through thirty deaths in a row', async () => {
      supervise({ startsPerSecond: Infinity });
      supervisor.apply([does('dies-at-once')]);
      await eventually(() => (supervisor.status(ID)?.restarts ?? 0) >= 30, {
        what: 'thirty restarts',
        deadlineMs: 25_000,
      });
      supervisor.apply([aSpec()]);
      await running(1);
      expect(supervisor.status(ID)?.revision).to.equal(aSpec().revision);
    });

    it('keeps down what says that it cannot heal', async () => {
      supervise().apply([does('reports-permanent-failure')]);
      await eventually(() => supervisor.status(ID)?.state.state === 'failed', { what: 'failed' });
      expect(supervisor.status(ID)?.lastError?.code).to.equal('MONITOR_MODULE_INVALID');
      expect(supervisor.status(ID)?.attempt).to.equal(1);
    });

    it('ends a worker that ignores stop, and names it', async () => {
      supervise().apply([does('ignores-stop', { limits: { stopTimeoutMs: 100 } }), aSpec({ id: 'test:b' })]);
      await Promise.all([running(1), running(1, 'test:b')]);
      const { stopped, forced } = await supervisor.stop();
      expect(stopped).to.have.members([ID, 'test:b']);
      expect(forced).to.deep.equal([{ id: ID, componentName: 'Test monitor (test:a)', step: 'terminated' }]);
    });

    it('stops within its deadline although workers loop for ever', async () => {
      supervise({ beatMs: 60_000 });
      const ids = ['test:0', 'test:1', 'test:2'];
      const looping = new Set<string>();
      supervisor.on('monitor.logged', ({ id }) => looping.add(id));
      supervisor.apply(ids.map((id) => does('loops-for-ever', { id })));
      const looped = sharesLoops ? 1 : ids.length;
      await eventually(() => looping.size === looped, { what: `${looped} looping` });
      const { stopped, forced, elapsedMs } = await supervisor.stop({ deadlineMs: 200 });
      expect(stopped).to.have.members(ids);
      expect(forced.map(({ step }) => step)).to.deep.equal(['terminated', 'terminated', 'terminated']);
      expect(elapsedMs).to.be.lessThan(200 + PATIENCE * 500);
    });

    it('gives new settings to a new worker, the old one being gone, with no state of other settings', async () => {
      supervise();
      const spec = (text: string) => aSpec({ settings: { text } });
      const stateSaid = async () => {
        supervisor.runRound(ID);
        const round = await new Promise<{ attempt: number }>((resolve) => {
          supervisor.once('monitor.round-ended', resolve);
        });
        return round.attempt;
      };
      supervisor.apply([spec('one')]);
      await running(1);
      expect(await stateSaid()).to.equal(1);
      supervisor.restart(ID);
      await running(2);
      expect(await stateSaid()).to.equal(2);
      supervisor.apply([spec('two')]);
      await running(3);
      expect(await stateSaid()).to.equal(3);
      expect(counts()).to.deep.equal({ requested: 1, 'config-changed': 1 });
    });
  });
}
