/**
 * Which EVM node serves a round: the last good one, else the first in the configured order that answers and is
 * synced. Promise: two waits at most, however many nodes there are.
 */
import { isJsonObject, type JsonValue } from '@vedette/contract';
import { JsonRpcSource, mapBounded } from '@vedette/monitor';
import { quantityOf } from './abi.js';

export interface EvmNode {
  readonly source: JsonRpcSource;
  readonly height: number;
}

export interface EvmTimeouts {
  readonly probeMs: number;
  readonly requestMs: number;
  /** For the whole round, probes included. */
  readonly budgetMs: number;
}

const PROBE = [
  { method: 'eth_syncing', params: [] },
  { method: 'eth_blockNumber', params: [] },
] as const;
const MAX_PROBES = 8;

export async function chooseEvmNode(
  urls: readonly string[],
  known: { readonly last: string | null; readonly single: readonly string[] },
  { probeMs, requestMs, budgetMs }: EvmTimeouts,
  signal: AbortSignal,
): Promise<EvmNode | null> {
  const begunMs = performance.now();
  const probe = async (url: string): Promise<EvmNode | null> => {
    const isBatched = !known.single.includes(url);
    const asked = new JsonRpcSource({ url, signal, requestMs: probeMs, budgetMs: 2 * probeMs, isBatched });
    const [syncing, block] = await asked.ask(PROBE);
    if (syncing === undefined || 'error' in syncing || block === undefined || 'error' in block) return null;
    const height = quantityOf(block.result);
    if (!isSynced(syncing.result) || height === null) return null;
    const restMs = budgetMs - (performance.now() - begunMs);
    const options = { url, signal, requestMs, budgetMs: restMs, isBatched: asked.isBatched };
    return { source: new JsonRpcSource(options), height };
  };
  if (known.last !== null && urls.includes(known.last)) {
    const still = await probe(known.last);
    if (still !== null) return still;
  }
  const others = urls.filter((url) => url !== known.last);
  const found = await mapBounded(others, MAX_PROBES, signal, probe);
  return found.find((node) => node !== null) ?? null;
}

/** An empty object is Python's false. */
function isSynced(result: JsonValue): boolean {
  return result === false || (isJsonObject(result) && Object.keys(result).length === 0);
}
