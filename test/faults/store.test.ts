/** What is on disk is damaged, or the disk is full: said with a code, and a hundred monitors run on. */
import { expect } from 'chai';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@vedette/contract';
import { eventually } from '../support/eventually.js';
import { CliFleet } from './support/cli-fleet.js';
import { Fleet } from './support/fleet.js';
import { CULPRITS_KEY, entriesOf } from './support/rabbit-side.js';

describe('the state folder, with 100 monitors', function () {
  this.timeout(180_000);
  let fleet: CliFleet;

  before(async () => {
    fleet = await CliFleet.open();
  });
  after(() => fleet.close());

  const culpritFile = async (): Promise<string> => {
    const scopes = join(fleet.state, 'scopes');
    const name = (await readdir(scopes)).find((one) => one.includes('other') && one.endsWith('.scope.json'));
    if (name === undefined) throw new Error('the scope of the culprit is not stored');
    return join(scopes, name);
  };

  const DAMAGES: readonly (readonly [name: string, damage: (text: string) => string, code: string])[] = [
    ['F29 a corrupt file', (text) => text.replace('culprit', 'cuIprit'), 'STORE_UNREADABLE'],
    ['F29 an empty file', () => '', 'STORE_UNREADABLE'],
    ['F29 a file half written', (text) => text.slice(0, text.length / 2), 'STORE_UNREADABLE'],
    [
      'F29 a file of a newer version',
      (text) => text.replace(/"version":\d+/, '"version":99'),
      'STORE_NEWER_VERSION',
    ],
  ];
  for (const [name, damage, code] of DAMAGES) {
    it(`${name}: set aside with its code, the other 100 start, and its config is taken when it comes again`, async () => {
      const first = await fleet.atWork();
      fleet.side.send(CULPRITS_KEY, entriesOf(['culprit']));
      await first.says(/Config applied .*started=1 restarted=0 stopped=0 kept=100/);
      await fleet.kill(first);
      const file = await culpritFile();
      await writeFile(file, damage(await readFile(file, 'utf8')));
      const second = fleet.start();
      await second.says(new RegExp(`Stored scope set aside .*code=${code}`));
      await second.says(/Config applied .*scope=restored started=100/);
      await fleet.allRun(second);
      fleet.side.send(CULPRITS_KEY, entriesOf(['culprit']));
      await second.says(
        /Config applied .*scope=github\/\S+ started=1 restarted=0 stopped=0 kept=100/,
        30_000,
      );
      expect(await readFile(await culpritFile(), 'utf8')).to.include('culprit');
    });
  }

  it('F29 a full disk: the config is not acknowledged and that is said, the 100 go on, with room it is taken', async () => {
    const vedette = await fleet.atWork();
    // Applied is not yet acknowledged: the lists that follow are waited for.
    await fleet.side.configsAreSettled();
    const [scopes, aside] = [join(fleet.state, 'scopes'), join(fleet.state, 'aside')];
    await rename(scopes, aside);
    await writeFile(scopes, 'in the way');
    const taken = fleet.count(vedette, 'Config applied');
    fleet.side.send(CULPRITS_KEY, entriesOf(['culprit']));
    await vedette.says(/Config not acknowledged.*STORE_WRITE_FAILED/);
    expect(await fleet.side.configsLeft()).to.equal(1);
    await fleet.side.linksAre(
      Array.from({ length: 100 }, (_, i) => `light:neighbour-${String(i).padStart(3, '0')}`),
    );
    expect(fleet.count(vedette, 'Config applied')).to.equal(taken);
    await rm(scopes);
    await rename(aside, scopes);
    await eventually(() => fleet.count(vedette, 'Config applied') > taken, { deadlineMs: 60_000 });
    await fleet.side.configsAreSettled();
  });
});

describe('the wall clock, with 100 monitors', function () {
  this.timeout(120_000);

  for (const [name, hours] of [
    ['F30 set an hour forward', 1],
    ['F30 set an hour back', -1],
  ] as const) {
    it(`${name}: nobody is late, hung or started anew, and a worker that dies comes back at once`, async () => {
      let offsetMs = 0;
      const clock = { ...systemClock, now: () => systemClock.now() + offsetMs };
      const fleet = await new Fleet({ supervisor: { clock } }).start();
      try {
        await fleet.watchman.begin();
        fleet.lines.length = 0;
        offsetMs = hours * 3_600_000;
        await fleet.watchman.expectUnharmed();
        fleet.host.kill('light:neighbour-000');
        await eventually(() => fleet.status('light:neighbour-000').restarts === 1, { deadlineMs: 10_000 });
        await eventually(() => fleet.status('light:neighbour-000').health === 'healthy', {
          deadlineMs: 10_000,
        });
        const words = fleet.lines.filter(({ sentence }) => sentence === 'Monitor health changed');
        expect(words.map(({ fields }) => fields['to'])).to.not.include.members(['hung']);
      } finally {
        await fleet.stop();
      }
    });
  }
});
