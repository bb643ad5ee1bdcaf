/**
 * Many JSON-RPC reads of one node at once: batched, or single where the node refuses batches. Promise: one
 * answer per call, in order, each its result or its own error; never more than eight requests in flight.
 */
import {
  describeValue,
  isJsonObject,
  isVedetteError,
  maskUrl,
  VedetteError,
  type JsonValue,
} from '@vedette/contract';
import { httpRequest, type HttpResponse } from './http.js';
import { jsonOf } from './json-page.js';
import { mapBounded } from './map-bounded.js';

/** One call of a batch. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly JsonValue[];
}

/** What became of one call. */
export type RpcAnswer = { readonly result: JsonValue } | { readonly error: VedetteError };

/** Where to call, and the bounds of an answer. */
export interface RpcOptions {
  readonly url: string;
  readonly isTlsVerified?: boolean;
  readonly signal: AbortSignal;
  /** Longest wait for one request, milliseconds. */
  readonly requestMs: number;
  /** For all requests of this source together, milliseconds from now. */
  readonly budgetMs: number;
  /** False where a node is known to refuse batches. */
  readonly isBatched?: boolean;
}

const MAX_IN_FLIGHT = 8;
/** Hosted nodes cap batches, some at 100; and a node may work through one call after another. */
const LARGEST_BATCH = 50;
const SMALLEST_BATCH = 10;
const MAX_BYTES = 8 * 1024 * 1024;

/** A JSON-RPC endpoint: calls in batches where it takes them, with bounds. */
export class JsonRpcSource {
  readonly url: string;
  readonly #options: RpcOptions;
  readonly #endMs: number;
  #isBatched: boolean;

  constructor(options: RpcOptions) {
    this.url = options.url;
    this.#options = options;
    this.#endMs = performance.now() + options.budgetMs;
    this.#isBatched = options.isBatched ?? true;
  }

  /** False once the node has refused a batch. */
  get isBatched(): boolean {
    return this.#isBatched;
  }

  /** Never rejects for what the node does; an aborted signal rejects with its reason. */
  async ask(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const answers: RpcAnswer[] = [];
    const chunks = this.#isBatched
      ? batchesOf(calls.length)
      : calls.map((_call, index) => [index, index + 1] as const);
    await mapBounded(chunks, MAX_IN_FLIGHT, this.#options.signal, async ([from, to]) => {
      const part = calls.slice(from, to);
      const got = part.length === 1 ? await this.#single(part) : await this.#batch(part);
      got.forEach((answer, index) => (answers[from + index] = answer));
    });
    return answers;
  }

  async #single(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    return Promise.all(
      calls.map(async (call) => {
        const response = await this.#post({ jsonrpc: '2.0', id: 1, ...call }, call.method);
        return response instanceof VedetteError ? { error: response } : answerOf(response, call.method);
      }),
    );
  }

  async #batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const what = `${String(calls.length)} calls`;
    const body = calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }));
    const response = await this.#post(body, what);
    if (response instanceof VedetteError) return calls.map(() => ({ error: response }));
    const replies = jsonOf(response.body);
    if (!Array.isArray(replies)) {
      if (!isBatchRefused(response, replies)) {
        const { error } = answerOf(response, what) as { error: VedetteError };
        return calls.map(() => ({ error }));
      }
      this.#isBatched = false;
      const answers: RpcAnswer[] = [];
      // One at a time: the other batches in flight are as many already.
      for (const call of calls) answers.push(...(await this.#single([call])));
      return answers;
    }
    const byId = new Map(
      replies.map((reply) => [isJsonObject(reply) ? JSON.stringify(reply['id']) : '', reply]),
    );
    return calls.map(({ method }, id) => replyOf(byId.get(String(id)), method, response));
  }

  async #post(body: object, what: string): Promise<HttpResponse | VedetteError> {
    const { isTlsVerified = true, signal, requestMs } = this.#options;
    const restMs = Math.floor(this.#endMs - performance.now());
    const url = maskUrl(this.url);
    if (restMs < 1) {
      return new VedetteError('SOURCE_TIMEOUT', `${url} took too long in all; ${what} not asked`, {
        details: { url },
      });
    }
    try {
      return await httpRequest({
        url: this.url,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        timeoutMs: Math.min(requestMs, restMs),
        maxBytes: MAX_BYTES,
        isTlsVerified,
        // Reads: asking twice changes nothing.
        isRepeatable: true,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      if (isVedetteError(error)) return error as VedetteError;
      throw error;
    }
  }
}

/** True for an error a contract gave: the call was carried out and came to a revert. */
export function isRevert(error: VedetteError): boolean {
  return error.details['isRevert'] === true;
}

/** Bounds of the batches of `count` calls: as many as may be in flight, none too small or too large. */
export function batchesOf(count: number): (readonly [from: number, to: number])[] {
  const size = Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, Math.ceil(count / MAX_IN_FLIGHT)));
  const batches: (readonly [number, number])[] = [];
  for (let from = 0; from < count; from += size) batches.push([from, Math.min(count, from + size)]);
  return batches;
}

/** One error for a whole batch, or a status by which nodes refuse what they cannot take. */
function isBatchRefused({ status }: HttpResponse, reply: JsonValue | undefined): boolean {
  if ([400, 405, 413, 415, 422, 501].includes(status)) return true;
  if (status < 200 || status > 299 || !isJsonObject(reply)) return false;
  return isJsonObject(reply['error']) || typeof reply['error'] === 'string';
}

function answerOf(response: HttpResponse, method: string): RpcAnswer {
  const { status } = response;
  const reply = jsonOf(response.body);
  // Some nodes send errors, reverts among them, with a status of 4xx or 5xx.
  const isError = isJsonObject(reply) && isJsonObject(reply['error']);
  if ((status < 200 || status > 299) && !isError) {
    const url = maskUrl(response.url);
    const text = `${url} answered ${method} with HTTP ${String(status)}`;
    return { error: new VedetteError('SOURCE_HTTP_STATUS', text, { details: { url, method, status } }) };
  }
  return replyOf(reply, method, response);
}

function replyOf(reply: JsonValue | undefined, method: string, response: HttpResponse): RpcAnswer {
  const url = maskUrl(response.url);
  if (!isJsonObject(reply) || (!('result' in reply) && !('error' in reply))) {
    const text = `${url} did not answer ${method} with a JSON-RPC reply`;
    return { error: new VedetteError('SOURCE_BAD_BODY', text, { details: { url, method } }) };
  }
  // Some nodes send `"error": null` beside a result.
  const failure = reply['error'] ?? null;
  if (failure === null) return { result: reply['result'] ?? null };
  const { code, message, data } = isJsonObject(failure) ? failure : { code: 0, message: failure, data: null };
  const isRevertReply =
    code === 3 ||
    (typeof message === 'string' && /revert/i.test(message.slice(0, 500))) ||
    (typeof data === 'string' && /^(Reverted )?0x08c379a0/i.test(data));
  const details = {
    url,
    method,
    status: response.status,
    rpcCode: typeof code === 'number' ? code : 0,
    isRevert: isRevertReply,
  };
  const text = `${url} refused ${method}: ${describeValue(message)}`;
  return { error: new VedetteError('SOURCE_HTTP_STATUS', text, { details }) };
}
