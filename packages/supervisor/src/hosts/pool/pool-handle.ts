/**
 * One run of one monitor in the pool: what it is to do next, and what the supervisor hears of it. It has no
 * worker of its own, so its vitals are written here, from the host's schedule.
 */
import {
  nextDue,
  VitalsWriter,
  type FromWorker,
  type JsonValue,
  type PoolItem,
  type PoolResult,
  type PoolStart,
  type StartData,
  type ToWorker,
} from '@vedette/contract';
import type { WorkerExit, WorkerHandle } from '../host.js';
import type { Lane } from './lane.js';

/** What a handle asks of its host. */
export interface PoolHandleHost {
  /** Something is to be done for it at once. */
  soon(handle: PoolHandle): void;
  kill(handle: PoolHandle): Promise<void>;
  onOver(handle: PoolHandle): void;
}

/** Of one round; they are for people, who need not know of more. */
const MOST_STEPS = 1_000;

export type RoundResult = Extract<PoolResult, { did: 'round' }>;

export class PoolHandle implements WorkerHandle {
  readonly key: number;
  readonly start: PoolStart;
  readonly exited: Promise<WorkerExit>;
  readonly vitals: VitalsWriter;
  readonly firstRoundDelayMs: number;
  /** Monotonic; the instant of the next thing to do. */
  dueAt = 0;
  /** Where its item is under way; null while it waits. */
  lane: Lane | null = null;
  /** An item of it waits in the queue. */
  isQueued = false;
  /** Its next item is to run alone. */
  isSuspect = false;
  isKilled = false;
  /** Where messages of its last round wait for the broker: they are lost with that thread. */
  unsentIn: Lane | null = null;
  readonly #host: PoolHandleHost;
  #home: Lane | null = null;
  #listener: ((message: FromWorker) => void) | null = null;
  #resolve: (exit: WorkerExit) => void = () => undefined;
  #state: JsonValue;
  #isReady = false;
  #isOver = false;
  #isStopAsked = false;
  #isRoundAsked = false;
  #isInRound = false;

  constructor(
    key: number,
    { vitals, slot, state, firstRoundDelayMs, ...start }: StartData,
    host: PoolHandleHost,
  ) {
    this.key = key;
    this.start = start;
    this.vitals = new VitalsWriter(vitals, slot);
    this.firstRoundDelayMs = firstRoundDelayMs;
    this.#state = state;
    this.#host = host;
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get hostId(): string {
    return `pool:${this.home?.slot ?? 0}`;
  }
  get periodMs(): number {
    return this.start.spec.periodMs;
  }
  /** Its module may run beside others. */
  get isPackable(): boolean {
    return this.start.spec.isPackable !== false;
  }
  get isOver(): boolean {
    return this.#isOver;
  }
  get isStopAsked(): boolean {
    return this.#isStopAsked;
  }
  /** The thread it is to run in: where it opened, or will. */
  get home(): Lane | null {
    return this.#home;
  }
  /** Nothing of it is under way or about to be, and this is its time. */
  isDue(now: number): boolean {
    return this.dueAt <= now && this.lane === null && !this.isQueued && !this.#isOver;
  }

  /** Another thread is its own from now on; the old one need not know it any more. */
  moveTo(lane: Lane | null): void {
    if (lane === this.#home) return;
    if (this.#home !== null) {
      this.#home.homed -= 1;
      this.#home.forget(this.key);
    }
    this.#home = lane;
    if (lane !== null) lane.homed += 1;
  }

  send(message: ToWorker): void {
    if (this.#isOver) return;
    if (message.type === 'stop') this.#isStopAsked = true;
    if (message.type === 'round') this.#isRoundAsked = true;
    if (message.type === 'broker') (this.lane ?? this.home)?.send(this.key, message);
    else if (this.lane === null) {
      if (message.type !== 'abort') this.#host.soon(this);
    } else if (message.type !== 'round') this.lane.send(this.key, message);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    if (!this.#isOver) this.#listener = listener;
  }

  kill(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    this.isKilled = true;
    return this.#host.kill(this);
  }

  /**
   * The item for `lane`, which takes it now; null if there is nothing to be done. Here the revision is checked:
   * a handle is one revision, and one that is over or to stop runs no further round.
   */
  itemFor(lane: Lane): PoolItem | null {
    if (this.#isOver) return null;
    if (this.#isStopAsked && (this.home === null || !this.home.isAlive)) {
      this.stopped();
      return null;
    }
    const task = this.#isStopAsked ? 'close' : this.#isReady ? 'round' : 'open';
    const { key, start } = this;
    const { revision } = start.spec;
    const isKnown = lane.known.has(key);
    this.lane = lane;
    this.#markRound(task === 'round');
    if (task === 'round') this.#isRoundAsked = false;
    return {
      key,
      revision,
      task,
      state: task === 'round' ? this.#state : null,
      ...(isKnown || task === 'close' ? {} : { start }),
    };
  }

  /** It waits again; of what was under way nothing counts. */
  idle(): void {
    this.lane = null;
    this.#markRound(false);
  }

  opened(now: number): void {
    this.idle();
    if (!this.#isReady) {
      this.#isReady = true;
      this.dueAt = this.#isRoundAsked ? now : now + this.firstRoundDelayMs;
      this.tell({ type: 'ready' });
    }
    if (this.#home !== null) this.tellLink(this.#home);
    if (this.#isStopAsked) this.#host.soon(this);
  }

  tellLink({ link }: Lane): void {
    if (link === null || !this.#isReady) return;
    this.tell({ type: 'link-changed', link: link.link, replaced: link.replaced, error: link.error });
  }

  roundEnded(result: RoundResult, lane: Lane, now: number): void {
    const { outcome, durationMs, at, facts, reported, error, publishes, steps } = result;
    this.unsentIn = (publishes.deferred ?? 0) > 0 ? lane : null;
    for (let step = 0; step < Math.min(steps, MOST_STEPS); step += 1) this.vitals.step();
    if (outcome === 'ok') this.#state = result.state;
    if (result.isSettled) this.settled(durationMs);
    // What was aborted for a stop is no round.
    if (outcome !== 'timeout' || !this.#isStopAsked) {
      const ended = { outcome, durationMs, at, state: this.#state, facts, reported, error, publishes };
      this.tell({ type: 'round-ended', ...ended });
    }
    this.dueAt = nextDue(this.dueAt, now, this.periodMs);
    if (this.#isRoundAsked) this.dueAt = now;
    if (this.#isStopAsked) this.#host.soon(this);
  }

  /** The round under way is really over. */
  settled(durationMs: number): void {
    if (this.#isInRound) this.vitals.endRound(durationMs);
    this.#isInRound = false;
    this.idle();
    if (this.#isStopAsked) this.#host.soon(this);
  }

  failed({ error, permanent }: Extract<PoolResult, { did: 'failed' }>): void {
    if (this.#isStopAsked) {
      this.stopped();
      return;
    }
    this.tell({ type: 'failed', error, permanent });
    this.end({ reason: 'crashed', code: 1, error });
  }

  stopped(): void {
    this.tell({ type: 'stopped' });
    this.end({ reason: 'exited', code: 0, error: null });
  }

  tell(message: FromWorker): void {
    this.#listener?.(message);
  }

  end(exit: WorkerExit): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener = null;
    this.lane = null;
    this.#resolve(this.isKilled ? { ...exit, reason: 'killed', error: null } : exit);
    this.#host.onOver(this);
  }

  #markRound(isBegun: boolean): void {
    if (isBegun === this.#isInRound) return;
    this.#isInRound = isBegun;
    if (isBegun) this.vitals.beginRound();
    else this.vitals.endRound(0);
  }
}
