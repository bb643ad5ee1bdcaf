/**
 * The symbol of a chain's native currency: a small table first, then a public list, asked rarely.
 * Promise: a look-up never fails a round and never takes a known symbol away.
 */
import { isJsonObject, type JsonValue } from '@vedette/contract';

/** As chainid.network lists them, so that no outside request is needed for the usual chains. */
const KNOWN: Readonly<Record<number, string>> = {
  1: 'ETH',
  10: 'ETH',
  25: 'CRO',
  30: 'RBTC',
  56: 'BNB',
  100: 'XDAI',
  128: 'HT',
  137: 'POL',
  250: 'FTM',
  324: 'ETH',
  1088: 'METIS',
  1284: 'GLMR',
  1285: 'MOVR',
  2222: 'KAVA',
  8453: 'ETH',
  42161: 'ETH',
  42220: 'CELO',
  43114: 'AVAX',
  59144: 'ETH',
  534352: 'ETH',
  1666600000: 'ONE',
  11155111: 'ETH',
};

export const REFRESH_MS = 24 * 3_600_000;
export const RETRY_MS = 10 * 60_000;

/** What is remembered between rounds; plain JSON, all times epoch milliseconds. */
export interface CurrencyMemory {
  readonly chainId: number | null;
  /** Empty while unknown. */
  readonly symbol: string;
  /** Last success. */
  readonly symbolAt: number | null;
  /** Last look-up, successful or not. */
  readonly triedAt: number | null;
}

export const NO_CURRENCY: CurrencyMemory = { chainId: null, symbol: '', symbolAt: null, triedAt: null };

/** What to do about the symbol in this round. */
export type CurrencyPlan = { readonly use: string } | { readonly lookUp: number; readonly otherwise: string };

export function planCurrency(
  chainId: number | null,
  memory: CurrencyMemory,
  nowMs: number,
  isLookupOn: boolean,
): CurrencyPlan {
  if (chainId === null) return { use: memory.symbol };
  const known = Object.hasOwn(KNOWN, chainId) ? KNOWN[chainId] : undefined;
  if (known !== undefined) return { use: known };
  const isSameChain = memory.chainId === chainId;
  const symbol = isSameChain ? memory.symbol : '';
  const isFresh = symbol !== '' && memory.symbolAt !== null && within(memory.symbolAt, nowMs, REFRESH_MS);
  const isTooSoon = isSameChain && memory.triedAt !== null && within(memory.triedAt, nowMs, RETRY_MS);
  return !isLookupOn || isFresh || isTooSoon ? { use: symbol } : { lookUp: chainId, otherwise: symbol };
}

/** `symbol` null: the look-up failed; the old symbol of that chain stays. */
export function rememberCurrency(
  memory: CurrencyMemory,
  chainId: number,
  symbol: string | null,
  nowMs: number,
): CurrencyMemory {
  if (symbol !== null) return { chainId, symbol, symbolAt: nowMs, triedAt: nowMs };
  return { ...(memory.chainId === chainId ? memory : NO_CURRENCY), chainId, triedAt: nowMs };
}

/** The symbol of one chain in the text of chains_mini.json; null when it is not there. Throws on text that is no JSON. */
export function symbolIn(text: string, chainId: number): string | null {
  const chains = JSON.parse(text) as JsonValue;
  if (!Array.isArray(chains)) return null;
  for (const chain of chains) {
    if (!isJsonObject(chain) || chain['chainId'] !== chainId) continue;
    const currency = chain['nativeCurrency'];
    const symbol = isJsonObject(currency) ? currency['symbol'] : null;
    return typeof symbol === 'string' && symbol !== '' && symbol.length <= 40 ? symbol : null;
  }
  return null;
}

/** A clock that was set back must not freeze the symbol for ever. */
function within(sinceMs: number, nowMs: number, spanMs: number): boolean {
  return sinceMs <= nowMs && nowMs - sinceMs < spanMs;
}
