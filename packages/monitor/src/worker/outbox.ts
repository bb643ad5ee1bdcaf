/** Hands a round's messages to the broker, then says the worker is alive, but only if they were taken. */
import {
  EXCHANGES,
  ROUTING_KEYS,
  VedetteError,
  wireJson,
  workerHeartbeat,
  type Clock,
  type ErrorCode,
  type PublishCounts,
  type PublishOutcome,
  type WireMessage,
} from '@vedette/contract';
import type { Publisher } from '@vedette/broker';
import type { Log } from './context.js';
import type { Pulse } from './pulse.js';

const REFUSALS: Partial<Record<PublishOutcome, readonly [code: ErrorCode, text: string]>> = {
  unroutable: ['BROKER_UNROUTABLE', 'reached no queue'],
  nacked: ['BROKER_NACKED', 'was refused by the broker'],
  timeout: ['BROKER_CONFIRM_TIMEOUT', 'was not confirmed in time'],
  dropped: ['BROKER_CLOSED', 'was dropped: the link is closed'],
};

const OVERTIME_MS = 1_000;

export interface OutboxParts {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly pulse: Pulse;
  readonly componentName: string;
  /** Epoch milliseconds for the heartbeat. */
  readonly now: () => number;
  readonly clock: Clock;
  /** The publisher settles within this; the outbox waits a little longer and then no more. */
  readonly confirmTimeoutMs: number;
  /** Monotonic instant that ends every wait early: the deadline of a stop. */
  readonly stopBy: () => number;
  readonly log: Log;
}

/** What became of messages handed over. */
export interface Delivered {
  /** Of the first that was not taken. */
  readonly error: VedetteError | null;
  readonly publishes: PublishCounts;
}

const NOTHING: Delivered = { error: null, publishes: {} };

export class Outbox {
  readonly #parts: OutboxParts;
  /** Rounds in a row, per kind of message, that the broker did not take. */
  readonly #refused = { 'raw data': 0, heartbeat: 0 };

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** `error` is null if the broker took all, or keeps them for its return. Never rejects. */
  async deliver(messages: readonly WireMessage[]): Promise<Delivered> {
    const delivered = messages.length === 0 ? NOTHING : await this.#send('raw data', messages);
    if (delivered.error !== null) return delivered;
    const heartbeat = wireJson(workerHeartbeat(this.#parts.componentName, this.#parts.now()));
    await this.#send('heartbeat', [
      { exchange: EXCHANGES.healthCheck, routingKey: ROUTING_KEYS.workerHeartbeat, content: heartbeat },
    ]);
    return delivered;
  }

  async #send(what: 'raw data' | 'heartbeat', messages: readonly WireMessage[]): Promise<Delivered> {
    const { publisher, pulse, componentName, clock, confirmTimeoutMs, stopBy } = this.#parts;
    const options = { whenDown: 'keep-newest', key: componentName } as const;
    // All at once, in order: one channel keeps their order and one confirm timeout bounds them all.
    const watched = messages.map((message) => pulse.watch(() => publisher.publish(message, options)));
    const confirmedBy = clock.monotonic() + confirmTimeoutMs + OVERTIME_MS;
    await pulse.until(
      () => watched.every((one) => one.outcome !== null),
      () => Math.min(confirmedBy, stopBy()),
    );
    const outcomes = watched.map(({ outcome }): PublishOutcome =>
      outcome?.isOk === true ? outcome.value : 'timeout',
    );
    const publishes = countsOf(outcomes);
    for (const [index, settled] of outcomes.entries()) {
      const refusal = REFUSALS[settled];
      if (refusal === undefined) continue;
      const error = new VedetteError(refusal[0], `a ${what} message ${refusal[1]}`, {
        details: { routingKey: messages[index]?.routingKey ?? '', outcome: settled },
      });
      this.#note(what, error);
      return { error, publishes };
    }
    this.#note(what, null);
    return { error: null, publishes };
  }

  /** One line when it begins and one when it is over; in between it is counted. */
  #note(what: 'raw data' | 'heartbeat', error: VedetteError | null): void {
    const before = this.#refused[what];
    this.#refused[what] = error === null ? 0 : before + 1;
    if (error !== null && before === 0) {
      this.#parts.log('warn', `broker did not take ${what}`, { ...error.details, code: error.code });
    }
    if (error === null && before > 0) {
      this.#parts.log('info', `broker takes ${what} again`, { missedRounds: before });
    }
  }
}

function countsOf(outcomes: readonly PublishOutcome[]): PublishCounts {
  const counts: Partial<Record<PublishOutcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
