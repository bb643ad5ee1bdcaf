/** A pause is somebody's wish that a wanted monitor stays down. */
import { expect } from 'chai';
import { settlePromises } from '../../../test/support/fake-clock.js';
import { stateWord } from '../src/status.js';
import { aSpec } from './a-spec.js';
import { aSupervisor } from './a-supervisor.js';

const ID = 'test:a';

describe('a paused monitor', () => {
  const running = async () => {
    const under = aSupervisor();
    under.host.onSpawn = (worker) => {
      queueMicrotask(() => {
        worker.ready();
      });
    };
    under.supervisor.apply([aSpec()]);
    await settlePromises();
    return { ...under, word: () => stateWord(under.supervisor.status(ID)!) };
  };

  it('stops, stays down whatever is applied, and starts again when it is resumed', async () => {
    const { supervisor, host, moves, clock, word } = await running();
    expect(supervisor.pause(ID)).to.equal(true);
    await settlePromises();
    expect(word()).to.equal('paused');
    expect(supervisor.apply([aSpec()]).kept).to.deep.equal([ID]);
    expect(supervisor.apply([aSpec({ settings: { url: 'new' } })]).restarted).to.deep.equal([ID]);
    await clock.advance(60_000);
    expect([host.alive().length, supervisor.status(ID)?.nextStartAt]).to.deep.equal([0, null]);
    expect(supervisor.resume(ID)).to.equal(true);
    await settlePromises();
    expect(word()).to.equal('running');
    expect(host.last().start.spec.settings).to.deep.equal({ url: 'new' });
    expect(moves).to.deep.equal([
      `${ID}: stopped > starting`,
      `${ID}: starting > running`,
      `${ID}: running > stopping`,
      `${ID}: stopping > stopped`,
      `${ID}: stopped > starting`,
      `${ID}: starting > running`,
    ]);
    await supervisor.stop();
  });

  it('is neither restarted nor asked for a round, and is not paused twice', async () => {
    const { supervisor } = await running();
    supervisor.pause(ID);
    await settlePromises();
    expect([supervisor.restart(ID), supervisor.runRound(ID), supervisor.pause(ID)]).to.deep.equal([
      false,
      false,
      false,
    ]);
    expect([supervisor.pause('test:none'), supervisor.resume('test:none')]).to.deep.equal([false, false]);
    await supervisor.stop();
  });

  it('waits no longer for its next try, and comes out of backoff and failed', async () => {
    const { supervisor, host, clock, word } = await running();
    for (let crash = 0; crash < 3; crash += 1) {
      host.last().exit({ reason: 'crashed' });
      await clock.advance(0);
    }
    expect(word()).to.equal('backoff');
    supervisor.pause(ID);
    await clock.advance(60_000);
    expect([word(), host.alive().length]).to.deep.equal(['paused', 0]);
    supervisor.resume(ID);
    await settlePromises();
    const error = { code: 'MONITOR_MODULE_INVALID', name: 'Error', message: 'no', details: {} } as const;
    host.last().say({ type: 'failed', error, permanent: true });
    host.last().exit({ code: 1 });
    await settlePromises();
    expect(word()).to.equal('failed');
    supervisor.pause(ID);
    expect(word()).to.equal('paused');
    await supervisor.stop();
  });

  it('that is resumed before it is down starts once more when it is', async () => {
    const { supervisor, host, word } = await running();
    supervisor.pause(ID);
    supervisor.resume(ID);
    await settlePromises();
    expect([word(), host.mostAliveOfOneId, host.workers.length]).to.deep.equal(['running', 1, 2]);
    await supervisor.stop();
  });

  it('that is removed is gone, and is not paused when it comes back', async () => {
    const { supervisor, word } = await running();
    supervisor.pause(ID);
    await settlePromises();
    supervisor.apply([]);
    expect(supervisor.status(ID)).to.equal(undefined);
    supervisor.apply([aSpec()]);
    await settlePromises();
    expect(word()).to.equal('running');
    await supervisor.stop();
  });

  it('tells of its pause and of its end', async () => {
    const { supervisor } = await running();
    const told: string[] = [];
    supervisor.on('monitor.paused', ({ id }) => told.push(`${id} paused`));
    supervisor.on('monitor.resumed', ({ id }) => told.push(`${id} resumed`));
    supervisor.pause(ID);
    supervisor.resume(ID);
    supervisor.resume(ID);
    expect(told).to.deep.equal([`${ID} paused`, `${ID} resumed`]);
    await supervisor.stop();
  });
});
