/** Where the fetched counterparts are, absolute paths. */
export const counterparts: {
  readonly chopsticks: string;
  readonly polkadotSpec: string;
  readonly rococoSpec: string;
};
export function ensureCounterparts(say?: (line: string) => void): Promise<boolean>;
