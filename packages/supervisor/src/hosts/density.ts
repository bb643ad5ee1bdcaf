/** How many monitors share a thread, and what memory the thread gets for them. Pure. */
import type { ResourceLimits } from 'node:worker_threads';
import { describeValue, VedetteError, type MonitorLimits, type MonitorSpec } from '@vedette/contract';

/** Most monitors in one thread. */
export const MAX_DENSITY = 200;
/** Monitors per thread of the dense host where nobody says. */
export const DEFAULT_DENSITY = 10;

/** What a further monitor adds to the heap of a thread whose code is loaded: a quarter of the first. */
const OLD_PART = 1 / 4;
/** Rounds seldom fall together, and what they allocate dies young. */
const YOUNG_PART = 1 / 16;
/** A larger young generation is memory used, not just a bound. */
const MOST_YOUNG_MB = 16;
/** Of a thread's limits; past it its monitors are to be told apart before V8 ends it. */
const MARK = 0.7;

/** Throws HOST_OPTION_INVALID for anything but a whole number from 1 to {@link MAX_DENSITY}. */
export function checkedDensity(density: unknown): number {
  if (typeof density === 'number' && Number.isInteger(density) && density >= 1 && density <= MAX_DENSITY) {
    return density;
  }
  const shown = describeValue(density);
  const text = `density is ${shown}; a thread holds 1 to ${MAX_DENSITY} monitors`;
  throw new VedetteError('HOST_OPTION_INVALID', text, {
    details: { field: 'density', value: shown, least: 1, most: MAX_DENSITY },
  });
}

/** Monitors that share a thread share its connection. */
export function connectionsOf({ hosting, isPackable }: MonitorSpec, density: number): number {
  return isPackable === false ? 1 : 1 / (hosting?.density ?? density);
}

/** Limits of V8 are fixed when a thread is made, so they follow from what it may hold and not from what it holds. */
export function heapLimitsOf(limits: MonitorLimits, density: number, stackMb: number): ResourceLimits {
  const youngMb = limits.youngMb * (1 + (density - 1) * YOUNG_PART);
  return {
    maxYoungGenerationSizeMb: Math.max(limits.youngMb, Math.min(MOST_YOUNG_MB, youngMb)),
    maxOldGenerationSizeMb: Math.ceil(limits.oldMb * growthOf(density)),
    stackSizeMb: stackMb,
  };
}

/**
 * The part of a thread's memory that is told of each of its monitors. It stays below the supervisor's mark: whose
 * memory it is shows only where a monitor is alone.
 */
export function memoryShareOf(density: number): number {
  return 1 / density;
}

/** The thread as a whole uses so much that one of its monitors leaks, or that it is too full. */
export function isPastMark(
  limits: MonitorLimits,
  density: number,
  heapKb: number,
  externalKb: number,
): boolean {
  const most = growthOf(density) * MARK * 1024;
  return heapKb > limits.oldMb * most || externalKb > limits.externalMb * most;
}

function growthOf(density: number): number {
  return 1 + (density - 1) * OLD_PART;
}
