/** The names of what is measured; without the code that runs it. */
export const KINDS = ['chainlink-node', 'system', 'evm-node', 'cosmos-node', 'cosmos-network'] as const;
export type Kind = (typeof KINDS)[number];

/** The least a worker thread can be: empty, and with amqplib and one live connection. */
export const FLOORS = ['empty', 'amqp'] as const;
export type Floor = (typeof FLOORS)[number];

export type WorkerCase = Floor | Kind;
