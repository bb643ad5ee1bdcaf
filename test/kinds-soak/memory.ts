/** Whether the memory of a process is flat: a line through its RSS once it is warm. Promise: no judgement on a short run. */
import { readFileSync } from 'node:fs';
import { atMost, forInformation, type Figure } from '../faults/campaigns/campaign.js';

/** Until caches, compiled code and heaps have their size. */
const WARM_UP = { share: 0.3, mostMs: 180_000 };
const STEEPEST_MB_A_MINUTE = 1;
/** Shorter than this, a slope says nothing. */
const SLOPE_FROM_MS = 240_000;
export interface Sample {
  readonly minutes: number;
  readonly mb: number;
}

/** `of`: whose, in words that follow `RSS`. */
export function memoryFigures(samples: readonly Sample[], forMs: number, of = ''): Figure[] {
  const from = Math.min(forMs * WARM_UP.share, WARM_UP.mostMs) / 60_000;
  const warm = samples.filter(({ minutes }) => minutes >= from);
  const slope = slopeOf(warm);
  const shown = `${samples[0]?.mb.toFixed(0) ?? ''} MB, ${warm[0]?.mb.toFixed(0) ?? ''} MB, ${warm.at(-1)?.mb.toFixed(0) ?? ''} MB`;
  const figure = `slope of RSS${of} after warm-up`;
  return [
    forInformation(`RSS${of} at the start, when warm, at the end`, shown),
    forMs < SLOPE_FROM_MS
      ? forInformation(figure, `${slope.toFixed(2)} MB/min (too short to judge)`)
      : atMost(figure, slope, STEEPEST_MB_A_MINUTE, ' MB/min'),
  ];
}

/** Least squares. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x, y] = [mean(({ minutes }) => minutes), mean(({ mb }) => mb)];
  const spread = samples.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0);
  return samples.reduce((sum, { minutes, mb }) => sum + (minutes - x) * (mb - y), 0) / spread;
}

/** NaN once it is gone. */
export function rssMbOf(pid: number | undefined): number {
  try {
    const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
    return Number(kib) / 1_024;
  } catch {
    return NaN;
  }
}
