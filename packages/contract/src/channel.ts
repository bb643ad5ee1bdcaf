/** A worker's line to the host that spawned it, whatever kind of worker it is. */
import type { FromWorker, StartData, ToWorker } from './protocol.js';

/** A line of messages between a worker and its host. */
export interface Channel {
  readonly start: StartData;
  post(message: FromWorker): void;
  onMessage(listener: (message: ToWorker) => void): void;
  /** Lets the worker end by itself. */
  close(): void;
}

/** Where a host that has no message port of Node's leaves the line for the worker entry. */
const PLACE = Symbol.for('vedette.channel');

/** Leaves the channel for the worker entry of this very process to find. */
export function offerChannel(channel: Channel): void {
  Reflect.set(globalThis, PLACE, channel);
}

/** Null in a worker thread, whose line is its parent port. */
export function offeredChannel(): Channel | null {
  return (Reflect.get(globalThis, PLACE) as Channel | undefined) ?? null;
}
