/** What the monitor keeps between rounds, as plain JSON. Promise: any old or foreign state is read safely. */
import { isJsonObject, numberOf, textOf, type JsonValue } from '@vedette/contract';
import type { CurrencyMemory } from './currency.js';

export interface ChainlinkMemory {
  readonly lastUrl: string | null;
  readonly currency: CurrencyMemory;
}

export function readMemory(state: JsonValue): ChainlinkMemory {
  const fields = isJsonObject(state) ? state : {};
  return {
    lastUrl: textOf(fields['lastUrl']),
    currency: {
      chainId: numberOf(fields['chainId']),
      symbol: textOf(fields['symbol']) ?? '',
      symbolAt: numberOf(fields['symbolAt']),
      triedAt: numberOf(fields['triedAt']),
    },
  };
}

export function writeMemory(lastUrl: string, currency: CurrencyMemory): JsonValue {
  return { lastUrl, ...currency };
}
