/** A worker that is there but does nothing: found by its beat or its round, replaced, its neighbours go on. */
import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/eventually.js';
import { Fleet, specOf } from './support/fleet.js';

const CULPRIT = 'light:culprit';

describe('a worker that hangs, among 100 neighbours', function () {
  this.timeout(120_000);
  let fleet: Fleet;
  let mute: Server;
  let url: string;

  before(async () => {
    fleet = await new Fleet().start();
    mute = createServer(() => undefined);
    await new Promise<void>((resolve) => {
      mute.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  });
  beforeEach(() => fleet.watchman.begin());
  afterEach(async () => {
    await fleet.watchman.expectUnharmed();
    await fleet.tidy();
  });
  after(async () => {
    await fleet.stop();
    mute.closeAllConnections();
    await new Promise((resolve) => mute.close(resolve));
  });

  const hangs = (): string[] => {
    const words: string[] = [];
    fleet.supervisor.on('monitor.hung', ({ id, cause }) => words.push(`${id} ${cause}`));
    return words;
  };

  const STANDSTILLS: readonly (readonly [name: string, fault: string])[] = [
    ['F11 while(true)', 'while-true'],
    ['F11 a loop of microtasks', 'microtask-loop'],
    ['F11 a loop of nextTick', 'next-tick-loop'],
    ['F11 a catastrophic regular expression', 'regex'],
    ['F12 Atomics.wait for ever', 'atomics-wait'],
    ['F13 pbkdf2Sync longer than the deadline', 'pbkdf2'],
  ];
  for (const [name, fault] of STANDSTILLS) {
    it(`${name}: named hung, ended by force, replaced with its state`, async () => {
      const words = hangs();
      fleet.culprits(specOf('culprit', { fault }));
      const status = await fleet.runsAgain(CULPRIT, 60_000);
      expect(status.restartsByCause).to.deep.equal({ hung: 1 });
      expect(status.lastError?.code).to.equal('MONITOR_HUNG');
      expect(words).to.deep.equal([`${CULPRIT} hung`]);
      const healths = fleet.linesAbout(CULPRIT, 'Monitor health changed').map(({ fields }) => fields['to']);
      expect(healths).to.include('hung');
      expect(fleet.actionsOf(CULPRIT).map(({ action }) => action)).to.include('killed');
    });
  }

  it('F13 execSync longer than the deadline: named as one that cannot be ended, no second beside it, then replaced', async () => {
    const words = hangs();
    fleet.culprits(specOf('culprit', { fault: 'exec-sync' }));
    await eventually(() => fleet.linesAbout(CULPRIT, 'Monitor cannot be stopped').length === 1, {
      deadlineMs: 30_000,
    });
    expect(fleet.status(CULPRIT).state.state).to.equal('stopping');
    expect(fleet.status(CULPRIT)).to.include({ attempt: 1 });
    const status = await fleet.runsAgain(CULPRIT);
    expect(status.restartsByCause).to.deep.equal({ hung: 1 });
    expect(words).to.deep.equal([`${CULPRIT} hung`]);
    const actions = fleet.actionsOf(CULPRIT);
    expect(actions.map(({ action, attempt }) => `${action} ${attempt}`).slice(0, 6)).to.deep.equal([
      'start-asked 1',
      'spawned 1',
      'ready 1',
      'killed 1',
      'abandoned 1',
      'ended 1',
    ]);
  });

  for (const [name, fault] of [
    ['F15 a promise that never settles', 'never-settles'],
    ['F15 an RPC that accepts and never answers', 'rpc-without-answer'],
  ] as const) {
    it(`${name}: the loop lives, the round does not, so the worker is replaced`, async () => {
      const words = hangs();
      fleet.culprits(specOf('culprit', { fault, url, roundTimeoutMs: 700 }));
      const status = await fleet.runsAgain(CULPRIT);
      expect(status.restartsByCause).to.deep.equal({ 'round-timeout': 1 });
      expect(status.lastError?.code).to.equal('MONITOR_ROUND_TIMEOUT');
      expect(words).to.deep.equal([`${CULPRIT} round-timeout`]);
    });
  }

  it('F15 an RPC that never answers, with the signal passed on: the round times out, the worker lives', async () => {
    fleet.culprits(specOf('culprit', { fault: 'rpc-with-signal', url, roundTimeoutMs: 700 }));
    await eventually(() => fleet.rounds(CULPRIT) > 4, { deadlineMs: 20_000 });
    expect(fleet.status(CULPRIT)).to.include({ restarts: 0, attempt: 1, health: 'healthy' });
    const healths = fleet.linesAbout(CULPRIT, 'Monitor health changed').map(({ fields }) => fields['to']);
    expect(healths).to.include('failing');
  });
});
