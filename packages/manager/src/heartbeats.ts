/**
 * Answers PANIC's health checker: one heartbeat under the name of each old manager, and a seventh under our
 * own that carries more. Promise: one answer per ping, and one for any number of pings that come at once;
 * neither config nor a broker that does not answer holds it up.
 *
 * Each ping is in all six queues, and after a stall many may wait there. They are drained without a look; the
 * answer goes out once nothing came for a quarter of a second, or 5 s after the first if they never end.
 */
import {
  EXCHANGES,
  FAMILIES,
  MANAGER_NAME,
  managerHeartbeat,
  ROUTING_KEYS,
  serialiseError,
  wireJson,
  type Clock,
  type Family,
  type Logger,
  type WireObject,
} from '@vedette/contract';
import type { Broker, Subscription } from '@vedette/broker';
import { untilDone } from './pause.js';
import type { Roll } from './roll-call.js';
import { HEARTBEAT_TOPOLOGY } from './topology.js';

const QUIET_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** What {@link Heartbeats} are made of. */
export interface HeartbeatsOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called once per answer. */
  readonly takeRoll: () => ReadonlyMap<Family, Roll>;
  /** What our own heartbeat says beyond the four keys of the others. */
  readonly more: () => WireObject;
}

/** Answers pings as PANIC's managers would, each family under its own name. */
export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #stopping = new AbortController();
  readonly #subscriptions: Subscription[] = [];
  /** Queues not consumed yet, of which each may hold the same stale pings. */
  #missing: number = HEARTBEAT_TOPOLOGY.queues.length;
  #firstAt = 0;
  #lastAt = 0;
  #cancelAnswer: (() => void) | null = null;

  constructor(options: HeartbeatsOptions) {
    this.#options = options;
  }

  /** Resolves when all queues are consumed; one that is refused is tried again. Never rejects. */
  async start(): Promise<void> {
    const { broker, clock, logger } = this.#options;
    const { exchanges, queues } = HEARTBEAT_TOPOLOGY;
    const consume = async (queue: (typeof queues)[number]): Promise<void> => {
      await broker.declare({ exchanges, queues: [queue] });
      const subscription = await broker.consume(queue.name, { prefetch: 0, autoAck: true }, () => {
        this.#pinged();
      });
      if (this.#stopping.signal.aborted) await subscription.cancel();
      else this.#subscriptions.push(subscription);
      this.#missing -= 1;
    };
    await Promise.all(
      queues.map((queue) =>
        untilDone(() => consume(queue), {
          clock,
          signal: this.#stopping.signal,
          onFailure: (error) => {
            const fields = { component: 'heartbeat', queue: queue.name, err: serialiseError(error) };
            logger.log('error', 'Pings cannot be consumed from a queue, tried again', fields);
          },
        }),
      ),
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelAnswer?.();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.cancel()));
  }

  /** Seven heartbeats now; never rejects. One manager's trouble is not the others'. */
  async send(): Promise<void> {
    const { clock, logger, takeRoll, more } = this.#options;
    try {
      const rolls = takeRoll();
      const nowMs = clock.now();
      const bodies = [...rolls].map(([family, { running, dead }]) =>
        managerHeartbeat(FAMILIES[family].managerName, running, dead, nowMs),
      );
      const all = (key: keyof Roll): string[] => [...rolls.values()].flatMap((roll) => roll[key]);
      const own = managerHeartbeat(MANAGER_NAME, all('running'), all('dead'), nowMs);
      await Promise.all([...bodies, { ...own, ...more() }].map((body) => this.#publish(body)));
    } catch (error) {
      logger.log('error', 'Heartbeat failed', { component: 'heartbeat', err: serialiseError(error) });
    }
  }

  #pinged(): void {
    const { clock } = this.#options;
    this.#lastAt = clock.monotonic();
    if (this.#cancelAnswer !== null || this.#stopping.signal.aborted) return;
    this.#firstAt = this.#lastAt;
    this.#cancelAnswer = clock.after(QUIET_MS, () => {
      this.#answerWhenQuiet();
    });
  }

  #answerWhenQuiet(): void {
    const { broker, clock } = this.#options;
    const now = clock.monotonic();
    // While queues are still being attached, the same pings are about to come from the next one.
    if (this.#missing > 0 || broker.link !== 'connected') this.#lastAt = now;
    const waitMs = Math.min(this.#lastAt + QUIET_MS, this.#firstAt + LONGEST_WAIT_MS) - now;
    if (waitMs > 0) {
      this.#cancelAnswer = clock.after(waitMs, () => {
        this.#answerWhenQuiet();
      });
      return;
    }
    this.#cancelAnswer = null;
    void this.send();
  }

  async #publish(body: WireObject): Promise<void> {
    const { broker, logger } = this.#options;
    const name = body['component_name'] as string;
    const outcome = await broker.publish(
      {
        exchange: EXCHANGES.healthCheck,
        routingKey: ROUTING_KEYS.managerHeartbeat,
        content: wireJson(body),
      },
      { whenDown: 'drop', key: name },
    );
    if (outcome === 'confirmed') return;
    logger.log('debug', 'Heartbeat not delivered', { component: 'heartbeat', name, outcome });
  }
}
