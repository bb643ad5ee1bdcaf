import { expect } from 'chai';
import { PRIORITY, StartGate } from '../src/start-gate.js';
import { FakeClock, settlePromises as settle } from '../../../test/support/fake-clock.js';

function aGate(options: { maxConcurrent?: number; perSecond?: number } = {}) {
  const clock = new FakeClock(settle);
  const gate = new StartGate({ maxConcurrent: 2, perSecond: Infinity, clock, ...options });
  const granted: string[] = [];
  const ask = (name: string, priority: number = PRIORITY.first, share = 1) =>
    gate.request(
      priority,
      () => {
        granted.push(name);
      },
      share,
    );
  return { clock, gate, granted, ask };
}

describe('StartGate', () => {
  it('grants in the same turn when idle', () => {
    const { granted, ask } = aGate();
    expect(ask('a').isGranted).to.equal(true);
    expect(granted).to.deep.equal(['a']);
  });

  it('grants no more than maxConcurrent until one is released', async () => {
    const { granted, ask } = aGate();
    const first = ask('a');
    ask('b');
    ask('c');
    await settle();
    expect(granted).to.deep.equal(['a', 'b']);
    first.release();
    await settle();
    expect(granted).to.deep.equal(['a', 'b', 'c']);
  });

  for (const [share, intervalMs] of [
    [1, 100],
    [0.5, 50],
    [0.01, 25],
    [0, 25],
  ] as const) {
    it(`waits ${String(intervalMs)} of 100 ms after a start that counts ${String(share)} of one`, async () => {
      const { granted, ask, clock } = aGate({ maxConcurrent: 10, perSecond: 10 });
      ask('a', PRIORITY.first, share);
      ask('b', PRIORITY.first, share);
      await clock.advance(intervalMs - 1);
      expect(granted).to.deep.equal(['a']);
      await clock.advance(1);
      expect(granted).to.deep.equal(['a', 'b']);
    });
  }

  it('grants a recovery before first starts that wait longer', async () => {
    const { granted, ask } = aGate({ maxConcurrent: 1 });
    const first = ask('a');
    ask('new');
    ask('crashed', PRIORITY.recovery);
    first.release();
    await settle();
    expect(granted).to.deep.equal(['a', 'crashed']);
  });

  it('never grants what was released while it waited', async () => {
    const { granted, ask, gate } = aGate({ maxConcurrent: 1 });
    const first = ask('a');
    const second = ask('b');
    ask('c');
    second.release();
    expect(gate.waiting).to.equal(1);
    first.release();
    await settle();
    expect(granted).to.deep.equal(['a', 'c']);
    expect(second.isGranted).to.equal(false);
  });

  it('does not let a slow start hold up the others for more than a second', async () => {
    const { granted, ask, clock } = aGate({ maxConcurrent: 1 });
    ask('slow');
    ask('b');
    await clock.advance(999);
    expect(granted).to.deep.equal(['slow']);
    await clock.advance(1);
    expect(granted).to.deep.equal(['slow', 'b']);
  });

  it('spreads a burst in time', async () => {
    const { granted, ask, clock } = aGate({ maxConcurrent: 100, perSecond: 20 });
    for (let index = 0; index < 10; index += 1) ask(`m${index}`);
    expect(granted).to.have.lengthOf(2);
    await clock.advance(50);
    expect(granted).to.have.lengthOf(3);
    await clock.advance(350);
    expect(granted).to.have.lengthOf(10);
  });

  it('keeps no timer once all is released, and none after close', async () => {
    const { ask, clock, gate } = aGate({ maxConcurrent: 100, perSecond: 20 });
    const tickets = Array.from({ length: 10 }, (_, index) => ask(`m${index}`));
    for (const ticket of tickets) ticket.release();
    gate.close();
    await settle();
    expect(clock.pending).to.equal(0);
  });

  it('grants all of 1,000 requests in order, however they are released', async () => {
    const { granted, ask, clock } = aGate({ maxConcurrent: 8, perSecond: 80 });
    const names = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
    const tickets = names.map((name) => ask(name));
    const began = clock.monotonic();
    let released = 0;
    while (granted.length < names.length) {
      for (; released < granted.length; released += 1) tickets[released]?.release();
      await clock.advance(12.5);
    }
    expect(granted).to.deep.equal(names);
    // 8 at once, then one every 12.5 ms.
    expect(clock.monotonic() - began).to.be.within(12_000, 12_600);
  });
});
