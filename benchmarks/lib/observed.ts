/** Looks at a fleet that runs for a while: lateness of round starts, and what it takes of the machine. */
import { cpuMsOfTree, rssMbOfTree } from '@vedette/cli/process-tree';
import { nowMs } from './clock.js';
import { median, p99 } from './statistics.js';
import { pause } from './until.js';

/** Milliseconds, MB; processor time in percent of one core. */
export interface Observed {
  readonly slots: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly cpu: number;
  /** The largest seen. */
  readonly rss: number;
}

const LOOK_MS = 1_000;

/** Of this process and all it forks, for `windowMs`; `isOver` ends it sooner. */
export async function observe(
  windowMs: number,
  lateness: (fromMs: number, untilMs: number) => number[],
  isOver: (rssMb: number) => boolean = () => false,
): Promise<Observed> {
  const fromMs = nowMs();
  const cpuBefore = cpuMsOfTree(process.pid);
  let rss = rssMbOfTree(process.pid);
  while (nowMs() - fromMs < windowMs && !isOver(rss)) {
    await pause(Math.min(LOOK_MS, windowMs));
    rss = Math.max(rss, rssMbOfTree(process.pid));
  }
  const untilMs = nowMs();
  const cpu = ((cpuMsOfTree(process.pid) - cpuBefore) / (untilMs - fromMs)) * 100;
  const late = lateness(fromMs, untilMs);
  if (late.length === 0) throw new Error('no round was due while it was looked at');
  return { slots: late.length, p50: median(late), p99: p99(late), max: Math.max(...late), cpu, rss };
}
