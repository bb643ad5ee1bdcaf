/** The address a Chainlink node sends from, out of its metrics: the first account of `eth_balance`. */
import { isVedetteError, VedetteError } from '@vedette/contract';
import { fetchMetrics, requireLabelled } from '@vedette/monitor';
import { addressOf } from './abi.js';

const WANTED = new Set(['eth_balance']);

export interface AddressTimeouts {
  /** For all pages of a node together. */
  readonly walkMs: number;
  readonly pageMs: number;
}

/** Page after page; a page that answers without the metric ends the walk. Rejects with the last page's error. */
export async function findAddress(
  node: { readonly name: string; readonly prometheusUrls: readonly string[]; readonly verifyTls: boolean },
  { walkMs, pageMs }: AddressTimeouts,
  signal: AbortSignal,
): Promise<string> {
  const { prometheusUrls: urls, verifyTls: isTlsVerified } = node;
  const endMs = performance.now() + walkMs;
  let last: unknown = new VedetteError('SOURCE_BAD_URL', `Node ${node.name} has no metrics page`);
  for (const [index, url] of urls.entries()) {
    // An equal share of what is left: early dead pages that fail fast leave more for the rest.
    const shareMs = Math.floor((endMs - performance.now()) / (urls.length - index));
    const timeoutMs = Math.max(1, Math.min(pageMs, shareMs));
    try {
      const page = await fetchMetrics({
        url,
        wanted: WANTED,
        isTlsVerified,
        timeoutMs,
        isKeptAlive: false,
        signal,
      });
      const account = requireLabelled(page, 'eth_balance').find(
        ({ labels }) => labels['account'] !== undefined,
      );
      const address = addressOf(account?.labels['account']);
      if (address !== null) return address;
      throw new VedetteError('SOURCE_METRIC_MISSING', `eth_balance of ${node.name} names no account`);
    } catch (error) {
      signal.throwIfAborted();
      if (isVedetteError(error, 'SOURCE_METRIC_MISSING') || !isVedetteError(error)) throw error;
      last = error;
    }
  }
  throw last;
}
