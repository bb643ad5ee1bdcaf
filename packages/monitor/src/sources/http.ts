/** Every outgoing request: one deadline in all, a size limit, no redirect to another host. */
import { maskUrl, reentry, VedetteError } from '@vedette/contract';
import { exchange, closeAgents, type Answer, type Target } from './http-exchange.js';
import { targetOf } from './http-target.js';

export interface HttpRequest {
  /** http: or https:. User info in it is sent as Basic authorisation and shown nowhere. */
  readonly url: string;
  /** Default GET. */
  readonly method?: 'GET' | 'POST';
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the call to the last byte of the body, redirects included. Default 10,000. */
  readonly timeoutMs?: number;
  /** Bytes of the body after decoding. Default 8 MiB. */
  readonly maxBytes?: number;
  /**
   * Offer gzip. Default false: inflating costs a thread about 0.5 MB, which pays only for large answers
   * over a slow line.
   */
  readonly isCompressed?: boolean;
  /** Default true. PANIC does not verify the certificates of node-side sources. */
  readonly isTlsVerified?: boolean;
  /** Reuse the connection between requests. Default true. */
  readonly isKeptAlive?: boolean;
  /**
   * The request may be sent a second time if the server closed a kept-alive connection before it
   * answered. Default: true for GET. Set it for reads that travel as POST, such as JSON-RPC queries.
   */
  readonly isRepeatable?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decoded. */
  readonly body: Buffer;
  /** After redirects, without user info. */
  readonly url: string;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;
const MAX_REDIRECTS = 5;

/**
 * Any status is an answer. Rejects with VedetteError: SOURCE_BAD_URL (no or foreign scheme, no host),
 * SOURCE_UNREACHABLE (DNS, refused, TLS, reset before headers), SOURCE_TIMEOUT (deadline),
 * SOURCE_READ_FAILED (broken off or malformed body), SOURCE_TOO_LARGE, SOURCE_REDIRECT_REFUSED (to
 * another scheme, host or port, or more than five). An aborted `signal` rejects with its reason.
 */
export async function httpRequest(request: HttpRequest): Promise<HttpResponse> {
  const goOn = reentry();
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const shownUrl = maskUrl(request.url);
  const target = targetOf(request);
  // One controller for both ends of a request's life, so an exchange has one thing to listen to.
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const text = `${shownUrl} did not answer within ${timeoutMs} ms`;
    controller.abort(new VedetteError('SOURCE_TIMEOUT', text, { details: { url: shownUrl, timeoutMs } }));
  }, timeoutMs);
  const onAbort = (): void => {
    controller.abort(request.signal?.reason);
  };
  request.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    request.signal?.throwIfAborted();
    return await follow(target, shownUrl, request.maxBytes ?? DEFAULT_MAX_BYTES, controller.signal);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
    goOn();
  }
}

/** Ends all kept-alive sockets. A thread exits without it too: idle sockets hold nothing back. */
export function closeHttp(): void {
  closeAgents();
}

async function follow(
  first: Target,
  shownUrl: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let target = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer: Answer = await exchange(target, shownUrl, maxBytes, signal);
    if (answer.location === null) {
      return { status: answer.status, headers: answer.headers, body: answer.body, url: target.href };
    }
    target = redirected(target, answer.status, answer.location, shownUrl);
  }
  throw refused(shownUrl, `redirects more than ${MAX_REDIRECTS} times`);
}

function redirected(from: Target, status: number, location: string, shownUrl: string): Target {
  let url: URL;
  try {
    url = new URL(location, from.href);
  } catch {
    throw refused(shownUrl, 'redirects to an address that cannot be read');
  }
  if (url.origin !== from.origin) throw refused(shownUrl, `redirects to ${maskUrl(url.origin)}`);
  url.username = '';
  url.password = '';
  url.hash = '';
  const path = `${url.pathname}${url.search}`;
  // 307 and 308 repeat the request; after the older three, browsers and Python ask with GET.
  if (status >= 307 || from.method === 'GET') return { ...from, path, href: url.href };
  const headers = { ...from.headers };
  delete headers['content-type'];
  delete headers['content-length'];
  return { ...from, path, href: url.href, method: 'GET', headers, body: undefined };
}

function refused(shownUrl: string, what: string): VedetteError {
  return new VedetteError('SOURCE_REDIRECT_REFUSED', `${shownUrl} ${what}`, { details: { url: shownUrl } });
}
