/** SIGTERM with 300 monitors, 10 of them hung in different ways: does the process end in time, and what does it say? */
import { eventually } from '../../support/eventually.js';
import { CliFleet } from '../support/cli-fleet.js';
import { entriesOf, keyOf } from '../support/rabbit-side.js';
import { atMost, exactly, forInformation, type Campaign } from './campaign.js';

const MONITORS = 300;
/** Blocked for longer than any stop: by JavaScript's own means and by a call that cannot be interrupted. */
const HUNG = { 'loop-in-close': 5, 'exec-sync-long': 5 } as const;
const TRIALS = 3;
/** As long as a real monitor's, near enough: the machine is not to be busy with rounds alone. */
const PERIOD_SECONDS = 5;

export const sigterm: Campaign = {
  name: 'sigterm',
  question: 'SIGTERM with 300 monitors, 10 of them hung: how soon is the process gone?',
  async run({ progress, trials }) {
    const fleet = await CliFleet.open();
    const took: number[] = [];
    let named = 0;
    let wrongNames = 0;
    const codes = new Set<string>();
    try {
      for (let trial = 0; trial < (trials ?? TRIALS); trial += 1) {
        await fleet.newFolder();
        const manager = fleet.start({ periodSeconds: PERIOD_SECONDS });
        await eventually(async () => (await fleet.side.consumers()) === 1, { deadlineMs: 30_000 });
        const sound = Array.from({ length: MONITORS - 10 }, (_, index) => `sound-${index}`);
        fleet.side.send(keyOf('sound'), entriesOf(sound));
        // Distinct ids: one that had to be started twice is up once.
        const upCount = (): number =>
          new Set(
            [...manager.stderr().matchAll(/Monitor is running {2}monitorId=(\S+)/g)].map(([, id]) => id),
          ).size;
        await eventually(() => upCount() >= sound.length, {
          deadlineMs: 120_000,
          what: 'all sound monitors',
        });
        for (const [fault, count] of Object.entries(HUNG)) {
          const ids = Array.from({ length: count }, (_, index) => `hung-${fault}-${index}`);
          fleet.side.send(keyOf(fault), entriesOf(ids, { fault }));
        }
        await eventually(() => upCount() >= MONITORS, { deadlineMs: 60_000, what: 'all 300 up' });
        // One in a blocking call has been found at least; the others look well until they are asked to stop.
        await eventually(() => fleet.count(manager, 'to=hung') >= 1, {
          deadlineMs: 30_000,
          what: 'a hung one found',
        });
        const began = performance.now();
        const { code, signal, stderr } = await fleet.kill(manager, 'SIGTERM');
        took.push((performance.now() - began) / 1_000);
        codes.add(String(code ?? signal));
        const forced = [...stderr.matchAll(/Light monitor \(([^)]+)\) did not stop in time and was forced/g)];
        named += new Set(forced.map(([, id]) => id).filter((id) => id?.startsWith('hung-'))).size;
        wrongNames += forced.filter(([, id]) => id?.startsWith('sound-')).length;
        progress(
          `gone after ${took.at(-1)?.toFixed(2) ?? ''} s, ${forced.length} named, ended with ${String(code ?? signal)}`,
        );
        await fleet.tidy();
      }
      return [
        atMost('SIGTERM → process gone, longest', Math.max(...took), 5, ' s'),
        exactly(`hung ones named as forced (${took.length} trials)`, named, 10 * took.length),
        exactly('others named as forced', wrongNames, 0),
        forInformation('exit status', [...codes].join(', ')),
      ];
    } finally {
      await fleet.close();
    }
  },
};
