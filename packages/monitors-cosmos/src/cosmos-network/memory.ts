/** What the monitor keeps between rounds, as plain JSON. Promise: any old or foreign state is read safely. */
import { isJsonObject, textOf, type JsonValue } from '@vedette/contract';

export interface NetworkMemory {
  readonly syncingRoute: string | null;
  readonly proposalsRoute: string | null;
  /** The source that served last. */
  readonly source: string | null;
}

export function readMemory(state: JsonValue): NetworkMemory {
  const fields = isJsonObject(state) ? state : {};
  return {
    syncingRoute: textOf(fields['syncingRoute']),
    proposalsRoute: textOf(fields['proposalsRoute']),
    source: textOf(fields['source']),
  };
}

export function writeMemory(memory: NetworkMemory): JsonValue {
  return { ...memory };
}
