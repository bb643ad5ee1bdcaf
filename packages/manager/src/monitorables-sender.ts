/**
 * Sends monitorables messages until each is confirmed. Promise: the newest message per manager and routing key
 * reaches the broker in the end, in the order they came, and whoever waits for one is let go in bounded time.
 *
 * PANIC's managers did not acknowledge a config whose monitorables could not be routed, and came back to it
 * every 40 s for ever. Here the config is stored by then, so it is let go; what was not delivered waits here.
 */
import type { Clock, Logger, PublishOutcome, WireMessage } from '@vedette/contract';
import type { Broker } from '@vedette/broker';

const WAIT_MS = 2_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

interface Waiting {
  readonly managerName: string;
  readonly message: WireMessage;
  /** Lets go of whoever waits: confirmed, tried in vain, or replaced by a newer one. */
  readonly letGo: () => void;
}

export class MonitorablesSender {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onConfirmed: () => void;
  /** By manager and routing key, oldest first. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #offLink: () => void;
  #isSending = false;
  #isStopped = false;
  #failures = 0;
  /** Keys that could not be delivered at the last try. */
  readonly #failing = new Set<string>();
  #cancelRetry: (() => void) | null = null;

  constructor(options: { broker: Broker; clock: Clock; logger: Logger; onConfirmed: () => void }) {
    this.#broker = options.broker;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onConfirmed = options.onConfirmed;
    this.#offLink = this.#broker.onLinkChanged(({ link }) => {
      if (link === 'connected') void this.#flush();
    });
  }

  /** Messages not confirmed yet. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when all are confirmed or were tried once, and after 2 s at the latest. Never rejects. */
  async send(managerName: string, messages: readonly WireMessage[]): Promise<void> {
    if (this.#isStopped) return;
    const done = messages.map(
      (message) =>
        new Promise<void>((resolve) => {
          this.#put({ managerName, message, letGo: resolve });
        }),
    );
    void this.#flush();
    await this.#inTime(Promise.all(done));
  }

  /** What waits is given up; the next start sends every list again. */
  stop(): void {
    this.#isStopped = true;
    this.#offLink();
    this.#cancelRetry?.();
    for (const { letGo } of this.#waiting.values()) letGo();
    this.#waiting.clear();
  }

  #put(waiting: Waiting): void {
    const key = JSON.stringify([waiting.managerName, waiting.message.routingKey]);
    this.#waiting.get(key)?.letGo();
    // Deleted first, so that it stands behind what came before it.
    this.#waiting.delete(key);
    this.#waiting.set(key, waiting);
  }

  /** One message at a time, so that the consumer sees them in order. A message that fails holds up no other. */
  async #flush(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#cancelRetry?.();
    const tried = new Set<Waiting>();
    for (let next = this.#next(tried); next !== null; next = this.#next(tried)) {
      tried.add(next[1]);
      await this.#sendOne(...next);
    }
    this.#isSending = false;
    if (this.#isStopped) return;
    this.#failures = this.#waiting.size === 0 ? 0 : this.#failures + 1;
    if (this.#failures === 0) return;
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LAST_RETRY_MS);
    this.#cancelRetry = this.#clock.after(delayMs, () => void this.#flush());
  }

  #next(tried: ReadonlySet<Waiting>): [string, Waiting] | null {
    for (const entry of this.#waiting) if (!tried.has(entry[1])) return entry;
    return null;
  }

  async #sendOne(key: string, waiting: Waiting): Promise<void> {
    const { managerName, message, letGo } = waiting;
    // Never kept by the broker as well: it would send an older list after a newer one.
    const outcome = await this.#broker.publish(message, { whenDown: 'drop', key: managerName });
    if (outcome === 'confirmed') {
      if (this.#waiting.get(key) === waiting) this.#waiting.delete(key);
      if (!this.#isStopped) this.#onConfirmed();
    }
    this.#tell(key, waiting, outcome);
    letGo();
  }

  /** Once when it begins to fail and once when it is over, not at every try. */
  #tell(key: string, { managerName, message: { routingKey } }: Waiting, outcome: PublishOutcome): void {
    const isHealed = outcome === 'confirmed';
    if (this.#isStopped || isHealed !== this.#failing.has(key)) return;
    if (isHealed) this.#failing.delete(key);
    else this.#failing.add(key);
    const sentence = isHealed
      ? 'Monitorables delivered after all'
      : 'Monitorables not delivered; the newest are kept and sent again';
    this.#logger.log(isHealed ? 'info' : 'warn', sentence, {
      component: 'monitorables',
      manager: managerName,
      routingKey,
      outcome,
    });
  }

  #inTime(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(WAIT_MS, resolve);
      void work.then(() => {
        cancel();
        resolve();
      });
    });
  }
}
