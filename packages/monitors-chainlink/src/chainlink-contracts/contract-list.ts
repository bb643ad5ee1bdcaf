/** The list of a chain's feeds, as wei-watchers publishes it. */
import { isJsonObject, maskUrl, VedetteError, type JsonValue } from '@vedette/contract';
import { fetchJson } from '@vedette/monitor';
import { addressOf } from './abi.js';

export interface Feed {
  /** The feed as users know it; its key in messages. */
  readonly proxy: string;
  /** The aggregator the list names; its oracles say who takes part. */
  readonly aggregator: string;
  readonly version: 3 | 4;
}

const MAX_FEEDS = 5_000;

/** Rejects with the codes of `httpRequest`, and SOURCE_HTTP_STATUS or SOURCE_BAD_BODY. */
export async function fetchFeeds(url: string, timeoutMs: number, signal: AbortSignal): Promise<Feed[]> {
  const { status, value } = await fetchJson({
    url,
    timeoutMs,
    isKeptAlive: false,
    isCompressed: true,
    signal,
  });
  const shown = maskUrl(url);
  const details = { url: shown, status };
  if (status < 200 || status > 299) {
    throw new VedetteError('SOURCE_HTTP_STATUS', `${shown} answered with HTTP ${String(status)}`, {
      details,
    });
  }
  if (!Array.isArray(value)) {
    throw new VedetteError('SOURCE_BAD_BODY', `${shown} did not answer with a list of contracts`, {
      details,
    });
  }
  const feeds = feedsOf(value);
  if (feeds.length === 0 && value.some((one) => !isForeign(one))) {
    throw new VedetteError('SOURCE_BAD_BODY', `${shown} named no contract that can be used`, { details });
  }
  return feeds;
}

/** Each proxy once, in the list's order. Entries without addresses and foreign versions are passed over. */
export function feedsOf(list: readonly JsonValue[]): Feed[] {
  const feeds = new Map<string, Feed>();
  for (const one of list) {
    if (!isJsonObject(one) || feeds.size >= MAX_FEEDS) continue;
    const proxy = addressOf(one['proxyAddress']);
    const aggregator = addressOf(one['contractAddress']);
    const version = Number(one['contractVersion']);
    if (proxy === null || aggregator === null || (version !== 3 && version !== 4)) continue;
    if (!feeds.has(proxy)) feeds.set(proxy, { proxy, aggregator, version });
  }
  return [...feeds.values()];
}

/** A whole entry of a version that is not ours to watch. */
function isForeign(one: JsonValue): boolean {
  if (!isJsonObject(one)) return false;
  const version = one['contractVersion'];
  return typeof version === 'number' && version !== 3 && version !== 4;
}
