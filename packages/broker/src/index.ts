export { AmqpBroker, type AmqpBrokerOptions } from './amqp/amqp-broker.js';
export { AmqpPublisher, type AmqpPublisherOptions } from './amqp/amqp-publisher.js';
export {
  inspectBroker,
  type BrokerInspection,
  type InspectedPart,
  type InspectedQueue,
  type InspectOptions,
  type PartState,
} from './amqp/inspect-broker.js';
export { parseBrokerUrl } from './broker-url.js';
export type {
  Binding,
  Broker,
  ConsumeOptions,
  Delivery,
  LinkChange,
  Lock,
  Locks,
  LockWord,
  Publisher,
  PublishOptions,
  QueueDeclaration,
  Subscription,
  Topology,
} from './broker.js';
export { createBroker, type BrokerContext } from './connect.js';
export { DEFAULT_CONFIRM_TIMEOUT_MS, DEFAULT_HEARTBEAT_SECONDS } from './defaults.js';
export { EmbeddedBroker, type EmbeddedBrokerOptions } from './embedded/embedded-broker.js';
export { EmbeddedClient, type EmbeddedClientOptions } from './embedded/embedded-client.js';
