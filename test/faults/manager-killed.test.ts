/** The whole manager dies with its hundred monitors: the next one runs every accepted config, each once. */
import { expect } from 'chai';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { ALL, CliFleet, RESTORED } from './support/cli-fleet.js';
import { neighbourIds } from './support/neighbours.js';
import { CULPRITS_KEY, entriesOf, NEIGHBOURS_KEY } from './support/rabbit-side.js';

describe('the manager is killed, with 100 monitors', function () {
  this.timeout(180_000);
  let fleet: CliFleet;

  before(async () => {
    fleet = await CliFleet.open();
  });
  after(() => fleet.close());

  for (const [name, signal] of [
    ['F1 SIGKILL while idle', 'SIGKILL'],
    ['F6 SIGSEGV of the whole process (thread host; children come with the process host)', 'SIGSEGV'],
  ] as const) {
    it(`${name}: no link outlives it, all 100 run again, and the same config then means nothing`, async () => {
      const first = await fleet.atWork();
      const ended = await fleet.kill(first, signal);
      expect(ended.signal).to.equal(signal);
      await fleet.side.linksAre([]);
      const second = fleet.start();
      await second.says(RESTORED);
      await fleet.side.linksAre(ALL);
      fleet.side.send(NEIGHBOURS_KEY, entriesOf(neighbourIds()));
      await second.says(/Config applied .*scope=github\/\S+ started=0 restarted=0 stopped=0 kept=100/);
      expect((await second.stop()).code).to.equal(0);
    });
  }

  it('F1 SIGKILL while the monitors start, three times: the fourth manager runs all 100, each once', async () => {
    const first = await fleet.atWork();
    await fleet.kill(first);
    for (let turn = 0; turn < 3; turn += 1) {
      const next = fleet.start();
      await next.says(RESTORED);
      await next.says(/Monitor is running/);
      await fleet.kill(next);
      expect(fleet.count(next, 'Monitor is running'), 'killed half way').to.be.below(100);
    }
    const last = fleet.start();
    await fleet.allRun(last);
    await fleet.side.linksAre(ALL);
  });

  it('F1 SIGKILL after a config came and before it is stored: it comes again and runs, beside the 100', async () => {
    const first = await fleet.atWork();
    const [scopes, aside] = [join(fleet.state, 'scopes'), join(fleet.state, 'aside')];
    await rename(scopes, aside);
    await writeFile(scopes, 'in the way');
    fleet.side.send(CULPRITS_KEY, entriesOf(['culprit']));
    await first.says(/Config not acknowledged.*STORE_WRITE_FAILED/);
    await fleet.kill(first);
    await rm(scopes);
    await rename(aside, scopes);
    const second = fleet.start();
    await second.says(RESTORED);
    await second.says(/Config applied .*scope=github\/\S+ started=1 restarted=0 stopped=0 kept=100/, 30_000);
    await fleet.side.configsAreSettled();
    await fleet.side.linksAre([...ALL, 'light:culprit']);
  });

  it('F1 SIGKILL between applying and acknowledging: the config comes again and starts nothing twice', async () => {
    const proxy = await startTcpProxy({ port: fleet.rabbit.port });
    try {
      expect((await (await fleet.atWork()).stop()).code).to.equal(0);
      const first = fleet.start({ url: `amqp://guest:guest@127.0.0.1:${proxy.port}` });
      await fleet.allRun(first);
      await eventually(async () => (await fleet.side.consumers()) === 1, { deadlineMs: 20_000 });
      // What it sends from now on arrives later than it dies.
      proxy.delay(1_000);
      fleet.side.send(CULPRITS_KEY, entriesOf(['culprit']));
      await first.says(/Config applied .*started=1 restarted=0 stopped=0 kept=100/);
      proxy.cut();
      await fleet.kill(first);
      expect(await fleet.side.configsLeft()).to.equal(1);
      const second = fleet.start();
      await second.says(/Config applied .*scope=restored started=101/);
      await second.says(
        /Config applied .*scope=github\/\S+ started=0 restarted=0 stopped=0 kept=101/,
        30_000,
      );
      await fleet.side.configsAreSettled();
      await fleet.side.linksAre([...ALL, 'light:culprit']);
    } finally {
      await proxy.close();
    }
  });

  it('F3 a second manager on the same queues: refused with a code, and the 100 of the first are not touched', async () => {
    const first = await fleet.atWork();
    const second = await fleet.start().ended;
    expect(second.code).to.equal(1);
    expect(second.stderr).to.include('MANAGER_ALREADY_RUNNING').and.not.include('Config applied');
    await fleet.side.linksAre(ALL);
    expect(first.stderr()).to.not.match(/Monitor went down/);
    expect(await fleet.side.consumers()).to.equal(1);
  });

  it("F31 the manager's own loop blocked: the watchdog says so and ends it, and the standby runs all 100; a stopped process is let be", async () => {
    expect((await (await fleet.atWork()).stop()).code).to.equal(0);
    const first = fleet.start({ words: ['--watchdog', '2s'] });
    await fleet.allRun(first);
    first.child.kill('SIGSTOP');
    const since = performance.now();
    await eventually(() => performance.now() - since > 3_000, { deadlineMs: 20_000, everyMs: 100 });
    first.child.kill('SIGCONT');
    fleet.side.send(CULPRITS_KEY, entriesOf(['culprit']));
    await first.says(/Config applied .*started=1 restarted=0 stopped=0 kept=100/, 30_000);
    const standby = fleet.start({ words: ['--standby'] });
    await standby.says('Waiting as standby');
    const block = join(fleet.folder, 'block');
    await writeFile(block, '');
    fleet.side.send(CULPRITS_KEY, entriesOf(['culprit'], { fault: `parser-hangs:${block}` }));
    const { signal, stderr } = await first.ended;
    await rm(block);
    expect(signal).to.equal('SIGKILL');
    expect(stderr).to.match(/vedette: MANAGER_HUNG The main loop has stood still for 2000 ms/);
    await standby.says(/Config applied .*scope=restored started=101/, 30_000);
    // The config that blocked it was never acknowledged: it comes to the standby, where it does no harm.
    await standby.says(/Config applied .*scope=github\/\S+ started=0 restarted=1 stopped=0 kept=100/, 30_000);
    await fleet.side.linksAre([...ALL, 'light:culprit']);
  });
});
