/** One GET whose answer should be JSON. Promise: what it came to, JSON or not, is told apart; nothing is guessed. */
import type { JsonValue } from '@vedette/contract';
import { httpRequest, type HttpRequest, type HttpResponse } from './http.js';

/** An answer and what it holds as JSON. */
export interface JsonPage extends Pick<HttpResponse, 'status' | 'headers' | 'url'> {
  /** Undefined where the body is no JSON in UTF-8; also for an empty one. */
  readonly value: JsonValue | undefined;
}

/** Any status is an answer. Rejects with the codes of {@link httpRequest}. */
export async function fetchJson(request: HttpRequest): Promise<JsonPage> {
  const headers = { accept: 'application/json', ...request.headers };
  const { status, headers: answered, url, body } = await httpRequest({ ...request, headers });
  return { status, headers: answered, url, value: jsonOf(body) };
}

/** Undefined for what is no JSON; the parser's own words would quote the body. */
export function jsonOf(body: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The first value of a header; undefined where it is absent. */
export function headerOf(page: Pick<HttpResponse, 'headers'>, name: string): string | undefined {
  const value = page.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
