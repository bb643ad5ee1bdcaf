/**
 * Consumes PANIC's six config queues, one message at a time in order. A message is acknowledged when its
 * wanted set is stored, or when it is parked; never before, and never redelivered for ever.
 */
import {
  EXCHANGES,
  FAMILIES,
  FAMILY_NAMES,
  serialiseError,
  type Clock,
  type Family,
  type Logger,
  type Refusal,
} from '@vedette/contract';
import type { Broker, Delivery, Subscription } from '@vedette/broker';
import { CONFIG_TOPOLOGY } from '../topology.js';
import type { ConfigSink, ConfigSource } from './config-source.js';

const PREFETCH = 20;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

export class RabbitSource implements ConfigSource {
  readonly #broker: Broker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #subscriptions: Subscription[] = [];
  readonly #stopping = new AbortController();
  /** All six queues in one line: the store and the diff see one message at a time. */
  #line: Promise<void> = Promise.resolve();

  constructor(options: { broker: Broker; clock: Clock; logger: Logger }) {
    this.#broker = options.broker;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Does not wait for the broker: what was stored runs meanwhile. */
  start(sink: ConfigSink): Promise<void> {
    this.#consume(sink).catch((error: unknown) => {
      this.#logger.log('error', 'Config queues cannot be consumed', {
        component: 'config',
        err: serialiseError(error),
      });
    });
    return Promise.resolve();
  }

  async #consume(sink: ConfigSink): Promise<void> {
    await this.#broker.declare(CONFIG_TOPOLOGY);
    for (const family of FAMILY_NAMES) {
      const subscription = await this.#broker.consume(
        FAMILIES[family].configQueue,
        { prefetch: PREFETCH },
        (delivery) => {
          this.#line = this.#line.then(() => this.#settle(sink, family, delivery));
        },
      );
      this.#subscriptions.push(subscription);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.cancel()));
    await this.#line;
  }

  /** Never rejects: a failure here must not stop the messages behind. */
  async #settle(sink: ConfigSink, family: Family, delivery: Delivery): Promise<void> {
    for (let delayMs = FIRST_RETRY_MS; !this.#stopping.signal.aborted;) {
      try {
        const verdict = await sink.acceptMessage(family, delivery.routingKey, delivery.content);
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
      }
      await this.#pause(delayMs);
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

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#stopping.signal.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.#clock.after(delayMs, wake);
      this.#stopping.signal.addEventListener('abort', wake);
    });
  }
}
