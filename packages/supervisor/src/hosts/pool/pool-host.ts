/**
 * The pool host: rounds as tasks. p-queue holds batches of them, piscina runs them in a few threads that all
 * monitors share. Promise: what one monitor does to its thread ends no other monitor's run, and the rounds it
 * took with it are run again elsewhere.
 *
 * Whose doing an end or a standstill was is certain only where one round ran alone; so suspects are run again
 * one by one, each in a thread of its own, and there the supervisor judges them as it judges any worker.
 */
import PQueue from 'p-queue';
import {
  maskText,
  serialiseError,
  systemClock,
  type Clock,
  type FromPoolThread,
  type PoolItem,
  type PoolResult,
  type StartData,
} from '@vedette/contract';
import { creditedMs } from '../../watch-decision.js';
import type { Host, WorkerExit, WorkerHandle } from '../host.js';
import { keepLoopsKillable } from '../thread.js';
import { Lane, type LaneListener } from './lane.js';
import { PoolHandle, type PoolHandleHost } from './pool-handle.js';
import { checkPoolOptions, type CheckedPoolOptions, type PoolHostOptions } from './pool-options.js';
import { rescueOf, type Loss } from './rescue.js';
import { tempoOf, type Tempo } from './tempo.js';

export { MAX_POOL_THREADS, type PoolHostOptions } from './pool-options.js';

/** Of a beat: a thread that stands still so long is given up, unless one round alone is in it. */
const STILL_BEATS = 1.25;
/** A thread that has not turned for this part of a beat gets nothing new. */
const BUSY_BEATS = 0.5;
const LOOKS_PER_BEAT = 8;
const HEAP_MARK = 0.8;
/** Rounds in a thread that is full of memory have so long to end. */
const DRAIN_MS = 1_000;
/** Suspects that are run alone at a time. */
const WARDS = 4;
/** Threads without a monitor wait so long for the next. */
const LINGER_MS = 5_000;
const LONGEST_OUTPUT = 2_000;
/** How much the last round counts in the measured duration. */
const NEWEST = 0.1;

export class PoolHost implements Host {
  readonly #options: CheckedPoolOptions;
  readonly #clock: Clock = systemClock;
  readonly #handles = new Map<number, PoolHandle>();
  /** By slot, 1 to `threads`; those that take rounds. */
  readonly #lanes = new Map<number, Lane>();
  /** Given up, and not gone for as long as something runs in them. */
  readonly #drained = new Set<Lane>();
  readonly #wards = new Set<Lane>();
  readonly #queue: PQueue;
  readonly #ward = new PQueue({ concurrency: WARDS });
  #tempo: Tempo | null = null;
  #roundMs = 0;
  #nextKey = 0;
  #beatMs = 1_000;
  #tickTimer: NodeJS.Timeout | null = null;
  #lookTimer: NodeJS.Timeout | null = null;
  #linger: NodeJS.Timeout | null = null;
  #lookedAt = 0;
  #looks = 0;
  #isTickSoon = false;

  /** Throws HOST_OPTION_INVALID. */
  constructor(options: PoolHostOptions) {
    this.#options = checkPoolOptions(options);
    this.#queue = new PQueue({ concurrency: 2 * this.#options.threads });
    keepLoopsKillable();
  }

  /** Threads there are, given up ones that still run something included. */
  get threads(): number {
    return this.#lanes.size + this.#drained.size + this.#wards.size;
  }

  /** What the schedule works with now: tick and batch. */
  get tempo(): Tempo {
    this.#tempo ??= this.#newTempo();
    return this.#tempo;
  }

  spawn(start: StartData): WorkerHandle {
    const handle = new PoolHandle(this.#nextKey++, start, this.#forHandles);
    this.#handles.set(handle.key, handle);
    this.#tempo = null;
    this.#beatMs = start.beatMs;
    this.#begin();
    this.#soon();
    return handle;
  }

  /** Ends the threads without asking; monitors in them are lost. Stop them before. */
  close(): void {
    for (const handle of [...this.#handles.values()]) {
      handle.end({ reason: 'killed', code: null, error: null });
    }
    this.#rest();
    for (const lane of [...this.#lanes.values(), ...this.#drained, ...this.#wards]) this.#discard(lane);
  }

  readonly #forHandles: PoolHandleHost = {
    soon: (handle) => {
      handle.dueAt = Math.min(handle.dueAt, this.#clock.monotonic());
      this.#soon();
    },
    kill: (handle) => this.#kill(handle),
    onOver: (handle) => {
      this.#handles.delete(handle.key);
      this.#tempo = null;
      handle.moveTo(null);
      if (this.#handles.size === 0) this.#rest();
    },
  };

  #begin(): void {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    if (this.#lookTimer !== null) return;
    this.#lookedAt = this.#clock.monotonic();
    this.#lookTimer = setInterval(() => {
      this.#look();
    }, this.#beatMs / LOOKS_PER_BEAT);
  }

  /** No monitor is left: nothing here keeps the process alive, and the threads wait only for a while. */
  #rest(): void {
    if (this.#tickTimer !== null) clearTimeout(this.#tickTimer);
    if (this.#lookTimer !== null) clearInterval(this.#lookTimer);
    this.#tickTimer = null;
    this.#lookTimer = null;
    this.#linger ??= setTimeout(() => {
      this.#linger = null;
      for (const lane of [...this.#lanes.values()]) this.#discard(lane);
    }, LINGER_MS).unref();
  }

  #soon(): void {
    if (this.#isTickSoon) return;
    this.#isTickSoon = true;
    setImmediate(() => {
      this.#isTickSoon = false;
      this.#tick();
    });
  }

  /** Puts what is due into the queue, the longest overdue first, in batches of one thread each. */
  #tick(): void {
    if (this.#handles.size === 0) return;
    const { tickMs, batch, inFlight } = this.tempo;
    if (this.#tickTimer !== null) clearTimeout(this.#tickTimer);
    this.#tickTimer = setTimeout(() => {
      this.#tick();
    }, tickMs);
    const now = this.#clock.monotonic();
    const due: PoolHandle[] = [];
    for (const handle of this.#handles.values()) if (handle.isDue(now)) due.push(handle);
    due.sort((a, b) => a.dueAt - b.dueAt);
    const shares = new Map<Lane, PoolHandle[]>();
    for (const handle of due) {
      if (handle.isSuspect) {
        this.#examine(handle);
        continue;
      }
      const lane = this.#laneFor(handle);
      // Known there or not: what is planned counts when the next is placed.
      handle.moveTo(lane);
      const share = shares.get(lane) ?? [];
      if (!handle.isStopAsked && lane.inFlight.size + share.length >= inFlight) continue;
      shares.set(lane, share);
      handle.isQueued = true;
      share.push(handle);
    }
    for (const [lane, share] of shares) {
      for (let from = 0; from < share.length; from += batch) {
        const part = share.slice(from, from + batch);
        void this.#queue
          .add(() => this.#send(lane, part))
          .catch((error: unknown) => {
            for (const handle of part)
              handle.end({ reason: 'crashed', code: null, error: serialiseError(error) });
          });
      }
    }
  }

  /** Its turn has come: what is still to be done of it, and where, is decided now. */
  #send(planned: Lane, handles: readonly PoolHandle[]): Promise<void> {
    const isUsable = planned.isAlive && planned.drainedSince === null;
    const byLane = new Map<Lane, PoolItem[]>();
    for (const handle of handles) {
      handle.isQueued = false;
      const lane = isUsable ? planned : this.#laneFor(handle);
      const item = this.#hand(handle, lane);
      if (item === null) continue;
      const items = byLane.get(lane) ?? [];
      items.push(item);
      byLane.set(lane, items);
    }
    return Promise.all([...byLane].map(([lane, items]) => lane.run(items))).then(() => undefined);
  }

  #hand(handle: PoolHandle, lane: Lane): PoolItem | null {
    const item = handle.itemFor(lane);
    if (item === null) return null;
    handle.moveTo(lane);
    lane.inFlight.set(handle.key, handle);
    if (item.task !== 'close') lane.known.add(handle.key);
    return item;
  }

  /** Where it is known, else where the fewest are. */
  #laneFor(handle: PoolHandle): Lane {
    const isFit = (lane: Lane): boolean =>
      lane.isAlive && lane.drainedSince === null && lane.stillMs < BUSY_BEATS * this.#beatMs;
    const { home } = handle;
    if (home !== null && (isFit(home) || (handle.isStopAsked && home.isAlive))) return home;
    const fit = [...this.#lanes.values()].filter(isFit).sort((a, b) => a.homed - b.homed);
    const [best] = fit;
    if (best !== undefined && (best.homed === 0 || this.#lanes.size >= this.#options.threads)) return best;
    return this.#newLane() ?? best ?? ([...this.#lanes.values()][0] as Lane);
  }

  /** Null if there are as many as there may be. */
  #newLane(): Lane | null {
    for (let slot = 1; slot <= this.#options.threads; slot += 1) {
      if (this.#lanes.has(slot)) continue;
      const lane = new Lane(slot, this.#options, this.#beatMs, this.#listener);
      this.#lanes.set(slot, lane);
      return lane;
    }
    return null;
  }

  /** Runs its next item alone, in a thread that is ended afterwards. */
  #examine(handle: PoolHandle): void {
    handle.isQueued = true;
    void this.#ward.add(async () => {
      handle.isQueued = false;
      handle.isSuspect = false;
      if (handle.isOver) return;
      const lane = new Lane(0, this.#options, this.#beatMs, this.#listener);
      this.#wards.add(lane);
      const item = this.#hand(handle, lane);
      if (item !== null) await Promise.all([lane.run([{ ...item, isLast: true }]), lane.empty()]);
      if (handle.home === lane) handle.moveTo(null);
      this.#discard(lane);
    });
  }

  readonly #listener: LaneListener = {
    onResult: (lane, result) => {
      this.#heed(lane, result);
    },
    onWord: (lane, message) => {
      this.#hear(lane, message);
    },
    onEnded: (lane, exit) => {
      this.#lost(lane, exit);
    },
  };

  #heed(lane: Lane, result: PoolResult): void {
    const handle = lane.inFlight.get(result.key);
    if (handle === undefined) return;
    const now = this.#clock.monotonic();
    if (result.did !== 'round' || result.isSettled) lane.finished(result.key);
    switch (result.did) {
      case 'opened':
        handle.idle();
        handle.opened(now);
        if (handle.isStopAsked) this.#forHandles.soon(handle);
        break;
      case 'closed':
        lane.known.delete(result.key);
        handle.stopped();
        break;
      case 'failed':
        lane.known.delete(result.key);
        handle.failed(result);
        break;
      case 'refused':
        handle.idle();
        if (!handle.isStopAsked) lane.forget(result.key);
        this.#soon();
        break;
      case 'round':
        this.#roundMs += NEWEST * (result.durationMs - this.#roundMs);
        handle.roundEnded(result, now);
        if (handle.dueAt <= now) this.#soon();
    }
    if (lane.drainedSince !== null && lane.inFlight.size === 0) this.#discard(lane);
  }

  #hear(lane: Lane, message: Exclude<FromPoolThread, { from: 'results' }>): void {
    switch (message.from) {
      case 'worker':
        this.#handles.get(message.key)?.tell(message.message);
        return;
      case 'settled':
        this.#settled(lane, message.key, message.durationMs);
        return;
      case 'link':
        for (const handle of this.#handles.values()) if (handle.home === lane) handle.tellLink(lane);
        return;
      case 'output': {
        const { key, stream, text } = message;
        if (key === null || text.trim() === '') return;
        this.#handles.get(key)?.tell({
          type: 'log',
          level: stream === 'stdout' ? 'info' : 'warn',
          sentence: `The worker wrote to ${stream}`,
          fields: { text: maskText(text.trimEnd().slice(0, LONGEST_OUTPUT)) },
        });
      }
    }
  }

  #settled(lane: Lane, key: number, durationMs: number): void {
    const handle = lane.inFlight.get(key);
    if (handle === undefined) return;
    lane.finished(key);
    handle.settled(durationMs);
    if (lane.drainedSince !== null && lane.inFlight.size === 0) this.#discard(lane);
  }

  /** Beats for all that wait and for all whose thread turns; looks after the threads. */
  #look(): void {
    const now = this.#clock.monotonic();
    const passedMs = creditedMs(now - this.#lookedAt, this.#beatMs);
    this.#lookedAt = now;
    const lanes = [...this.#lanes.values(), ...this.#drained, ...this.#wards];
    for (const lane of lanes) lane.look(passedMs);
    for (const handle of this.#handles.values()) {
      const { lane } = handle;
      if (lane === null || lane.stillMs === 0) handle.vitals.beat();
      // What a thread holds can be laid at one monitor's door only where there is no other.
      if (lane !== null && lane.slot === 0) handle.vitals.memory(lane.heapKb * 1024, lane.externalKb * 1024);
    }
    for (const lane of lanes) this.#judge(lane, now);
    // Rounds may take another time by now.
    this.#looks = (this.#looks + 1) % LOOKS_PER_BEAT;
    if (this.#looks === 0) this.#tempo = null;
  }

  #judge(lane: Lane, now: number): void {
    if (!lane.isAlive || lane.slot === 0) return;
    if (lane.stillMs >= STILL_BEATS * this.#beatMs) {
      this.#drain(lane, now);
      // Alone it is judged by the supervisor, which names it.
      if (lane.inFlight.size !== 1) this.#giveUp(lane, 'still');
      return;
    }
    const { heapMb, externalMb } = this.#options;
    const isFull = lane.heapKb > HEAP_MARK * heapMb * 1024 || lane.externalKb > externalMb * 1024;
    if (isFull) this.#drain(lane, now);
    if (lane.drainedSince === null) return;
    if (lane.inFlight.size === 0) this.#discard(lane);
    else if (isFull && now - lane.drainedSince >= DRAIN_MS) this.#giveUp(lane, 'memory');
  }

  /** It takes nothing more, and another may take its place. */
  #drain(lane: Lane, now: number): void {
    if (lane.drainedSince !== null) return;
    lane.drainedSince = now;
    if (this.#lanes.get(lane.slot) === lane) this.#lanes.delete(lane.slot);
    this.#drained.add(lane);
  }

  #giveUp(lane: Lane, loss: Loss): void {
    const { current } = lane;
    this.#discard(lane);
    this.#rescue(lane, current, loss, { reason: 'exited', code: null, error: null });
  }

  #lost(lane: Lane, exit: WorkerExit): void {
    const { current } = lane;
    this.#discard(lane);
    const { reason } = exit;
    const loss = reason === 'crashed' || reason === 'out-of-memory' ? reason : 'exited';
    this.#rescue(lane, current, loss, exit);
  }

  #rescue(lane: Lane, current: number | null, loss: Loss, exit: WorkerExit): void {
    const { convicted, suspects, innocent } = rescueOf([...lane.inFlight.keys()], current, loss);
    const convict = convicted === null ? undefined : lane.inFlight.get(convicted);
    for (const key of suspects) this.#again(lane, key, true);
    for (const key of innocent) this.#again(lane, key, false);
    lane.inFlight.clear();
    convict?.end(exit);
  }

  #again(lane: Lane, key: number, isSuspect: boolean): void {
    const handle = lane.inFlight.get(key);
    if (handle === undefined) return;
    handle.idle();
    handle.isSuspect = isSuspect;
    handle.moveTo(null);
    this.#soon();
  }

  /** The supervisor says who it was: the others run again beside each other. */
  async #kill(handle: PoolHandle): Promise<void> {
    const { lane } = handle;
    if (lane === null) {
      handle.end({ reason: 'killed', code: null, error: null });
      return;
    }
    lane.inFlight.delete(handle.key);
    this.#discard(lane);
    for (const key of [...lane.inFlight.keys()]) this.#again(lane, key, false);
    lane.inFlight.clear();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#options.killDeadlineMs);
    });
    const gone = lane.gone.then((exit) => {
      handle.end(exit);
    });
    await Promise.race([gone, late]);
    clearTimeout(timer);
  }

  #discard(lane: Lane): void {
    if (this.#lanes.get(lane.slot) === lane) this.#lanes.delete(lane.slot);
    this.#drained.delete(lane);
    this.#wards.delete(lane);
    lane.kill();
  }

  #newTempo(): Tempo {
    let roundsPerSecond = 0;
    let shortestPeriodMs = Infinity;
    for (const { periodMs } of this.#handles.values()) {
      roundsPerSecond += 1_000 / periodMs;
      shortestPeriodMs = Math.min(shortestPeriodMs, periodMs);
    }
    const { threads } = this.#options;
    const monitors = this.#handles.size;
    const tempo = tempoOf({ monitors, threads, roundsPerSecond, shortestPeriodMs, roundMs: this.#roundMs });
    // Two batches per thread: one is at work while the next is on its way.
    this.#queue.concurrency = threads * Math.max(2, Math.ceil(tempo.inFlight / tempo.batch));
    return tempo;
  }
}
