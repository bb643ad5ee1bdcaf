import { expect } from 'chai';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { eventually } from '../../../../test/support/eventually.js';
import { ThreadHost } from '../../src/hosts/thread.js';
import { Supervisor } from '../../src/supervisor.js';
import { aSpec } from '../a-spec.js';
import { BROKER } from '../a-supervisor.js';
import { hostContract } from './host-contract.js';

const entry = new URL('../fixtures/worker.mjs', import.meta.url);

hostContract({
  name: 'thread',
  host: () => new ThreadHost({ entry }),
  hostWithoutEntry: () => new ThreadHost({ entry: new URL('../fixtures/not-there.mjs', import.meta.url) }),
});

describe('ThreadHost', () => {
  const created: Worker[] = [];
  const onCreated = (message: unknown) => created.push((message as { worker: Worker }).worker);
  const ports = () => process.getActiveResourcesInfo().filter((type) => type === 'MessagePort').length;

  beforeEach(() => {
    created.length = 0;
    subscribe('worker_threads', onCreated);
  });
  afterEach(() => {
    unsubscribe('worker_threads', onCreated);
  });

  it('gives a thread the name of its monitor and the limits of its spec', async () => {
    await using supervisor = new Supervisor({ host: new ThreadHost({ entry }), broker: BROKER });
    supervisor.apply([aSpec({ limits: { youngMb: 2, oldMb: 20 } })]);
    await eventually(() => supervisor.status('test:a')?.state.state === 'running', { what: 'running' });
    expect(created[0]?.resourceLimits).to.deep.include({
      maxYoungGenerationSizeMb: 2,
      maxOldGenerationSizeMb: 20,
      stackSizeMb: 4,
    });
    const state = supervisor.status('test:a')?.state;
    expect(state?.state === 'running' && state.hostId).to.equal(`thread:${String(created[0]?.threadId)}`);
  });

  it('leaves nothing of the thread of a removed monitor', async () => {
    const before = ports();
    await using supervisor = new Supervisor({ host: new ThreadHost({ entry }), broker: BROKER });
    supervisor.apply([aSpec()]);
    await eventually(() => supervisor.status('test:a')?.state.state === 'running', { what: 'running' });
    expect(ports()).to.be.greaterThan(before);
    supervisor.apply([]);
    await eventually(() => supervisor.status('test:a') === undefined, { what: 'the removal' });
    // Node sets the id of a thread to -1 when it is gone.
    expect(created.map(({ threadId }) => threadId)).to.deep.equal([-1]);
    await eventually(() => ports() === before, { what: 'all ports closed' });
  });
});
