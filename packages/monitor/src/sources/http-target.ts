/** Turns a request's URL into what a socket needs, or refuses it. No I/O. */
import { maskUrl, VedetteError } from '@vedette/contract';
import type { Target } from './http-exchange.js';
import type { HttpRequest } from './http.js';

/** Throws SOURCE_BAD_URL. */
export function targetOf(request: HttpRequest): Target {
  const url = parse(request.url);
  const headers: Record<string, string> = {
    // GitHub answers 403 to a request without it.
    'user-agent': 'vedette',
    accept: '*/*',
    'accept-encoding': request.isCompressed === true ? 'gzip' : 'identity',
    ...request.headers,
  };
  if (url.username !== '' || url.password !== '') {
    const pair = `${decoded(url.username)}:${decoded(url.password)}`;
    headers['authorization'] ??= `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const method = request.method ?? 'GET';
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  if (body !== undefined) headers['content-length'] = String(body.byteLength);
  const path = `${url.pathname}${url.search}`;
  return {
    origin: url.origin,
    href: `${url.origin}${path}`,
    isTls: url.protocol === 'https:',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    path,
    method,
    headers,
    body,
    isTlsVerified: request.isTlsVerified ?? true,
    isKeptAlive: request.isKeptAlive ?? true,
    isRepeatable: request.isRepeatable ?? method === 'GET',
  };
}

function parse(text: string): URL {
  // `new URL` would repair `http:host` and `http:///host`; a config with those is wrong.
  if (/^https?:\/\/[^/?#\\]/i.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    if (url.hostname !== '' && url.port !== '0') return url;
  }
  const shown = maskUrl(text);
  throw new VedetteError('SOURCE_BAD_URL', `${JSON.stringify(shown)} is not a complete http(s) URL`, {
    details: { url: shown },
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
