/** SIGTERM at the worst moments: the process ends in time with exit 0, and says what it had to force. */
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import type { Vedette } from '../support/vedette.js';
import { CliFleet, RESTORED } from './support/cli-fleet.js';
import { neighbourIds } from './support/neighbours.js';
import { CULPRITS_KEY, entriesOf, NEIGHBOURS_KEY } from './support/rabbit-side.js';

/** The stop's own deadline, and as much again for a busy machine; the campaign measures the rest. */
const GENEROUS_MS = 15_000;

describe('SIGTERM, with 100 monitors', function () {
  this.timeout(180_000);
  let fleet: CliFleet;

  before(async () => {
    fleet = await CliFleet.open();
  });
  after(() => fleet.close());

  const stops = async (vedette: Vedette): Promise<string> => {
    const began = performance.now();
    const { code, signal, stderr } = await fleet.kill(vedette, 'SIGTERM');
    // A thread in a call that cannot be interrupted holds up every exit but that by a signal.
    expect([code, signal]).to.deep.equal(stderr.includes('(abandoned)') ? [null, 'SIGTERM'] : [0, null]);
    expect(performance.now() - began).to.be.below(GENEROUS_MS);
    expect(stderr).to.match(/Stopped 10\d monitors/);
    return stderr;
  };
  const again = async (...words: readonly string[]): Promise<Vedette> => {
    if (fleet.folder === '') await fleet.kill(await fleet.atWork());
    const vedette = fleet.start({ words });
    await vedette.says(RESTORED);
    return vedette;
  };

  it('F28 while they start: nobody is forced', async () => {
    const vedette = await again();
    await vedette.says('Monitor is running');
    expect(await stops(vedette)).to.not.include('was forced');
  });

  it('F28 while a config changes all of them: nobody is forced, and the new config is what runs next', async () => {
    const vedette = await again();
    await fleet.allRun(vedette);
    await eventually(async () => (await fleet.side.consumers()) === 1, { deadlineMs: 20_000 });
    fleet.side.send(NEIGHBOURS_KEY, entriesOf(neighbourIds(), { value: 'changed' }));
    await vedette.says(/Config applied .*restarted=100/);
    expect(await stops(vedette)).to.not.include('was forced');
    const next = await again();
    await fleet.allRun(next);
    await eventually(async () => (await fleet.side.consumers()) === 1, { deadlineMs: 20_000 });
    fleet.side.send(NEIGHBOURS_KEY, entriesOf(neighbourIds(), { value: 'changed' }));
    await next.says(/Config applied .*scope=github\/\S+ started=0 restarted=0 stopped=0 kept=100/);
    await stops(next);
  });

  it('F28 while the broker is frozen and then away: the stop does not wait for it', async () => {
    const vedette = await again();
    await fleet.allRun(vedette);
    fleet.rabbit.freeze();
    try {
      await stops(vedette);
    } finally {
      fleet.rabbit.thaw();
    }
    await fleet.side.unplug();
    await fleet.rabbit.kill();
    try {
      const next = await again();
      await fleet.allRun(next);
      await stops(next);
    } finally {
      await fleet.rabbit.start();
      await fleet.side.plug();
    }
  });

  it('F13 F28 while five monitors hang, two of them in a call that cannot be interrupted: named, and it ends', async () => {
    // Nothing can end such a thread but the end of its process; a cell would be given up for it.
    const vedette = await again('--host', 'thread');
    await fleet.allRun(vedette);
    await eventually(async () => (await fleet.side.consumers()) === 1, { deadlineMs: 20_000 });
    const looping = entriesOf(['loop-0', 'loop-1', 'loop-2'], { fault: 'loop-in-close' });
    const blocked = entriesOf(['blocked-0', 'blocked-1'], { fault: 'exec-sync-long' });
    fleet.side.send(CULPRITS_KEY, { ...looping, ...blocked });
    await eventually(() => fleet.count(vedette, 'to=hung') === 2, {
      deadlineMs: 30_000,
      what: 'two blocked ones',
    });
    const stderr = await stops(vedette);
    const forced = [
      ...stderr.matchAll(/Light monitor \((\S+)\) did not stop in time and was forced \((\w+)\)/g),
    ];
    expect(forced.map(([, id, step]) => `${id ?? ''} ${step ?? ''}`)).to.include.members([
      'loop-0 terminated',
      'loop-1 terminated',
      'loop-2 terminated',
      'blocked-0 abandoned',
      'blocked-1 abandoned',
    ]);
    expect(stderr).to.not.match(/Light monitor \(neighbour-\d+\) did not stop in time/);
    fleet.spoil();
  });

  it('F28 a second SIGTERM: ends at once with exit 1, and what was accepted runs again', async () => {
    const vedette = await fleet.atWork();
    vedette.child.kill('SIGTERM');
    await vedette.says('Stopping');
    const { code, stderr } = await fleet.kill(vedette, 'SIGTERM');
    // The first stop may have been quicker.
    expect(code).to.equal(stderr.includes('ended at once by a second signal') ? 1 : 0);
    const next = await again();
    await fleet.allRun(next);
  });
});
