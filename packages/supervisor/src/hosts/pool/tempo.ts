/** How often the pool looks for due rounds (the tick, X) and how many go out at once (the batch, Y). Pure. */

/** What there is to do. */
export interface PoolLoad {
  readonly monitors: number;
  readonly threads: number;
  /** Of all monitors together, as their periods ask for. */
  readonly roundsPerSecond: number;
  /** Infinity if there is no monitor. */
  readonly shortestPeriodMs: number;
  /** Measured: begin to end of a round, as it was lately; 0 if none has ended. */
  readonly roundMs: number;
}

export interface Tempo {
  readonly tickMs: number;
  /** Rounds in one task of a thread. */
  readonly batch: number;
  /** Rounds under way in one thread; what is due beyond that waits in the queue. */
  readonly inFlight: number;
}

/** The tick makes a round late by at most this part of the shortest period, or of a round where that is more. */
const LATENESS = { ofPeriod: 1 / 20, ofRound: 1 / 10 };
const TICK_MS = { min: 2, max: 100 };
/** A batch is lost as a whole with its thread, and a message of this many rounds is cheap enough. */
const LARGEST_BATCH = 256;
/** A waiting round holds a socket or two, and memory for its answer. */
const IN_FLIGHT = { min: 64, max: 1_024 };

export function tempoOf({ threads, ...load }: PoolLoad): Tempo {
  const { monitors, roundsPerSecond, shortestPeriodMs, roundMs } = load;
  const lateMs = Math.max(shortestPeriodMs * LATENESS.ofPeriod, roundMs * LATENESS.ofRound);
  const tickMs = Math.round(clamp(lateMs, TICK_MS.min, TICK_MS.max));
  // Of what one tick finds, each thread gets an equal share; never more than there are monitors.
  const dueAtOnce = Math.min(monitors, (roundsPerSecond * tickMs) / 1_000);
  const batch = clamp(Math.ceil(dueAtOnce / threads), 1, LARGEST_BATCH);
  // Rounds wait for their sources, mostly: all of a thread's may, before its limit makes others late.
  const inFlight = clamp(Math.ceil(monitors / threads), IN_FLIGHT.min, IN_FLIGHT.max);
  return { tickMs, batch, inFlight };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
