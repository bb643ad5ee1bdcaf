/** The manager's part of the broker: PANIC's exchanges and config queues unchanged, and our own queues. */
import { EXCHANGES, FAMILIES, FAMILY_NAMES, QUEUES, ROUTING_KEYS, type Family } from '@vedette/contract';
import type { QueueDeclaration, Topology } from '@vedette/broker';

const PANIC_EXCHANGES = [EXCHANGES.config, EXCHANGES.healthCheck, EXCHANGES.monitorable, EXCHANGES.rawData];

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

/**
 * PANIC's own: durable and without limit, so pings pile up while nobody consumes. Flags and bindings are
 * identical, here as below, or RabbitMQ answers 406 to us or to PANIC.
 */
export const HEARTBEAT_TOPOLOGY: Topology = {
  exchanges: PANIC_EXCHANGES,
  queues: FAMILY_NAMES.map((family) => ({
    name: FAMILIES[family].heartbeatQueue,
    bindings: [{ exchange: EXCHANGES.healthCheck, pattern: ROUTING_KEYS.ping }],
  })),
};

/** The config queue of one family, with PANIC's flags and bindings. */
export function configTopology(family: Family): Topology {
  const { configQueue, configKeys } = FAMILIES[family];
  const bindings = configKeys.map((pattern) => ({ exchange: EXCHANGES.config, pattern }));
  return { exchanges: PANIC_EXCHANGES, queues: [{ name: configQueue, bindings }] };
}

/** Where messages go that no manager can use. */
export const PARKING_TOPOLOGY: Topology = { exchanges: [EXCHANGES.parking], queues: [PARKING_QUEUE] };

/** All that config intake needs. */
export const CONFIG_TOPOLOGY: Topology = {
  exchanges: [...PANIC_EXCHANGES, EXCHANGES.parking],
  queues: [...FAMILY_NAMES.flatMap((family) => configTopology(family).queues), PARKING_QUEUE],
};

/** What the embedded broker needs so that results reach a queue. */
export const STAND_ALONE_TOPOLOGY: Topology = { exchanges: PANIC_EXCHANGES, queues: [RESULTS_QUEUE] };
