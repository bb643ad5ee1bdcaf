/**
 * When what is done where: looks each tick for what is due, and puts it into p-queue in batches of one thread
 * each, the longest overdue first. Promise: one thing at a time for each monitor, and none that need not be.
 */
import PQueue from 'p-queue';
import { serialiseError, type Clock, type PoolItem } from '@vedette/contract';
import type { Lane } from './lane.js';
import type { Lanes } from './lanes.js';
import type { PoolHandle } from './pool-handle.js';
import { tempoOf, type Tempo } from './tempo.js';

export interface ScheduleParts {
  readonly lanes: Lanes;
  readonly handles: ReadonlyMap<number, PoolHandle>;
  readonly threads: number;
  readonly clock: Clock;
}

/** Threads for suspects at a time. */
const WARDS = 4;
/** How much the last round counts in the measured duration. */
const NEWEST = 0.1;

export class Schedule {
  readonly #parts: ScheduleParts;
  readonly #queue: PQueue;
  readonly #ward = new PQueue({ concurrency: WARDS });
  #tempo: Tempo | null = null;
  #roundMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #isTickSoon = false;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    this.#queue = new PQueue({ concurrency: 2 * parts.threads });
  }

  get tempo(): Tempo {
    this.#tempo ??= this.#newTempo();
    return this.#tempo;
  }

  /** There are other monitors, or rounds that take another time: the tempo is worked out anew when needed. */
  hasChanged(): void {
    this.#tempo = null;
  }

  tookRound(durationMs: number): void {
    this.#roundMs += NEWEST * (durationMs - this.#roundMs);
  }

  /** A tick as soon as what is under way in this turn of the loop is done. */
  soon(): void {
    if (this.#isTickSoon) return;
    this.#isTickSoon = true;
    setImmediate(() => {
      this.#isTickSoon = false;
      this.#tick();
    });
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    const { handles, clock } = this.#parts;
    this.stop();
    if (handles.size === 0) return;
    const { tickMs, batch } = this.tempo;
    this.#timer = setTimeout(() => {
      this.#tick();
    }, tickMs);
    const now = clock.monotonic();
    const due: PoolHandle[] = [];
    for (const handle of handles.values()) if (handle.isDue(now)) due.push(handle);
    due.sort((a, b) => a.dueAt - b.dueAt);
    for (const [lane, share] of this.#shared(due)) {
      for (let from = 0; from < share.length; from += batch) {
        const part = share.slice(from, from + batch);
        this.#queue
          .add(() => this.#send(lane, part))
          .catch((error: unknown) => {
            for (const handle of part) crashed(handle, error);
          });
      }
    }
  }

  /** Who goes where; what finds no room in its thread stays for a later tick. */
  #shared(due: readonly PoolHandle[]): Map<Lane, PoolHandle[]> {
    const { inFlight } = this.tempo;
    const shares = new Map<Lane, PoolHandle[]>();
    // Whose round began last is the likeliest: what has run long beside the others did no harm so far.
    const suspects = due.filter(({ isSuspect }) => isSuspect).reverse();
    const others = due.filter(({ isSuspect }) => !isSuspect);
    // In as many groups as can be looked at together; who is in one that is lost again comes back in smaller ones.
    const size = Math.ceil(suspects.length / WARDS);
    for (let from = 0; from < suspects.length; from += size) this.#examine(suspects.slice(from, from + size));
    for (const handle of others) {
      const lane = this.#parts.lanes.laneFor(handle);
      // Known there or not: what is planned counts when the next is placed.
      handle.moveTo(lane);
      const share = shares.get(lane) ?? [];
      if (!handle.isStopAsked && lane.inFlight.size + share.length >= inFlight) continue;
      shares.set(lane, share);
      handle.isQueued = true;
      share.push(handle);
    }
    return shares;
  }

  /** Their turn has come: what is still to be done, and where, is decided now. */
  async #send(planned: Lane, handles: readonly PoolHandle[]): Promise<void> {
    const isUsable = planned.isAlive && planned.drainedSince === null;
    const byLane = new Map<Lane, PoolItem[]>();
    for (const handle of handles) {
      handle.isQueued = false;
      const lane = isUsable ? planned : this.#parts.lanes.laneFor(handle);
      const item = handOver(handle, lane);
      if (item === null) continue;
      const items = byLane.get(lane) ?? [];
      items.push(item);
      byLane.set(lane, items);
    }
    await Promise.all([...byLane].map(([lane, items]) => lane.run(items)));
  }

  /** Runs their next items in a thread of their own, which is ended afterwards. */
  #examine(suspects: readonly PoolHandle[]): void {
    const { lanes } = this.#parts;
    for (const handle of suspects) handle.isQueued = true;
    const examination = this.#ward.add(async () => {
      const lane = lanes.ward();
      const items: PoolItem[] = [];
      for (const handle of suspects) {
        handle.isQueued = false;
        handle.isSuspect = false;
        const item = handle.isOver ? null : handOver(handle, lane);
        if (item !== null) items.push({ ...item, isLast: true });
      }
      if (items.length > 0) await Promise.all([lane.run(items), lane.empty()]);
      for (const handle of suspects) if (handle.home === lane) handle.moveTo(null);
      lanes.discard(lane);
    });
    examination.catch((error: unknown) => {
      for (const handle of suspects) crashed(handle, error);
    });
  }

  #newTempo(): Tempo {
    const { handles, threads } = this.#parts;
    let roundsPerSecond = 0;
    let shortestPeriodMs = Infinity;
    for (const { periodMs } of handles.values()) {
      roundsPerSecond += 1_000 / periodMs;
      shortestPeriodMs = Math.min(shortestPeriodMs, periodMs);
    }
    const monitors = handles.size;
    const tempo = tempoOf({ monitors, threads, roundsPerSecond, shortestPeriodMs, roundMs: this.#roundMs });
    // Two batches per thread: one is at work while the next is on its way.
    this.#queue.concurrency = threads * Math.max(2, Math.ceil(tempo.inFlight / tempo.batch));
    return tempo;
  }
}

function handOver(handle: PoolHandle, lane: Lane): PoolItem | null {
  const item = handle.itemFor(lane);
  if (item === null) return null;
  handle.moveTo(lane);
  lane.inFlight.set(handle.key, handle);
  if (item.task !== 'close') lane.known.add(handle.key);
  return item;
}

/** No thread could be begun for it. */
function crashed(handle: PoolHandle, error: unknown): void {
  handle.end({ reason: 'crashed', code: null, error: serialiseError(error) });
}
