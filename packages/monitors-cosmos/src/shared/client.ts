/** GET requests of one round. Promise: none lasts beyond the budget they share. */
import { maskUrl, VedetteError } from '@vedette/contract';
import { httpRequest } from '@vedette/monitor';
import { parseBody, type Reply } from './reply.js';

export interface Timeouts {
  /** All requests of one source of a node together. Default 22,000: well below the limit of a round. */
  readonly budgetMs: number;
  /** One request. */
  readonly requestMs: number;
  /** One question whether a data source may be used. */
  readonly probeMs: number;
}

export const TIMEOUTS: Timeouts = { budgetMs: 22_000, requestMs: 10_000, probeMs: 4_000 };

export interface GetOptions {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Instead of {@link parseBody}. */
  readonly parse?: typeof parseBody;
}

export interface Client {
  readonly signal: AbortSignal;
  get(url: string, options?: GetOptions): Promise<Reply>;
  /** The same with a part of what is left of the budget. */
  within(part: number): Client;
  /** As long as `signal` is not aborted either. */
  until(signal: AbortSignal): Client;
}

/** What a small heap holds as text and as objects. */
const MAX_BYTES = 4 * 1024 * 1024;

export function createClient(settings: {
  readonly isTlsVerified: boolean;
  readonly signal: AbortSignal;
  readonly timeouts: Timeouts;
}): Client {
  return clientUntil(settings, performance.now() + settings.timeouts.budgetMs);
}

function clientUntil(settings: Parameters<typeof createClient>[0], endMs: number): Client {
  const { isTlsVerified, signal, timeouts } = settings;
  return {
    signal,
    async get(url, { timeoutMs = timeouts.requestMs, maxBytes = MAX_BYTES, parse = parseBody } = {}) {
      const leftMs = Math.floor(endMs - performance.now());
      if (leftMs < 1) {
        const text = `${maskUrl(url)} was not asked: the time of the round is used up`;
        throw new VedetteError('SOURCE_TIMEOUT', text, { details: { url: maskUrl(url) } });
      }
      const response = await httpRequest({
        url,
        isTlsVerified,
        signal,
        maxBytes,
        timeoutMs: Math.max(1, Math.min(timeoutMs, leftMs)),
      });
      return { url, status: response.status, json: parse(response.body, url) };
    },
    within(part) {
      const now = performance.now();
      return clientUntil(settings, now + (endMs - now) * part);
    },
    until(other) {
      return clientUntil({ ...settings, signal: AbortSignal.any([signal, other]) }, endMs);
    },
  };
}

/** Base URLs may end in a slash, and may carry a key in their query. */
export function urlOf(
  base: string,
  path: string,
  query: Readonly<Record<string, string | number>> = {},
): string {
  const [head = '', ...rest] = base.split('?');
  const asked = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  const all = [...rest, ...asked].filter((part) => part !== '').join('&');
  return `${head.replace(/\/+$/, '')}${path}${all === '' ? '' : `?${all}`}`;
}
