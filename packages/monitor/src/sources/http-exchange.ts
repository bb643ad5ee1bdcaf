/** One request on one socket, without redirects. Settles once, and leaves no socket half read. */
import * as http from 'node:http';
import type * as https from 'node:https';
import type * as zlib from 'node:zlib';
import { isVedetteError, VedetteError, type ErrorCode } from '@vedette/contract';

export interface Target {
  readonly origin: string;
  /** Without user info. */
  readonly href: string;
  readonly isTls: boolean;
  readonly hostname: string;
  readonly port: number | undefined;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly isTlsVerified: boolean;
  readonly isKeptAlive: boolean;
  readonly isRepeatable: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where a redirect points; null for every other answer. */
  readonly location: string | null;
}

/** A compressed body may be a little larger than what it holds. */
const ENCODING_SLACK_BYTES = 64 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

// Node keeps idle sockets of an agent unref'ed, so these never keep a thread alive.
let plainAgent: http.Agent | undefined;
let tlsAgent: https.Agent | undefined;

export function closeAgents(): void {
  plainAgent?.destroy();
  tlsAgent?.destroy();
  plainAgent = undefined;
  tlsAgent = undefined;
}

/** Sends it again, on a new connection, if a kept-alive one turns out to be closed. */
export async function exchange(
  target: Target,
  shownUrl: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Answer> {
  const first = await attempt(target, shownUrl, maxBytes, signal, target.isKeptAlive);
  if (first !== 'stale-socket') return first;
  const second = await attempt(target, shownUrl, maxBytes, signal, false);
  if (second !== 'stale-socket') return second;
  throw failure('SOURCE_UNREACHABLE', shownUrl, 'cannot be reached', new Error('stale socket'));
}

function attempt(
  target: Target,
  shownUrl: string,
  maxBytes: number,
  signal: AbortSignal,
  isKeptAlive: boolean,
): Promise<Answer | 'stale-socket'> {
  return new Promise((resolve, reject) => {
    let hasHeaders = false;
    const request = send(target, isKeptAlive);
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const fail = (error: unknown): void => {
      end(() => {
        reject(error as Error);
      });
      request.destroy();
    };
    const onAbort = (): void => {
      fail(signal.reason);
    };
    const onBroken = (error: Error): void => {
      if (hasHeaders) fail(failure('SOURCE_READ_FAILED', shownUrl, 'broke off its answer', error));
      else if (request.reusedSocket && target.isRepeatable && isHangUp(error)) {
        end(() => {
          resolve('stale-socket');
        });
      } else fail(failure('SOURCE_UNREACHABLE', shownUrl, 'cannot be reached', error));
    };
    // Stays attached after the end: a destroyed request may still emit an error.
    request.on('error', onBroken);
    request.on('response', (response) => {
      hasHeaders = true;
      response.on('error', onBroken);
      const { statusCode = 0, headers } = response;
      if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
        const location = headers.location;
        end(() => {
          resolve({ status: statusCode, headers, body: Buffer.alloc(0), location });
        });
        request.destroy();
        return;
      }
      read(response, maxBytes, shownUrl, fail, (body) => {
        end(() => {
          resolve({ status: statusCode, headers, body, location: null });
        });
      });
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    request.end(target.body);
  });
}

function read(
  response: http.IncomingMessage,
  maxBytes: number,
  shownUrl: string,
  fail: (error: unknown) => void,
  done: (body: Buffer) => void,
): void {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const limit = encoding === 'identity' ? maxBytes : maxBytes + ENCODING_SLACK_BYTES;
  if (Number(response.headers['content-length'] ?? 0) > limit) {
    fail(tooLarge(shownUrl, maxBytes));
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) fail(tooLarge(shownUrl, maxBytes));
    else chunks.push(chunk);
  });
  response.on('end', () => {
    try {
      done(decode(Buffer.concat(chunks), encoding, maxBytes, shownUrl));
    } catch (error) {
      fail(error);
    }
  });
}

function decode(body: Buffer, encoding: string, maxBytes: number, shownUrl: string): Buffer {
  if (encoding === 'identity' || encoding === '' || body.length === 0) return body;
  const { gunzipSync, inflateSync, inflateRawSync }: typeof zlib = process.getBuiltinModule('node:zlib');
  const options = { maxOutputLength: maxBytes };
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body, options);
    if (encoding === 'deflate') {
      // The standard means zlib's wrapping; some servers send the bare stream.
      return ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, options) : inflateRawSync(body, options);
    }
    throw new Error(`content-encoding ${JSON.stringify(encoding.slice(0, 40))} was not offered`);
  } catch (error) {
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(shownUrl, maxBytes);
    throw failure('SOURCE_READ_FAILED', shownUrl, 'sent a body that cannot be decoded', error);
  }
}

function send(target: Target, isKeptAlive: boolean): http.ClientRequest {
  const { hostname, path, method, headers } = target;
  const options: https.RequestOptions = { hostname, path, method, headers };
  if (target.port !== undefined) options.port = target.port;
  if (!target.isTls) {
    plainAgent ??= new http.Agent({ keepAlive: true, maxFreeSockets: 4 });
    options.agent = isKeptAlive ? plainAgent : false;
    return http.request(options);
  }
  // Loaded at first use: a thread that speaks plain HTTP saves 0.3 MB.
  const { request, Agent }: typeof https = process.getBuiltinModule('node:https');
  tlsAgent ??= new Agent({ keepAlive: true, maxFreeSockets: 4 });
  options.agent = isKeptAlive ? tlsAgent : false;
  options.rejectUnauthorized = target.isTlsVerified;
  return request(options);
}

function tooLarge(shownUrl: string, maxBytes: number): VedetteError {
  const text = `${shownUrl} answered with more than ${maxBytes} bytes`;
  return new VedetteError('SOURCE_TOO_LARGE', text, { details: { url: shownUrl, maxBytes } });
}

function failure(code: ErrorCode, shownUrl: string, what: string, cause: unknown): VedetteError {
  if (isVedetteError(cause)) return cause;
  const system = systemCode(cause);
  const why = system ?? (cause instanceof Error ? cause.message.slice(0, 200) : 'unknown cause');
  const details = { url: shownUrl, ...(system === null ? {} : { system }) };
  return new VedetteError(code, `${shownUrl} ${what} (${why})`, { details, cause });
}

function isHangUp(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(systemCode(error) ?? '');
}

function systemCode(error: unknown): string | null {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : null;
}
