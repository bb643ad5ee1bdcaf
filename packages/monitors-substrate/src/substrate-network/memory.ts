/** What the monitor keeps between rounds, as plain JSON. Promise: any old or foreign state is read safely. */
import { isJsonObject, type JsonObject, type JsonValue } from '@vedette/contract';

export interface NetworkMemory {
  /** Data source that answered last. */
  readonly lastUrl: string | null;
  /** Hash of block 0 of the chain all this is about. */
  readonly genesis: string | null;
  /** Referenda that are over, as published; they never change. */
  readonly finished: Readonly<Record<string, JsonValue>>;
}

/** Many times what any chain has held. */
const MOST_FINISHED = 2_000;

export function readMemory(state: JsonValue): NetworkMemory {
  const fields = isJsonObject(state) ? state : {};
  const { lastUrl, genesis, finished } = fields;
  return {
    lastUrl: typeof lastUrl === 'string' ? lastUrl : null,
    genesis: typeof genesis === 'string' ? genesis : null,
    finished: isJsonObject(finished) ? wellFormed(finished) : {},
  };
}

export function writeMemory(memory: NetworkMemory): JsonValue {
  return { ...memory } as unknown as JsonObject;
}

/** The newest are kept: consumers ask for all, but a missing one only costs a request. */
export function remember(referenda: Readonly<Record<string, JsonValue>>): NetworkMemory['finished'] {
  return Object.fromEntries(
    Object.entries(referenda)
      .filter(([, info]) => isJsonObject(info) && 'finished' in info)
      .slice(-MOST_FINISHED),
  );
}

function wellFormed(finished: JsonObject): NetworkMemory['finished'] {
  const entries = Object.entries(finished).flatMap(([index, info]) => {
    const over = isJsonObject(info) ? info['finished'] : null;
    const isGood =
      /^\d+$/.test(index) &&
      isJsonObject(over) &&
      typeof over['approved'] === 'boolean' &&
      Number.isSafeInteger(over['end']);
    return isGood ? [[index, info] as const] : [];
  });
  return Object.fromEntries(entries.slice(-MOST_FINISHED)) as NetworkMemory['finished'];
}
