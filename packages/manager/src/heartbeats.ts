/** Answers each ping of PANIC's health checker with one heartbeat that names the living and the dead. */
import {
  EXCHANGES,
  MANAGER_NAME,
  managerHeartbeat,
  QUEUES,
  ROUTING_KEYS,
  serialiseError,
  wireJson,
  type Clock,
  type Logger,
} from '@vedette/contract';
import type { Broker, Subscription } from '@vedette/broker';
import { HEARTBEAT_TOPOLOGY } from './topology.js';

/** What a heartbeat says, taken at the moment of the ping. */
export interface Roll {
  /** Component names of monitors whose work loop moves. */
  readonly running: readonly string[];
  /** Found dead, hung or failed since the last answer, although most run again already. */
  readonly dead: readonly string[];
}

export class Heartbeats {
  #subscription: Subscription | null = null;

  constructor(
    private readonly options: {
      broker: Broker;
      clock: Clock;
      logger: Logger;
      /** Called once per ping. */
      takeRoll: () => Roll;
    },
  ) {}

  async start(): Promise<void> {
    const { broker } = this.options;
    await broker.declare(HEARTBEAT_TOPOLOGY);
    this.#subscription = await broker.consume(QUEUES.heartbeat, { prefetch: 1, autoAck: true }, () => {
      void this.send();
    });
  }

  async stop(): Promise<void> {
    await this.#subscription?.cancel();
  }

  /** One heartbeat now; never rejects. */
  async send(): Promise<void> {
    const { broker, clock, logger, takeRoll } = this.options;
    try {
      const { running, dead } = takeRoll();
      const body = managerHeartbeat(MANAGER_NAME, running, dead, clock.now());
      const outcome = await broker.publish(
        {
          exchange: EXCHANGES.healthCheck,
          routingKey: ROUTING_KEYS.managerHeartbeat,
          content: wireJson(body),
        },
        { whenDown: 'drop', key: MANAGER_NAME },
      );
      if (outcome !== 'confirmed') {
        logger.log('debug', 'Heartbeat not delivered', { component: 'heartbeat', outcome });
      }
    } catch (error) {
      logger.log('error', 'Heartbeat failed', { component: 'heartbeat', err: serialiseError(error) });
    }
  }
}
