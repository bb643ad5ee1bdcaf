/** The manager's part of the broker: PANIC's exchanges and config queues unchanged, and our own queues. */
import { EXCHANGES, FAMILIES, FAMILY_NAMES, QUEUES, ROUTING_KEYS } from '@vedette/contract';
import type { QueueDeclaration, Topology } from '@vedette/broker';

const PANIC_EXCHANGES = [EXCHANGES.config, EXCHANGES.healthCheck, EXCHANGES.monitorable, EXCHANGES.rawData];

/** Pings: nobody needs them while no manager runs, so the queue goes with its consumer. */
const HEARTBEAT_QUEUE: QueueDeclaration = {
  name: QUEUES.heartbeat,
  durable: false,
  autoDelete: true,
  arguments: { 'x-max-length': 1 },
  bindings: [{ exchange: EXCHANGES.healthCheck, pattern: ROUTING_KEYS.ping }],
};

const PARKING_QUEUE: QueueDeclaration = {
  name: QUEUES.parking,
  arguments: { 'x-max-length': 10_000 },
  bindings: [{ exchange: EXCHANGES.parking, pattern: '#' }],
};

const RESULTS_QUEUE: QueueDeclaration = {
  name: QUEUES.results,
  durable: false,
  arguments: { 'x-max-length': 1_000 },
  bindings: [
    { exchange: EXCHANGES.rawData, pattern: '#' },
    { exchange: EXCHANGES.healthCheck, pattern: 'heartbeat.*' },
  ],
};

export const HEARTBEAT_TOPOLOGY: Topology = { exchanges: PANIC_EXCHANGES, queues: [HEARTBEAT_QUEUE] };

/** Identical flags and bindings, or RabbitMQ answers 406 to us or to PANIC. */
export const CONFIG_TOPOLOGY: Topology = {
  exchanges: [...PANIC_EXCHANGES, EXCHANGES.parking],
  queues: [
    ...FAMILY_NAMES.map((family) => ({
      name: FAMILIES[family].configQueue,
      bindings: FAMILIES[family].configKeys.map((pattern) => ({ exchange: EXCHANGES.config, pattern })),
    })),
    PARKING_QUEUE,
  ],
};

export const STAND_ALONE_TOPOLOGY: Topology = { exchanges: PANIC_EXCHANGES, queues: [RESULTS_QUEUE] };
