/**
 * Consumes PANIC's six config queues in order of arrival; only writes to disk overlap. A message is acknowledged
 * when its wanted set is stored, or when it is parked; never before, and never redelivered for ever.
 */
import {
  EXCHANGES,
  FAMILIES,
  FAMILY_NAMES,
  QUEUES,
  serialiseError,
  type Clock,
  type Family,
  type Logger,
  type Refusal,
} from '@vedette/contract';
import type { Broker, Delivery, Subscription } from '@vedette/broker';
import { configTopology, PARKING_TOPOLOGY } from '../topology.js';
import { pause, untilDone } from '../pause.js';
import type { ConfigSink, ConfigSource } from './config-source.js';
import type { Place } from './places.js';

const PREFETCH = 20;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

export class RabbitSource implements ConfigSource {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #subscriptions: Subscription[] = [];
  readonly #stopping = new AbortController();
  readonly #settling = new Set<Promise<void>>();
  #isEachQueueTried = false;
  #unsettled = 0;
  #unsubscribe: () => void = () => undefined;

  constructor(options: { broker: Broker; clock: Clock; logger: Logger }) {
    this.#broker = options.broker;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Does not wait for the broker: what was stored runs meanwhile. */
  start(sink: ConfigSink): Promise<void> {
    this.#unsubscribe = this.#broker.onLinkChanged(() => {
      this.#report(sink);
    });
    this.#report(sink);
    void this.#consumeAll(sink);
    return Promise.resolve();
  }

  /** A queue that is refused, for example with other flags than PANIC's, holds up no other. */
  async #consumeAll(sink: ConfigSink): Promise<void> {
    void this.#untilDone(QUEUES.parking, () => this.#broker.declare(PARKING_TOPOLOGY));
    const firstTries = FAMILY_NAMES.map(
      (family) =>
        new Promise<void>((resolve) => {
          const consume = (): Promise<void> => this.#consume(sink, family).finally(resolve);
          void this.#untilDone(FAMILIES[family].configQueue, consume);
        }),
    );
    await Promise.all(firstTries);
    this.#isEachQueueTried = true;
    this.#report(sink);
  }

  #untilDone(queue: string, work: () => Promise<void>): Promise<void> {
    return untilDone(work, {
      clock: this.#clock,
      signal: this.#stopping.signal,
      onFailure: (error) => {
        const fields = { component: 'config', queue, err: serialiseError(error) };
        this.#logger.log('error', 'A queue cannot be used, tried again', fields);
      },
    });
  }

  async #consume(sink: ConfigSink, family: Family): Promise<void> {
    const { configQueue } = FAMILIES[family];
    await this.#broker.declare(configTopology(family));
    const subscription = await this.#broker.consume(configQueue, { prefetch: PREFETCH }, (delivery) => {
      this.#unsettled += 1;
      this.#report(sink);
      const place = sink.enter(family, delivery.routingKey);
      const settled = this.#settle(sink, family, delivery, place).then(() => {
        place.leave();
        this.#settling.delete(settled);
        this.#unsettled -= 1;
        this.#report(sink);
      });
      this.#settling.add(settled);
    });
    if (this.#stopping.signal.aborted) await subscription.cancel();
    else this.#subscriptions.push(subscription);
  }

  #report(sink: ConfigSink): void {
    // While the link is down a queue is only remembered; it is consumed before the link is said to be up.
    const isUp = this.#broker.link === 'connected' || this.#broker.link === 'blocked';
    const isReading = isUp && this.#isEachQueueTried && !this.#stopping.signal.aborted;
    sink.reportIntake({ isReading, unsettled: this.#unsettled });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#unsubscribe();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.cancel()));
    await Promise.all(this.#settling);
  }

  /** Never rejects: a failure here must not stop the messages behind. */
  async #settle(sink: ConfigSink, family: Family, delivery: Delivery, place: Place): Promise<void> {
    for (let delayMs = FIRST_RETRY_MS; !this.#stopping.signal.aborted;) {
      try {
        const verdict = await sink.acceptMessage(family, delivery.routingKey, delivery.content, place);
        if (verdict.isTaken || (await this.#park(family, delivery, verdict.refusals))) {
          delivery.ack();
          return;
        }
        if (this.#broker.link !== 'connected') return; // the broker delivers it again
      } catch (error) {
        this.#logger.log('error', 'Config not acknowledged: it could not be stored', {
          component: 'config',
          routingKey: delivery.routingKey,
          err: serialiseError(error),
        });
        place.letPass();
      }
      await pause(this.#clock, delayMs, this.#stopping.signal);
      delayMs = Math.min(delayMs * 2, LAST_RETRY_MS);
    }
  }

  async #park(family: Family, delivery: Delivery, refusals: readonly Refusal[]): Promise<boolean> {
    const text = delivery.content.toString('utf8');
    const isText = Buffer.from(text, 'utf8').equals(delivery.content);
    const [reason] = refusals;
    const outcome = await this.#broker.publish(
      {
        exchange: EXCHANGES.parking,
        routingKey: delivery.routingKey === '' ? 'empty' : delivery.routingKey,
        content: isText ? text : delivery.content.toString('base64'),
      },
      {
        whenDown: 'drop',
        headers: {
          'x-vedette-code': reason?.code ?? 'CONFIG_INVALID_FIELD',
          'x-vedette-reason': reason?.reason ?? 'refused',
          'x-vedette-queue': FAMILIES[family].configQueue,
          'x-vedette-encoding': isText ? 'utf-8' : 'base64',
        },
      },
    );
    return outcome === 'confirmed';
  }
}
