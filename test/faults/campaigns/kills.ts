/**
 * `kill -9` of the manager at random instants of a config storm. What was published is accepted by the broker:
 * after each restart exactly the last version of every config must run, each once.
 */
import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { Vedette } from '../../support/vedette.js';
import { CliFleet } from '../support/cli-fleet.js';
import { entriesOf, keyOf } from '../support/rabbit-side.js';
import { atMost, exactly, forInformation, quantile, seededRandom, type Campaign } from './campaign.js';
import { Runs } from './runs.js';

const KILLS = 200;
const SCOPES = 5;
const PER_SCOPE = 4;
const LONGEST_STORM_MS = 1_000;
/** This share of managers is killed again while it starts, before anything is looked at. */
const KILLED_AT_START = 0.3;
const LONGEST_START_MS = 1_500;
/** The broker's own list of links costs a second: every so often is enough beside the look at the results. */
const LINKS_EVERY = 20;

export const kills: Campaign = {
  name: 'kills',
  question:
    'kill -9 of the manager at random instants of a config storm: is what was accepted what runs, once?',
  async run({ progress, seed, trials }) {
    const random = seededRandom(seed);
    const fleet = await CliFleet.open();
    await fleet.newFolder();
    const runs = await Runs.watch(fleet.side);
    const wanted = new Map<string, string>();
    let checks = 0;
    let kill = 0;
    const figures = { wrong: 0, doubles: 0, restoredMs: [] as number[], allUpMs: [] as number[] };
    try {
      let manager = fleet.start();
      await eventually(async () => (await fleet.side.consumers()) === 1, { deadlineMs: 30_000 });
      for (; kill < (trials ?? KILLS); kill += 1) {
        const storm = stormOf(fleet, wanted, random, kill);
        await after(random() * LONGEST_STORM_MS);
        manager.child.kill('SIGKILL');
        await storm.stop();
        await manager.ended;
        for (; random() < KILLED_AT_START; kill += 1) {
          const early = fleet.start();
          await after(random() * LONGEST_START_MS);
          await fleet.kill(early);
        }
        const began = performance.now();
        manager = fleet.start();
        await restored(manager, wanted.size);
        const tookMs = performance.now() - began;
        figures.restoredMs.push(tookMs);
        if (tookMs > 2_000) progress(`restored after ${tookMs.toFixed(0)} ms`);
        if (!(await runs.become(wanted))) figures.wrong += 1;
        figures.allUpMs.push(performance.now() - began);
        figures.doubles += await runs.doubles([...wanted.keys()]);
        checks += 1;
        if (checks % LINKS_EVERY === 0) await fleet.side.expectOneLinkEach();
        if (checks % 10 === 0)
          progress(
            `${kill + 1} kills, ${checks} looks, longest until all run ${Math.max(...figures.allUpMs).toFixed(0)} ms`,
          );
      }
      return [
        forInformation('kills, and looks at what runs after them', `${kill}, ${checks}`),
        exactly('restarts after which accepted ≠ running', figures.wrong, 0),
        exactly('monitors with two workers', figures.doubles, 0),
        atMost(
          'start of the process → stored set applied, longest',
          Math.max(...figures.restoredMs) / 1_000,
          2,
          ' s',
        ),
        forInformation('… median', `${(quantile(figures.restoredMs, 0.5) / 1_000).toFixed(2)} s`),
        forInformation(
          `… → ${SCOPES * PER_SCOPE} threads at work with the last config, median, longest`,
          `${(quantile(figures.allUpMs, 0.5) / 1_000).toFixed(2)}, ${(Math.max(...figures.allUpMs) / 1_000).toFixed(2)} s`,
        ),
        forInformation('seed', String(seed)),
      ];
    } finally {
      await runs.stop();
      await fleet.close();
    }
  },
};

/** The first restart may find nothing stored yet. */
async function restored(manager: Vedette, known: number): Promise<void> {
  if (known > 0) await manager.says(/Config applied /, 30_000);
}

/** Publishes changes of random scopes until stopped; `wanted` is the last value of each monitor. */
function stormOf(
  { side }: CliFleet,
  wanted: Map<string, string>,
  random: () => number,
  kill: number,
): { stop(): Promise<void> } {
  let isOver = false;
  let version = 0;
  const work = (async () => {
    while (!isOver) {
      const scope = Math.floor(random() * SCOPES);
      const ids = Array.from({ length: PER_SCOPE }, (_, index) => `s${scope}-${index}`);
      const value = `${kill}.${(version += 1)}`;
      side.send(keyOf(`scope${scope}`), entriesOf(ids, { value }));
      for (const id of ids) wanted.set(id, value);
      await after(5 + random() * 60);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await work;
    },
  };
}
