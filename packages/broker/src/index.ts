export type {
  Binding,
  Broker,
  ConsumeOptions,
  Delivery,
  LinkChange,
  Publisher,
  PublishOptions,
  QueueDeclaration,
  Subscription,
  Topology,
} from './broker.js';
