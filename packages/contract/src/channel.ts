/** A worker's line to the host that spawned it, whatever kind of worker it is. */
import type { FromWorker, StartData, ToWorker } from './protocol.js';

export interface Channel {
  readonly start: StartData;
  post(message: FromWorker): void;
  onMessage(listener: (message: ToWorker) => void): void;
  /**
   * The worker is over: 0 after a stop, else 1. `hasLeftovers`: code of the monitor may still run.
   * A worker with a thread of its own then ends by itself.
   */
  close(code: 0 | 1, hasLeftovers?: boolean): void;
}

/** The line of a worker that shares its thread with others. */
export interface SharedChannel extends Channel {
  /** Part of the thread's memory that counts as this worker's: 0 to 1. */
  readonly memoryShare: number;
  /** Said before code of this worker's monitor runs. */
  enter(): void;
  /** The host has given the run up: nothing of it may leave any more. */
  onCut(listener: () => void): void;
}

/** The lines of all workers of a thread, as they come. */
export interface SharedLines {
  onChannel(listener: (channel: SharedChannel) => void): void;
}

/** Where a host that has no message port of Node's leaves the line for the worker entry. */
const PLACE = Symbol.for('vedette.channel');
const SHARED_PLACE = Symbol.for('vedette.channels');

export function offerChannel(channel: Channel): void {
  Reflect.set(globalThis, PLACE, channel);
}

/** Null in a worker thread, whose line is its parent port. */
export function offeredChannel(): Channel | null {
  return (Reflect.get(globalThis, PLACE) as Channel | undefined) ?? null;
}

export function offerSharedLines(lines: SharedLines): void {
  Reflect.set(globalThis, SHARED_PLACE, lines);
}

/** Null in a thread that holds one worker. */
export function offeredSharedLines(): SharedLines | null {
  return (Reflect.get(globalThis, SHARED_PLACE) as SharedLines | undefined) ?? null;
}
