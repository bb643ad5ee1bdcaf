import { expect } from 'chai';
import { aSpec } from './a-spec.js';
import { aSupervisor } from './a-supervisor.js';
import { settlePromises as settle } from '../../../test/support/fake-clock.js';

const ids = ['test:a', 'test:b', 'test:c'];
const specs = ids.map((id) => aSpec({ id, limits: { stopTimeoutMs: 3_000 } }));

async function running() {
  const parts = aSupervisor();
  parts.supervisor.apply(specs);
  for (const worker of parts.host.workers) worker.ready();
  await settle();
  return parts;
}

describe('Supervisor.stop', () => {
  it('stops all in parallel and names nobody when all obey', async () => {
    const { supervisor, host, clock } = await running();
    expect(await supervisor.stop()).to.deep.equal({ stopped: ids, forced: [], elapsedMs: 0 });
    expect(host.alive()).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });

  it('kills at its own limit who does not obey, and names it', async () => {
    const { supervisor, host, clock } = await running();
    host.last('test:b').obeysStop = false;
    const stopping = supervisor.stop();
    await clock.advance(2_999);
    expect(host.alive()).to.have.lengthOf(1);
    await clock.advance(1);
    expect(await stopping).to.deep.equal({
      stopped: ids,
      forced: [{ id: 'test:b', componentName: 'Test monitor (test:b)', step: 'terminated' }],
      elapsedMs: 3_000,
    });
  });

  it('kills at its deadline all who are left', async () => {
    const { supervisor, host, clock } = await running();
    for (const worker of host.workers) worker.obeysStop = false;
    const stopping = supervisor.stop({ deadlineMs: 1_000 });
    await clock.advance(1_000);
    const report = await stopping;
    expect(report.stopped).to.deep.equal(ids);
    expect(report.forced.map(({ id, step }) => `${id} ${step}`)).to.deep.equal(
      ids.map((id) => `${id} terminated`),
    );
    expect(report.elapsedMs).to.equal(1_000);
  });

  for (const when of ['before', 'while'] as const) {
    it(`kills at once all who are left where its signal aborts ${when} it stops`, async () => {
      const { supervisor, host, clock } = await running();
      for (const worker of host.workers) worker.obeysStop = false;
      const controller = new AbortController();
      if (when === 'before') controller.abort();
      const stopping = supervisor.stop({ deadlineMs: 60_000, signal: controller.signal });
      controller.abort();
      await clock.advance(0);
      const { forced, elapsedMs } = await stopping;
      expect([forced.length, elapsedMs]).to.deep.equal([ids.length, 0]);
      expect(clock.pending).to.equal(0);
    });
  }

  it('ends half a second after its deadline even if a worker cannot be killed, and names it', async () => {
    const { supervisor, host, clock } = await running();
    const worker = host.last('test:b');
    worker.obeysStop = worker.isKillable = false;
    const stopping = supervisor.stop({ deadlineMs: 1_000 });
    await clock.advance(1_500);
    const report = await stopping;
    expect(report).to.deep.equal({
      stopped: ['test:a', 'test:c'],
      forced: [{ id: 'test:b', componentName: 'Test monitor (test:b)', step: 'abandoned' }],
      elapsedMs: 1_500,
    });
    worker.exit();
    await clock.advance(10_000);
    expect(supervisor.snapshot()).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });

  it('does not wait for a worker that could not be ended long before, and names it', async () => {
    const { supervisor, host, clock } = await running();
    host.last('test:b').isKillable = false;
    for (let passed = 0; passed < 6_000; passed += 500) {
      for (const { start, vitals } of host.workers) if (start.spec.id !== 'test:b') vitals.beat();
      await clock.advance(500);
    }
    expect(supervisor.journal().entries.at(-1)).to.include({ id: 'test:b', action: 'abandoned' });
    const report = await supervisor.stop({ deadlineMs: 4_000 });
    expect(report.forced.map(({ id, step }) => `${id} ${step}`)).to.deep.equal(['test:b abandoned']);
    expect(report).to.deep.include({ stopped: ['test:a', 'test:c'], elapsedMs: 0 });
    host.last('test:b').exit();
    await clock.advance(10_000);
    expect(clock.pending).to.equal(0);
  });

  it('kills at once with a deadline of zero', async () => {
    const { supervisor, host, clock } = await running();
    for (const worker of host.workers) worker.obeysStop = false;
    const stopping = supervisor.stop({ deadlineMs: 0 });
    await clock.advance(0);
    expect((await stopping).forced).to.have.lengthOf(3);
    expect(host.alive()).to.deep.equal([]);
  });

  it('also ends what is starting, waiting for room, backing off or failed', async () => {
    const { supervisor, host, clock } = aSupervisor({
      maxConcurrentStarts: 1,
      restart: { limit: { max: 0, withinMs: 1_000 } },
    });
    supervisor.apply(specs);
    host.last('test:a').exit();
    await settle();
    expect(supervisor.status('test:a')?.state.state).to.equal('failed');
    expect((await supervisor.stop()).stopped).to.deep.equal(ids);
    expect(host.alive()).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });

  it('starts nothing any more', async () => {
    const { supervisor, host, clock } = await running();
    await supervisor.stop();
    expect(supervisor.restart('test:a')).to.equal(false);
    await clock.advance(100_000);
    expect(host.workers).to.have.lengthOf(3);
  });

  it('gives the same promise when called again, and is what an async dispose does', async () => {
    const { supervisor } = await running();
    const first = supervisor.stop();
    expect(supervisor.stop({ deadlineMs: 1 })).to.equal(first);
    await supervisor[Symbol.asyncDispose]();
    expect((await first).stopped).to.have.lengthOf(3);
  });
});
