/**
 * The pool host: rounds as tasks. p-queue holds batches of them, piscina runs them in a few threads that all
 * monitors share. Promise: what one monitor does to its thread ends no other monitor's run, and the rounds it
 * took with it are run again elsewhere.
 *
 * Whose doing an end or a standstill was is certain only where one round ran alone; so suspects are run again
 * one by one, each in a thread of its own, and there the supervisor judges them as it judges any worker.
 */
import {
  maskText,
  systemClock,
  type Clock,
  type FromPoolThread,
  type MonitorSpec,
  type PoolResult,
  type StartData,
} from '@vedette/contract';
import type { Host, WorkerExit, WorkerHandle } from '../host.js';
import { setThreadFlags } from '../worker-thread.js';
import type { Lane, LaneListener } from './lane.js';
import { Lanes } from './lanes.js';
import { PoolHandle, type PoolHandleHost } from './pool-handle.js';
import { checkPoolOptions, type CheckedPoolOptions, type PoolHostOptions } from './pool-options.js';
import { lookCredit, rescueOf, type Loss } from './rescue.js';
import { Schedule } from './schedule.js';
import type { Tempo } from './tempo.js';

export { MAX_POOL_THREADS, type PoolHostOptions } from './pool-options.js';
export type { Tempo } from './tempo.js';

/** Of a beat: a thread that stands still so long is given up, unless one round alone is in it. */
const STILL_BEATS = 1.25;
const LOOKS_PER_BEAT = 8;
const HEAP_MARK = 0.8;
/** Rounds in a thread that is full of memory have so long to end. */
const DRAIN_MS = 1_000;
/** Threads without a monitor wait so long for the next. */
const LINGER_MS = 5_000;
const LONGEST_OUTPUT = 2_000;

/** Runs the rounds of all its monitors as tasks in a few threads. */
export class PoolHost implements Host {
  readonly #options: CheckedPoolOptions;
  readonly #clock: Clock = systemClock;
  readonly #handles = new Map<number, PoolHandle>();
  readonly #lanes: Lanes;
  readonly #schedule: Schedule;
  #nextKey = 0;
  #lookTimer: NodeJS.Timeout | null = null;
  #linger: NodeJS.Timeout | null = null;
  #lookedAt = 0;
  #looks = 0;

  /** Throws HOST_OPTION_INVALID. */
  constructor(options: PoolHostOptions) {
    this.#options = checkPoolOptions(options);
    this.#lanes = new Lanes(this.#options, this.#listener);
    this.#schedule = new Schedule({
      lanes: this.#lanes,
      handles: this.#handles,
      threads: this.#options.threads,
      clock: this.#clock,
    });
    setThreadFlags();
  }

  /** Threads there are, those included that are given up and still run something. */
  get threads(): number {
    return this.#lanes.all.length;
  }

  /** What the schedule works with now. */
  get tempo(): Tempo {
    return this.#schedule.tempo;
  }

  /** Its threads have theirs already, or each round has one. */
  connectionsOf({ isPackable }: MonitorSpec): number {
    return isPackable === false ? 1 : 0;
  }

  spawn(start: StartData): WorkerHandle {
    const handle = new PoolHandle(this.#nextKey++, start, this.#forHandles);
    this.#handles.set(handle.key, handle);
    this.#lanes.beatMs = start.beatMs;
    this.#begin();
    this.#schedule.hasChanged();
    this.#schedule.soon();
    return handle;
  }

  /** Ends the threads without asking; monitors in them are lost. Stop them before. */
  close(): void {
    for (const handle of [...this.#handles.values()]) {
      handle.end({ reason: 'killed', code: null, error: null });
    }
    this.#rest();
    for (const lane of this.#lanes.all) this.#lanes.discard(lane);
  }

  readonly #forHandles: PoolHandleHost = {
    soon: (handle) => {
      handle.dueAt = Math.min(handle.dueAt, this.#clock.monotonic());
      this.#schedule.soon();
    },
    kill: (handle) => this.#kill(handle),
    onOver: (handle) => {
      this.#handles.delete(handle.key);
      this.#schedule.hasChanged();
      const { home } = handle;
      handle.moveTo(null);
      if (home !== null) this.#lanes.leave(home);
      if (this.#handles.size === 0) this.#rest();
    },
  };

  readonly #listener: LaneListener = {
    onResult: (lane, result) => {
      this.#heed(lane, result);
    },
    onWord: (lane, message) => {
      this.#hear(lane, message);
    },
    onEnded: (lane, exit) => {
      const { reason } = exit;
      this.#giveUp(lane, reason === 'crashed' || reason === 'out-of-memory' ? reason : 'exited', exit);
    },
    onDiscarded: (lane) => {
      for (const handle of this.#handles.values()) {
        if (handle.unsentIn !== lane) continue;
        // Its next round may be an hour away, and what it said last nobody has heard.
        handle.unsentIn = null;
        this.#forHandles.soon(handle);
      }
    },
  };

  #begin(): void {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    if (this.#lookTimer !== null) return;
    this.#lookedAt = this.#clock.monotonic();
    this.#lookTimer = setInterval(() => {
      this.#look();
    }, this.#lanes.beatMs / LOOKS_PER_BEAT);
  }

  /** No monitor is left: nothing here keeps the process alive, and the threads wait only for a while. */
  #rest(): void {
    this.#schedule.stop();
    if (this.#lookTimer !== null) clearInterval(this.#lookTimer);
    this.#lookTimer = null;
    this.#linger ??= setTimeout(() => {
      this.#linger = null;
      for (const lane of this.#lanes.all) this.#lanes.discard(lane);
    }, LINGER_MS).unref();
  }

  #heed(lane: Lane, result: PoolResult): void {
    const handle = lane.inFlight.get(result.key);
    // The close of one that has moved away and come back meanwhile says nothing of it.
    if (handle === undefined || (result.did === 'closed' && !handle.isStopAsked)) return;
    const now = this.#clock.monotonic();
    if (result.did !== 'round' || result.isSettled) lane.finished(result.key);
    switch (result.did) {
      case 'opened':
        handle.opened(now);
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
        this.#schedule.soon();
        break;
      case 'round':
        this.#schedule.tookRound(result.durationMs);
        // One that is due again waits for the tick: single ones make small batches.
        handle.roundEnded(result, lane, now);
    }
    this.#endIfDrained(lane);
  }

  #hear(lane: Lane, message: Exclude<FromPoolThread, { from: 'results' }>): void {
    switch (message.from) {
      case 'worker':
        this.#handles.get(message.key)?.tell(message.message);
        return;
      case 'settled':
        lane.inFlight.get(message.key)?.settled(message.durationMs);
        lane.finished(message.key);
        this.#endIfDrained(lane);
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

  /** Beats for all that wait and for all whose thread turns; looks after the threads. */
  #look(): void {
    const now = this.#clock.monotonic();
    const passedMs = lookCredit(now - this.#lookedAt, this.#lanes.beatMs / LOOKS_PER_BEAT);
    this.#lookedAt = now;
    const lanes = this.#lanes.all;
    for (const lane of lanes) lane.look(passedMs);
    for (const { lane, vitals } of this.#handles.values()) {
      // Of several in a thread that stands still one is at fault; until it is known which, none is blamed.
      if (lane === null || lane.stillMs === 0 || lane.inFlight.size > 1) vitals.beat();
      // What a thread holds can be laid at one monitor's door only where there is no other.
      if (lane?.isWard === true && lane.known.size === 1)
        vitals.memory(lane.heapKb * 1024, lane.externalKb * 1024);
    }
    for (const lane of lanes)
      if (lane.isAlive && !(lane.isWard && lane.known.size === 1)) this.#judge(lane, now);
    // Rounds may take another time by now.
    this.#looks = (this.#looks + 1) % LOOKS_PER_BEAT;
    if (this.#looks === 0) this.#schedule.hasChanged();
  }

  #judge(lane: Lane, now: number): void {
    if (lane.stillMs >= STILL_BEATS * this.#lanes.beatMs) {
      if (!lane.isWard) this.#lanes.drain(lane, now);
      // Alone it is judged by the supervisor, which names it.
      if (lane.inFlight.size !== 1) this.#giveUp(lane, 'still');
      return;
    }
    const { heapMb, externalMb } = this.#options;
    const isFull = lane.heapKb > HEAP_MARK * heapMb * 1024 || lane.externalKb > externalMb * 1024;
    if (isFull) this.#lanes.drain(lane, now);
    this.#endIfDrained(lane);
    const drainedMs = now - (lane.drainedSince ?? now);
    if (isFull && lane.isAlive && drainedMs >= DRAIN_MS) this.#giveUp(lane, 'memory');
  }

  #endIfDrained(lane: Lane): void {
    if (lane.drainedSince !== null && lane.inFlight.size === 0) this.#lanes.discard(lane);
  }

  /** The thread is lost: who it was ends as `exit` says, the others run again. */
  #giveUp(lane: Lane, loss: Loss, exit: WorkerExit = { reason: 'exited', code: null, error: null }): void {
    const { convicted, suspects, innocent } = rescueOf([...lane.inFlight.keys()], lane.current, loss);
    const handles = new Map(lane.inFlight);
    lane.inFlight.clear();
    this.#lanes.discard(lane);
    for (const key of suspects) this.#again(handles.get(key), true);
    for (const key of innocent) this.#again(handles.get(key), false);
    if (convicted !== null) handles.get(convicted)?.end(exit);
  }

  #again(handle: PoolHandle | undefined, isSuspect: boolean): void {
    if (handle === undefined) return;
    handle.idle();
    handle.isSuspect = isSuspect;
    handle.moveTo(null);
    this.#schedule.soon();
  }

  /** The supervisor says who it was: the others run again beside each other. */
  async #kill(handle: PoolHandle): Promise<void> {
    const { lane } = handle;
    if (lane === null) {
      handle.end({ reason: 'killed', code: null, error: null });
      return;
    }
    const others = [...lane.inFlight.values()].filter((other) => other !== handle);
    lane.inFlight.clear();
    this.#lanes.discard(lane);
    for (const other of others) this.#again(other, false);
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
}
