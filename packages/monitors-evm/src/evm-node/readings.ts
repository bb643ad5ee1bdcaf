/** What the two answers of a node say. Pure; tolerant of forms seen in the wild, never of nonsense. */
import { describeValue, isJsonObject, VedetteError } from '@vedette/contract';

export interface EvmReadings {
  readonly currentHeight: number;
  readonly isSyncing: boolean;
}

/** Hex text as the specification says; decimal text and plain integers are taken too. SOURCE_BAD_BODY. */
export function heightOf(result: unknown): number {
  const height =
    typeof result === 'string' && /^(0x[0-9a-f]+|\d+)$/i.test(result)
      ? Number(result)
      : typeof result === 'number'
        ? result
        : NaN;
  if (Number.isSafeInteger(height) && height >= 0) return height;
  throw new VedetteError(
    'SOURCE_BAD_BODY',
    `eth_blockNumber gave ${describeValue(result)}, which is no block number`,
  );
}

/** `false`, `true`, or an object of progress; an empty object is Python's false. SOURCE_BAD_BODY. */
export function syncingOf(result: unknown): boolean {
  if (typeof result === 'boolean') return result;
  if (isJsonObject(result)) return Object.keys(result).length > 0;
  throw new VedetteError(
    'SOURCE_BAD_BODY',
    `eth_syncing gave ${describeValue(result)}, which is no sync state`,
  );
}
