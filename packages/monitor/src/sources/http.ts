/** Every outgoing request: one deadline in all, a size limit, no redirect to another host. */

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the call to the last byte of the body. Default 10,000. */
  readonly timeoutMs?: number;
  /** Bytes of the body after decoding. Default 8 MiB. */
  readonly maxBytes?: number;
  /** Default true. PANIC does not verify the certificates of node-side sources. */
  readonly isTlsVerified?: boolean;
  /** Reuse the connection between requests. Default true. */
  readonly isKeptAlive?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** After redirects. */
  readonly url: string;
}

/**
 * Any status is an answer. Rejects with VedetteError: SOURCE_BAD_URL (no or foreign scheme, no host),
 * SOURCE_UNREACHABLE (DNS, refused, TLS, reset before headers), SOURCE_TIMEOUT (deadline),
 * SOURCE_READ_FAILED (broken off or malformed body), SOURCE_TOO_LARGE, SOURCE_REDIRECT_REFUSED.
 * An aborted `signal` rejects with its reason.
 */
export function httpRequest(_request: HttpRequest): Promise<HttpResponse> {
  throw new Error('being written');
}

/** Ends all kept-alive sockets, so that a thread can exit. */
export function closeHttp(): void {
  throw new Error('being written');
}
