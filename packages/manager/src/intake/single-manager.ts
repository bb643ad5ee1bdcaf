/**
 * One manager at a time on PANIC's queues. Promise: whoever was let in is told at once when another has taken
 * its place, and a standby comes in only when nobody has been at work for a while.
 *
 * The lock falls with its holder's connection. A holder that merely lost its link comes back within seconds
 * (its monitors work on meanwhile), so a standby waits longer than that before it takes what it finds free.
 */
import {
  FAMILIES,
  FAMILY_NAMES,
  QUEUES,
  serialiseError,
  VedetteError,
  type Clock,
  type Logger,
} from '@vedette/contract';
import type { Broker, Lock, Locks } from '@vedette/broker';
import { CONFIG_TOPOLOGY } from '../topology.js';

/** How often a standby looks. */
const LOOK_EVERY_MS = 500;
/** Free for this long: its holder is gone. Covers the first tries of a holder to come back. */
const PATIENCE_MS = 1_500;
/** The same where our own link was down too: the broker may have restarted, and links wait up to 4 s. */
const LONG_PATIENCE_MS = 6_000;
/** Without a broker by then, what is stored runs, and the lock is asked for when the broker comes. */
const FIRST_LINK_MS = 5_000;
/** A killed manager's consumers may outlive its lock for a moment. */
const CONSUMERS_GONE_MS = 3_000;
const LOOK_AT_CONSUMERS_MS = 100;

/** What {@link SingleManager} is made of. */
export interface SingleManagerOptions {
  readonly broker: Pick<Broker, 'declare' | 'link' | 'onLinkChanged'> & Locks;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Sees to it that one manager at a time works on a broker. */
export class SingleManager {
  readonly #broker: SingleManagerOptions['broker'];
  readonly #lock: Lock;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: SingleManagerOptions) {
    this.#broker = options.broker;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#lock = options.broker.lock(QUEUES.lock);
  }

  /**
   * Resolves when this manager may work; `unconfirmed` if the broker cannot be asked yet, and then
   * {@link onReplaced} tells if the answer is no. Rejects with MANAGER_ALREADY_RUNNING, or with why the lock
   * was refused.
   */
  async acquire(): Promise<'held' | 'unconfirmed'> {
    let word = await this.#lock.take();
    if (word === 'unknown') word = await this.#firstAnswer();
    if (word === 'unknown') return 'unconfirmed';
    const queue = word === 'held' ? await this.#foreignQueue() : null;
    if (word === 'held' && queue === null) return 'held';
    const reason = this.#lock.error ?? alreadyRunning(queue);
    await this.#lock.release();
    throw reason;
  }

  /** Waits for its turn, however long. False if `signal` came first. Never rejects. */
  async standBy(signal: AbortSignal): Promise<boolean> {
    let freeSince: number | null = null;
    let patienceMs = PATIENCE_MS;
    let isTold = false;
    while (!signal.aborted) {
      const look = await this.#lock.look();
      const now = this.#clock.monotonic();
      if (look === 'free') freeSince ??= now;
      else freeSince = null;
      if (look === 'unknown') patienceMs = LONG_PATIENCE_MS;
      if (look === 'taken') patienceMs = PATIENCE_MS;
      if (freeSince !== null && now - freeSince >= patienceMs && (await this.#takeIfAlone(signal))) {
        this.#logger.log('info', 'Nobody else is at work: taking over', { component: 'manager' });
        return true;
      }
      if (!isTold && look !== 'unknown') {
        isTold = true;
        this.#logger.log('info', 'Waiting as standby', { component: 'manager', lock: look });
      }
      await this.#pause(LOOK_EVERY_MS, signal);
    }
    return false;
  }

  /** Told once if another manager has the lock after it was, or might have been, ours. */
  onReplaced(listener: (error: VedetteError) => void): () => void {
    let isTold = false;
    const look = (): void => {
      if (isTold || this.#lock.word !== 'taken') return;
      isTold = true;
      listener(this.#lock.error ?? alreadyRunning(null));
    };
    const unsubscribe = this.#lock.onChanged(look);
    look();
    return unsubscribe;
  }

  async #takeIfAlone(signal: AbortSignal): Promise<boolean> {
    if ((await this.#lock.take()) === 'held') {
      const queue = await this.#foreignQueue();
      if (queue === null && !signal.aborted) return true;
      if (queue !== null) {
        this.#logger.log('warn', 'Another program consumes a config queue', { component: 'manager', queue });
      }
    } else if (this.#lock.error !== null) {
      const err = serialiseError(this.#lock.error);
      this.#logger.log('error', 'The lock is refused', { component: 'manager', err });
    }
    await this.#lock.release();
    return false;
  }

  /**
   * A config queue that somebody consumes although the lock is ours and we do not consume yet: PANIC's own
   * managers, which know no lock. Null if there is none.
   */
  async #foreignQueue(): Promise<string | null> {
    const until = this.#clock.monotonic() + CONSUMERS_GONE_MS;
    // Declared first: asking for a queue that is not there ends a channel.
    const isDeclared = await this.#broker.declare(CONFIG_TOPOLOGY).then(
      () => true,
      () => false,
    );
    if (!isDeclared) return null;
    for (;;) {
      const queue = await this.#consumedQueue();
      if (queue === null || this.#clock.monotonic() >= until) return queue;
      await this.#pause(LOOK_AT_CONSUMERS_MS);
    }
  }

  async #consumedQueue(): Promise<string | null> {
    for (const family of FAMILY_NAMES) {
      const { configQueue } = FAMILIES[family];
      if (((await this.#broker.consumersOf(configQueue)) ?? 0) > 0) return configQueue;
    }
    return null;
  }

  /** The word once there is a link, or `unknown` if the first try fails or takes too long. */
  #firstAnswer(): Promise<Lock['word']> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        offLock();
        offLink();
        resolve(this.#lock.word);
      };
      const cancel = this.#clock.after(FIRST_LINK_MS, done);
      const offLock = this.#lock.onChanged(done);
      const offLink = this.#broker.onLinkChanged(({ link }) => {
        if (link === 'disconnected' || link === 'closed') done();
      });
      if (this.#lock.word !== 'unknown' || this.#broker.link === 'disconnected') done();
    });
  }

  #pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.#clock.after(ms, wake);
      signal?.addEventListener('abort', wake);
      if (signal?.aborted === true) wake();
    });
  }
}

function alreadyRunning(queue: string | null): VedetteError {
  return queue === null
    ? new VedetteError('MANAGER_ALREADY_RUNNING', 'Another manager is at work on this broker', {
        details: { lock: QUEUES.lock },
      })
    : new VedetteError(
        'MANAGER_ALREADY_RUNNING',
        `${queue} has a consumer that is not ours, such as one of PANIC's managers`,
        { details: { queue } },
      );
}
