/** 300 real threads for long, with a random percent of them killed or hung every minute. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { startRabbit } from '../../support/rabbitmq.js';
import { Fleet, specOf } from '../support/fleet.js';
import { RabbitSide } from '../support/rabbit-side.js';
import { atMost, exactly, forInformation, quantile, seededRandom, type Campaign } from './campaign.js';

const MONITORS = 300;
const PERIOD_MS = 2_000;
const FAULTS_A_MINUTE = MONITORS / 100;
const SAMPLE_MS = 5_000;
/** A round may begin late by a period; more is a neighbour that noticed something. */
const LATEST_GAP_MS = 2 * PERIOD_MS;

export const soak: Campaign = {
  name: 'soak',
  question:
    '300 thread monitors, 1 % random kills and hangs a minute: do all run at the end, does anything grow?',
  async run({ progress, seed, minutes }) {
    const random = seededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'vedette-soak-'));
    const rabbit = await startRabbit();
    const side = await new RabbitSide(rabbit).plug();
    const fleet = await new Fleet({
      brokerUrl: rabbit.url,
      hasNeighbours: false,
      supervisor: { beatMs: 1_000 },
    }).start();
    const { supervisor } = fleet;
    try {
      const ids = Array.from({ length: MONITORS }, (_, index) => `soak-${index}`);
      fleet.culprits(
        ...ids.map((id) => specOf(id, { fault: 'loop-on-file', url: folder, periodMs: PERIOD_MS })),
      );
      const areWell = (): boolean =>
        supervisor.snapshot().filter(({ health }) => health === 'healthy').length === MONITORS;
      await eventually(areWell, { deadlineMs: 180_000, everyMs: 200, what: `${MONITORS} healthy monitors` });
      progress('all run');
      const gaps = new Gaps(fleet);
      const samples: Sample[] = [];
      const began = performance.now();
      const endsAt = began + minutes * 60_000;
      let faults = { kills: 0, hangs: 0 };
      let nextFaultAt = began + (60_000 / FAULTS_A_MINUTE) * random();
      for (let look = 1; performance.now() < endsAt; look += 1) {
        await after(Math.max(0, Math.min(endsAt, began + look * SAMPLE_MS) - performance.now()));
        samples.push(sampleOf(fleet));
        while (performance.now() >= nextFaultAt) {
          nextFaultAt += 60_000 / FAULTS_A_MINUTE;
          // One that is still recovering would take two faults for one restart.
          const id = pick(
            ids,
            random,
            (one) =>
              supervisor.status(`light:${one}`)?.health === 'healthy' && !gaps.isLeftOut(`light:${one}`),
          );
          gaps.leaveOut(`light:${id}`);
          if (random() < 0.5) {
            faults = { ...faults, kills: faults.kills + 1 };
            fleet.host.kill(`light:${id}`);
          } else {
            faults = { ...faults, hangs: faults.hangs + 1 };
            writeFileSync(join(folder, id), '');
          }
        }
        const last = samples.at(-1);
        if (look % 12 === 0 && last !== undefined) {
          progress(
            `RSS ${last.rssMb.toFixed(0)} MB, ${last.files} files, ${last.handles} handles, ${faults.kills} kills, ${faults.hangs} hangs, longest gap of the others ${gaps.longest.toFixed(0)} ms`,
          );
        }
      }
      const restartsNow = (): number => supervisor.snapshot().reduce((sum, one) => sum + one.restarts, 0);
      // A hang that was ordered just now begins with the next round.
      const areDone = (): boolean => restartsNow() >= faults.kills + faults.hangs && areWell();
      await eventually(areDone, { deadlineMs: 60_000, everyMs: 100 }).catch(() => undefined);
      const end = supervisor
        .snapshot()
        .filter(({ health, state }) => state.state === 'running' && health === 'healthy');
      fleet.expectOneWorkerEach();
      const restarts = restartsNow();
      const growth = (of: (sample: Sample) => number, from: 0 | 1 = 0): number =>
        growthOf(samples.map(of), from);
      return [
        exactly('running and healthy at the end', end.length, MONITORS),
        exactly('restarts beyond the faults', restarts - faults.kills - faults.hangs, 0),
        atMost('longest time between two rounds of a monitor left alone', gaps.longest, LATEST_GAP_MS, ' ms'),
        // In the first ten minutes V8 still compiles what is hot in 300 threads; a leak would not end with that.
        atMost('growth of RSS, second third to last third', growth(({ rssMb }) => rssMb, 1) * 100, 2, ' %'),
        forInformation('… from the first third', `${(growth(({ rssMb }) => rssMb) * 100).toFixed(2)} %`),
        atMost('growth of open files', growth(({ files }) => files) * 100, 1, ' %'),
        atMost('growth of handles', growth(({ handles }) => handles) * 100, 1, ' %'),
        atMost('growth of listeners', growth(({ listeners }) => listeners) * 100, 0, ' %'),
        forInformation('restarts by cause', causesOf(fleet)),
        forInformation('RSS at the end', `${samples.at(-1)?.rssMb.toFixed(0) ?? ''} MB`),
        forInformation(
          'faults',
          `${faults.kills} kills, ${faults.hangs} hangs in ${minutes} min, seed ${seed}`,
        ),
      ];
    } finally {
      await fleet.manager.stop();
      await side.unplug();
      await rabbit.stop();
      rmSync(folder, { recursive: true });
    }
  },
};

interface Sample {
  readonly rssMb: number;
  readonly files: number;
  readonly handles: number;
  readonly listeners: number;
}

function sampleOf({ supervisor, manager }: Fleet): Sample {
  const emitters: readonly NodeJS.EventEmitter[] = [supervisor, manager, process];
  return {
    rssMb: process.memoryUsage.rss() / 2 ** 20,
    files: readdirSync('/proc/self/fd').length,
    handles: process.getActiveResourcesInfo().length,
    listeners: emitters.reduce(
      (sum, one) => sum + one.eventNames().reduce((count, name) => count + one.listenerCount(name), 0),
      0,
    ),
  };
}

/** From one third, counted from 0, to the last. Medians, so that a worker that is just being replaced does not count as growth. */
function growthOf(values: readonly number[], from: 0 | 1): number {
  const third = Math.ceil(values.length / 3);
  const early = values.slice(from * third, (from + 1) * third);
  const [first, last] = [quantile(early, 0.5), quantile(values.slice(-third), 0.5)];
  return Math.max(0, last / first - 1);
}

function causesOf({ supervisor }: Fleet): string {
  const sums = new Map<string, number>();
  for (const { restartsByCause } of supervisor.snapshot()) {
    for (const [cause, count] of Object.entries(restartsByCause))
      sums.set(cause, (sums.get(cause) ?? 0) + count);
  }
  return [...sums].map(([cause, count]) => `${cause} ${count}`).join(', ');
}

/** A random one for which it holds. */
function pick(ids: readonly string[], random: () => number, isFit: (id: string) => boolean): string {
  const fit = ids.filter(isFit);
  return fit[Math.floor(random() * fit.length)] ?? (ids[0] as string);
}

/** The longest time between two rounds of one monitor, for those nothing was done to. */
class Gaps {
  longest = 0;
  readonly #roundAt = new Map<string, number>();
  readonly #leftOut = new Set<string>();

  constructor({ supervisor }: Fleet) {
    supervisor.on('monitor.round-ended', ({ id }) => {
      const now = performance.now();
      const last = this.#roundAt.get(id);
      this.#roundAt.set(id, now);
      if (last === undefined) return;
      // The first round after a fault closes the gap that the fault made.
      if (this.#leftOut.has(id)) {
        if (supervisor.status(id)?.attempt !== this.#attempts.get(id)) this.#leftOut.delete(id);
        return;
      }
      this.longest = Math.max(this.longest, now - last);
    });
    this.#status = (id) => supervisor.status(id)?.attempt ?? 0;
  }

  readonly #attempts = new Map<string, number>();
  readonly #status: (id: string) => number;

  isLeftOut(id: string): boolean {
    return this.#leftOut.has(id);
  }

  /** A fault is about to be done to it: its next gap is no neighbour's. */
  leaveOut(id: string): void {
    this.#attempts.set(id, this.#status(id));
    this.#leftOut.add(id);
  }
}
