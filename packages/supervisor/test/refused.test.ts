/** A host that has no room: what the supervisor makes of it. */
import { expect } from 'chai';
import { serialiseError, VedetteError, type LogFields, type MonitorSpec } from '@vedette/contract';
import { logEvents } from '../src/log-events.js';
import { aSpec } from './a-spec.js';
import { aSupervisor } from './a-supervisor.js';
import type { FakeWorker } from './fake-host.js';
import { settlePromises as settle } from '../../../test/support/fake-clock.js';

const ID = 'test:a';
const error = serialiseError(new VedetteError('ADMISSION_REFUSED', 'no room for test:a'));

/** As soon as it is listened to. */
function becomeReady(worker: FakeWorker): void {
  queueMicrotask(() => {
    worker.ready();
  });
}

/** A supervisor whose host refuses as long as it is told to. */
function full() {
  const parts = aSupervisor();
  const room = { isFull: true };
  parts.host.onSpawn = (worker) => {
    if (room.isFull) worker.exit({ reason: 'refused', code: null, error });
    else becomeReady(worker);
  };
  return { ...parts, room };
}

describe('a refused start', () => {
  it('stays visible with its reason, is tried again, and runs when there is room', async () => {
    const { supervisor, clock, moves, room } = full();
    supervisor.apply([aSpec()]);
    await settle();
    expect(supervisor.status(ID)).to.deep.include({ lastError: error, restarts: 0, attempt: 1 });
    expect(supervisor.status(ID)?.state).to.deep.include({ state: 'backoff', reason: error });
    await clock.advance(5_000);
    expect(supervisor.status(ID)).to.deep.include({ restarts: 0, attempt: 2 });
    room.isFull = false;
    await clock.advance(5_000);
    expect(supervisor.status(ID)?.state.state).to.equal('running');
    expect(supervisor.status(ID)?.restarts).to.equal(0);
    expect(moves).to.deep.equal([
      `${ID}: stopped > starting`,
      `${ID}: starting > backoff (refused)`,
      `${ID}: backoff > starting`,
      `${ID}: starting > backoff (refused)`,
      `${ID}: backoff > starting`,
      `${ID}: starting > running`,
    ]);
  });

  it('keeps no account: the first crash after it costs no delay', async () => {
    const { supervisor, clock, host, room } = full();
    supervisor.apply([aSpec()]);
    await clock.advance(20_000);
    room.isFull = false;
    await clock.advance(5_000);
    host.last().exit();
    await settle();
    expect(supervisor.status(ID)).to.deep.include({ restarts: 1, restartsByCause: { exited: 1 } });
    expect(supervisor.status(ID)?.state.state).to.equal('running');
  });

  it('holds up nobody: those that were refused ask behind all others', async () => {
    const { supervisor, clock, host } = full();
    const refused = Array.from({ length: 200 }, (_none, index) => aSpec({ id: `test:${String(index)}` }));
    host.onSpawn = (worker) => {
      if (worker.start.spec.id === 'test:new') becomeReady(worker);
      else worker.exit({ reason: 'refused', code: null, error });
    };
    supervisor.apply(refused);
    await clock.advance(5_000);
    supervisor.apply([...refused, aSpec({ id: 'test:new' })]);
    await settle();
    expect(supervisor.status('test:new')?.state.state).to.equal('running');
  });

  it('is logged once per wait, not per try', async () => {
    const { supervisor, clock, room } = full();
    const lines: string[] = [];
    const log = (level: string, sentence: string, fields: LogFields = {}) =>
      lines.push(`${level} ${sentence}${level === 'warn' ? ` ${String(fields['code'])}` : ''}`);
    logEvents(supervisor, { log });
    supervisor.apply([aSpec()]);
    await clock.advance(11_000);
    room.isFull = false;
    await clock.advance(5_000);
    expect(lines.filter((line) => !line.startsWith('debug'))).to.deep.equal([
      'warn Monitor was refused a start and waits for room ADMISSION_REFUSED',
      'info Monitor is running',
    ]);
  });
});

describe('a change of host', () => {
  it('starts anew only those whose choice changed, and keeps their state', async () => {
    const { supervisor, host } = aSupervisor();
    host.onSpawn = becomeReady;
    host.choiceOf = ({ hosting }: MonitorSpec) => hosting?.host ?? 'thread';
    const [a, b] = [aSpec(), aSpec({ id: 'test:b' })];
    supervisor.apply([a, b]);
    await settle();
    host.last().round('ok', 'seen');
    const moved: MonitorSpec = { ...a, hosting: { host: 'process', by: 'monitor' } };
    const same: MonitorSpec = { ...b, hosting: { host: 'thread', by: 'monitor' } };
    expect(supervisor.apply([moved, same])).to.deep.include({ restarted: [ID], kept: ['test:b'] });
    await settle();
    expect(host.last().start).to.deep.include({ attempt: 2, state: 'seen' });
    expect(host.workers).to.have.lengthOf(3);
  });
});
