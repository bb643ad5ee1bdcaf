/** When a worker that still exists is no longer well. Pure numbers in, one word out, nothing allocated. */
import type { MonitorLimits } from '@vedette/contract';

export type Verdict = 'well' | 'hung' | 'round-timeout' | 'memory-mark';
export type BadVerdict = Exclude<Verdict, 'well'>;

/** Bounds of one worker, worked out once per run. */
export interface WatchBounds {
  readonly hangMs: number;
  readonly roundMs: number;
  readonly heapKb: number;
  readonly externalKb: number;
}

/** A beat is due each `beatMs`; two may be missed, then half of one more. */
const HANG_BEATS = 2.5;
/** The worker aborts its own round at the limit; after this long it evidently did not help. */
const OWN_ABORT_MS = 500;
const HEAP_MARK = 0.8;

export function watchBounds(limits: MonitorLimits, beatMs: number): WatchBounds {
  return {
    hangMs: HANG_BEATS * beatMs,
    roundMs: limits.roundTimeoutMs + OWN_ABORT_MS,
    heapKb: limits.oldMb * 1024 * HEAP_MARK,
    externalKb: limits.externalMb * 1024,
  };
}

/**
 * `stillMs`: since the beat last moved. `inRoundMs`: since the round under way began, 0 if none is.
 * A hang is named before a long round, as it says more; a leak only where the loop still turns.
 */
export function verdictOf(
  bounds: WatchBounds,
  stillMs: number,
  inRoundMs: number,
  heapKb: number,
  externalKb: number,
): Verdict {
  if (stillMs >= bounds.hangMs) return 'hung';
  if (inRoundMs > bounds.roundMs) return 'round-timeout';
  if (heapKb > bounds.heapKb || externalKb > bounds.externalKb) return 'memory-mark';
  return 'well';
}

/**
 * The time to credit for a gap between two polls. A gap far above the interval means that this
 * process slept or was blocked, and then silence proves nothing about the workers.
 */
export function creditedMs(gapMs: number, beatMs: number): number {
  return Math.min(Math.max(gapMs, 0), beatMs);
}
