/** A worker that dies: it is replaced, the reason is counted and logged, a hundred neighbours notice nothing. */
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { Fleet, specOf } from './support/fleet.js';
import { broken } from './support/light-strategy.mjs';

const CULPRIT = 'light:culprit';

describe('a worker that dies, among 100 neighbours', function () {
  this.timeout(120_000);
  let fleet: Fleet;

  before(async () => {
    fleet = await new Fleet({
      supervisor: { restart: { initialMs: 200, maxMs: 1_000, stableAfterMs: 1_500 } },
    }).start();
  });
  beforeEach(() => fleet.watchman.begin());
  afterEach(async () => {
    await fleet.watchman.expectUnharmed();
    await fleet.tidy();
  });
  after(() => fleet.stop());

  const DEATHS: readonly (readonly [name: string, fault: string, cause: string, code: string])[] = [
    ['F4 a throw in a timer', 'throw-in-timer', 'crashed', 'MONITOR_CRASHED'],
    ['F4 a rejection nobody handles', 'throw-in-promise', 'crashed', 'MONITOR_CRASHED'],
    ['F5 process.exit(0) inside the worker', 'exit-0', 'exited', 'MONITOR_EXITED'],
    ['F5 process.exit(1) inside the worker', 'exit-1', 'exited', 'MONITOR_EXITED'],
  ];
  for (const [name, fault, cause, code] of DEATHS) {
    it(`${name}: one restart with its state, counted and logged, and the next heartbeat names it dead`, async () => {
      fleet.manager.takeRoll();
      fleet.culprits(specOf('culprit', { fault }));
      const status = await fleet.runsAgain(CULPRIT);
      expect(status.restartsByCause).to.deep.equal({ [cause]: 1 });
      expect(status.lastError?.code).to.equal(code);
      const [line] = fleet.linesAbout(CULPRIT, 'Monitor went down and will be restarted');
      expect(line?.fields).to.include({ cause, code });
      expect(fleet.manager.takeRoll().dead).to.deep.equal(['Light monitor (culprit)']);
    });
  }

  it('F16 a slow leak of the heap: recycled at its mark, with its state, and nobody is called dead', async () => {
    fleet.manager.takeRoll();
    fleet.culprits(specOf('culprit', { fault: 'slow-leak' }));
    const status = await fleet.runsAgain(CULPRIT, 60_000);
    expect(status.restartsByCause).to.deep.equal({ 'memory-mark': 1 });
    expect(fleet.linesAbout(CULPRIT, 'Monitor was stopped by force')).to.deep.equal([]);
    const [line] = fleet.linesAbout(CULPRIT, 'Monitor is stopping');
    expect(line?.fields).to.include({ cause: 'memory-mark', code: 'MONITOR_MEMORY_MARK' });
    expect(fleet.manager.takeRoll().dead).to.deep.equal([]);
  });

  it('F4 a throw in a round: the round fails, is told, and the worker lives', async () => {
    fleet.culprits(specOf('culprit', { fault: 'throw-in-round' }));
    await eventually(() => fleet.rounds(CULPRIT) > 4, { deadlineMs: 20_000 });
    expect(fleet.status(CULPRIT)).to.include({ restarts: 0, attempt: 1, health: 'healthy' });
    const failing = fleet.linesAbout(CULPRIT, 'Monitor health changed').map(({ fields }) => fields['to']);
    expect(failing).to.deep.equal(['healthy', 'failing', 'healthy']);
  });

  it('F4 a throw in open: backs off, and a corrected config starts it at once', async () => {
    fleet.culprits(specOf('culprit', { fault: 'throw-in-open' }));
    await eventually(() => (fleet.status(CULPRIT).restartsByCause['open-failed'] ?? 0) >= 3, {
      deadlineMs: 20_000,
    });
    expect(fleet.status(CULPRIT).lastError?.code).to.equal('MONITOR_OPEN_FAILED');
    expect(fleet.linesAbout(CULPRIT, 'Monitor went down and will be restarted').length).to.be.at.least(3);
    fleet.culprits(specOf('culprit'));
    await eventually(() => fleet.status(CULPRIT).health === 'healthy', { deadlineMs: 20_000 });
  });

  it('F4 F9 30 modules that throw at load: each is failed for good after one start, no storm', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `broken-${index}`);
    fleet.culprits(...ids.map((id) => specOf(id, { strategy: broken })));
    const statuses = (): ReturnType<Fleet['status']>[] => ids.map((id) => fleet.status(`broken:${id}`));
    await eventually(() => statuses().every(({ state }) => state.state === 'failed'), { deadlineMs: 30_000 });
    for (const { id, restarts, lastError } of statuses()) {
      expect(restarts).to.equal(0);
      expect(lastError?.code).to.equal('MONITOR_MODULE_UNLOADABLE');
      const [line, ...others] = fleet.linesAbout(id, 'Monitor failed and stays down');
      expect(line?.fields).to.include({ code: 'MONITOR_MODULE_UNLOADABLE' });
      expect(others).to.deep.equal([]);
    }
    const { entries } = fleet.supervisor.journal();
    const spawned = entries.filter(({ id, action }) => id.startsWith('broken:') && action === 'spawned');
    expect(spawned).to.have.length(30);
  });

  it('F8 43 of 143 workers killed at once: all run again, the other hundred are not touched', async () => {
    const ids = Array.from({ length: 43 }, (_, index) => `victim-${index}`);
    fleet.culprits(...ids.map((id) => specOf(id)));
    const victims = (): ReturnType<Fleet['status']>[] => ids.map((id) => fleet.status(`light:${id}`));
    await eventually(() => victims().every(({ health }) => health === 'healthy'), { deadlineMs: 40_000 });
    for (const { id } of victims()) fleet.host.kill(id);
    await eventually(
      () => victims().every(({ restarts, health }) => restarts === 1 && health === 'healthy'),
      { deadlineMs: 40_000, what: 'all 43 running again' },
    );
    expect(victims().map(({ restartsByCause }) => restartsByCause)).to.deep.equal(
      ids.map(() => ({ exited: 1 })),
    );
    expect(victims().every(({ lastRound }) => (lastRound?.facts['total_rounds'] ?? 0) > 1)).to.equal(true);
  });

  it('F10 a unit that dies just after it counts as stable: at once each time, yet never in a storm', async () => {
    const afterMs = 1_800;
    fleet.culprits(specOf('culprit', { fault: 'exit-later', afterMs }));
    await eventually(() => fleet.status(CULPRIT).restarts >= 3, { deadlineMs: 30_000 });
    const spawns = fleet
      .actionsOf(CULPRIT)
      .filter(({ action }) => action === 'spawned')
      .map(({ at }) => at);
    const gaps = spawns.slice(1).map((at, index) => at - (spawns[index] ?? 0));
    expect(Math.min(...gaps), 'milliseconds between two starts').to.be.at.least(afterMs - 50);
    const downs = fleet.linesAbout(CULPRIT, 'Monitor went down and will be restarted');
    expect(downs.length).to.be.at.least(3);
    expect(fleet.status(CULPRIT).restartsByCause).to.have.all.keys('exited');
  });

  it('F10 a unit that dies just before it counts as stable: waits longer each time', async () => {
    fleet.culprits(specOf('culprit', { fault: 'exit-later', afterMs: 300 }));
    await eventually(() => fleet.status(CULPRIT).restarts >= 4, { deadlineMs: 30_000 });
    const waits = fleet
      .linesAbout(CULPRIT, 'Monitor went down and will be restarted')
      .slice(0, 4)
      .map(({ fields }) => fields['until'] as number);
    const ended = fleet
      .actionsOf(CULPRIT)
      .filter(({ action }) => action === 'ended')
      .slice(0, 4)
      .map(({ at }) => at);
    const delays = waits.map((until, index) => until - (ended[index] ?? 0));
    // 0, then 200, 400 and 800 ms less at most a fifth; ended and back-off are noted in one turn.
    expect(delays.map((delay, index) => delay >= [0, 160, 320, 640][index]! - 5)).to.deep.equal(
      delays.map(() => true),
    );
  });
});
