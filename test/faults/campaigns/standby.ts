/** The manager at work killed or stopped, 100 monitors, a standby beside it: how soon does that run them all? */
import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { CliFleet, RESTORED } from '../support/cli-fleet.js';
import { atMost, exactly, forInformation, quantile, seededRandom, type Campaign } from './campaign.js';

const TRIALS = 20;
/** The standby asks for the queue in turns: the instant of the end is not to fall on one of them each time. */
const LONGEST_PAUSE_MS = 2_000;

export const standby: Campaign = {
  name: 'standby',
  question: 'The manager at work is killed or stopped: how soon does a standby run all of its 100 monitors?',
  async run({ progress, seed, trials }) {
    const random = seededRandom(seed);
    const fleet = await CliFleet.open();
    const tookMs: Record<'SIGKILL' | 'SIGTERM', number[]> = { SIGKILL: [], SIGTERM: [] };
    let doubles = 0;
    try {
      let active = await fleet.atWork();
      for (let trial = 0; trial < (trials ?? TRIALS); trial += 1) {
        const next = fleet.start({ words: ['--standby'] });
        await next.says('Waiting as standby', 30_000);
        await after(random() * LONGEST_PAUSE_MS);
        const signal = trial % 2 === 0 ? 'SIGKILL' : 'SIGTERM';
        await fleet.kill(active, signal);
        const endedAt = performance.now();
        await next.says(RESTORED, 60_000);
        tookMs[signal].push(performance.now() - endedAt);
        await fleet.allRun(next);
        if ((await fleet.side.consumers()) !== 1) doubles += 1;
        progress(`${signal}: its set applied after ${(tookMs[signal].at(-1) ?? 0).toFixed(0)} ms`);
        active = next;
      }
      await eventually(() => fleet.side.expectOneLinkEach().then(() => true), { deadlineMs: 20_000 });
      const all = Object.values(tookMs).flat();
      return [
        atMost(
          'end of the first → its set applied by the standby, longest',
          Math.max(...all) / 1_000,
          5,
          ' s',
        ),
        ...Object.entries(tookMs).map(([signal, took]) =>
          forInformation(`… after ${signal}, median`, `${(quantile(took, 0.5) / 1_000).toFixed(2)} s`),
        ),
        exactly('two managers at work', doubles, 0),
        forInformation('seed', String(seed)),
      ];
    } finally {
      await fleet.close();
    }
  },
};
