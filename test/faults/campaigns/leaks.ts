/**
 * The eight shapes of leaks of `peers.md` 4.5, at once and slowly, on every host: who dies of them? What the manager's own
 * process holds can take it down, which is what cells are for: there it is only told.
 */
import {
  LEAK_HOSTS,
  LEAK_SHAPES,
  runLeak,
  type LeakHost,
  type LeakResult,
  type LeakSpeed,
} from '../support/leak-run.js';
import { exactly, forInformation, type Campaign, type Figure } from './campaign.js';

/** Threads of the manager's own process: V8 may end it. A slow leak is seen before, where a thread holds one monitor. */
const MAY_DIE: Readonly<Record<string, readonly LeakSpeed[]>> = {
  thread: ['fast'],
  dense: ['fast', 'slow'],
  pool: ['fast', 'slow'],
};

export const leaks: Campaign = {
  name: 'leaks',
  question: 'the eight shapes of leaks, fast and slow, on every host: who goes down with the leaking one?',
  async run({ progress }) {
    const figures: Figure[] = [];
    for (const host of LEAK_HOSTS) {
      for (const speed of ['fast', 'slow'] as const) {
        const results = new Map<string, LeakResult>();
        for (const shape of LEAK_SHAPES) {
          const result = await runLeak(host, shape, speed);
          results.set(shape, result);
          progress(`${host.name}, ${shape}, ${speed}: ${leakText(result)}`);
        }
        figures.push(...figuresOf(host, speed, results));
      }
    }
    return figures;
  },
};

/** One leak in words. */
export function leakText({ managerEnd, restarts, causes, neighbourRestarts, problem }: LeakResult): string {
  if (managerEnd !== null) return `the manager was ended by ${managerEnd}`;
  const own = restarts === 0 ? 'not restarted' : `restarted ${restarts} × (${causes.join(', ')})`;
  return `${own}, neighbours ${neighbourRestarts} ×${problem === null ? '' : `, but ${problem}`}`;
}

function figuresOf(host: LeakHost, speed: LeakSpeed, results: ReadonlyMap<string, LeakResult>): Figure[] {
  const named = (isOne: (result: LeakResult) => boolean): string[] =>
    [...results].filter(([, result]) => isOne(result)).map(([shape]) => shape);
  const where = `${host.name}, ${speed}`;
  const deaths = named(({ managerEnd }) => managerEnd !== null);
  const limit = host.name === 'process' ? 0 : 1;
  const living = named(({ managerEnd }) => managerEnd === null);
  const harmed = named(({ neighbourRestarts }) => neighbourRestarts > limit);
  const stuck = named(({ managerEnd, problem }) => managerEnd === null && problem !== null);
  const died =
    MAY_DIE[host.name]?.includes(speed) === true
      ? forInformation(`${where}: shapes that end the manager`, deaths.join(', ') || 'none')
      : exactly(`${where}: shapes that end the manager`, deaths.length, 0);
  return [
    died,
    exactly(
      `${where}: of ${living.length} shapes, neighbours restarted more than ${limit} ×`,
      harmed.length,
      0,
    ),
    exactly(`${where}: … and not all at work again within a minute`, stuck.length, 0),
  ];
}
