/** The names of what is measured; without the code that runs it. */
export const KINDS = [
  'chainlink-node',
  'system',
  'evm-node',
  'cosmos-node',
  'cosmos-network',
  'github',
  'dockerhub',
  'substrate-node',
  'substrate-network',
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that hold a chain's metadata: several times the others, so they are measured in smaller numbers. */
export const HEAVY_KINDS: readonly Kind[] = ['substrate-node', 'substrate-network'];

/** The least a worker thread can be: empty, and with amqplib and one live connection. */
export const FLOORS = ['empty', 'amqp'] as const;
export type Floor = (typeof FLOORS)[number];

export type WorkerCase = Floor | Kind;
