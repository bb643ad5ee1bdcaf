/** One publish on its way. Promise: its promise settles once; each send of it is reported once. */
import type { Clock, PublishOutcome, WireMessage } from '@vedette/contract';
import type { PublishOptions } from '../broker.js';
import { outboxKey } from '../outbox.js';

export class AmqpPublish {
  readonly message: WireMessage;
  readonly options: PublishOptions;
  /** For the caller; a kept message settles it with `deferred` and is reported again when it was sent. */
  readonly outcome: Promise<PublishOutcome>;
  /** How often it was unconfirmed when its channel ended: one that ends channels must not go on for ever. */
  strikes = 0;
  readonly #report: (publish: AmqpPublish, outcome: PublishOutcome) => void;
  #resolve: (outcome: PublishOutcome) => void = () => undefined;
  #cancelTimer: () => void = () => undefined;
  #isPending = false;
  #hasSettled = false;

  constructor(
    message: WireMessage,
    options: PublishOptions,
    report: (publish: AmqpPublish, outcome: PublishOutcome) => void,
  ) {
    // A lone surrogate changes on its way through UTF-8; a return would no longer equal what was sent.
    this.message = message.content.isWellFormed()
      ? message
      : { ...message, content: Buffer.from(message.content).toString() };
    this.options = options;
    this.#report = report;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isKept(): boolean {
    return this.options.whenDown !== 'drop';
  }

  get outboxKey(): string {
    return outboxKey(this.message.exchange, this.message.routingKey, this.options.key ?? '');
  }

  /** False after its outcome was reported, until it is sent again. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** True if nothing was reported since it was made or last sent. */
  get isUnreported(): boolean {
    return this.#isPending || !this.#hasSettled;
  }

  begin(clock: Clock, timeoutMs: number, onTimeout: () => void): void {
    this.#cancelTimer();
    this.#isPending = true;
    this.#cancelTimer = clock.after(timeoutMs, onTimeout);
  }

  /** Reports an outcome of a message that is pending or was never begun. */
  settle(outcome: PublishOutcome): void {
    this.#cancelTimer();
    this.#isPending = false;
    this.#hasSettled = true;
    this.#resolve(outcome);
    this.#report(this, outcome);
  }
}
