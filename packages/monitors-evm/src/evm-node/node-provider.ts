/**
 * ethers' JSON-RPC provider on our own transport: ethers matches calls and answers, we bound them.
 * Promise: one call is at most two HTTP requests (a second only when the first reached nobody), each
 * with its deadline; and an error that comes out is a VedetteError or the signal's reason.
 */
import { describeValue, isJsonObject, isVedetteError, maskUrl, VedetteError } from '@vedette/contract';
import { httpRequest, type HttpResponse } from '@vedette/monitor';
import {
  JsonRpcApiProvider,
  Network,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
} from 'ethers/providers';

export interface NodeAddress {
  readonly url: string;
  readonly isTlsVerified: boolean;
  /** Of one HTTP request. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const MAX_BYTES = 256 * 1024;
/** Given, never asked for: no eth_chainId call, and no bootstrap loop against a dead node. */
const NETWORK = Network.from(1);

export class NodeProvider extends JsonRpcApiProvider {
  readonly #address: NodeAddress;

  constructor(address: NodeAddress) {
    super(NETWORK, { staticNetwork: NETWORK, batchMaxCount: 1, cacheTimeout: -1 });
    this.#address = address;
    this._start();
  }

  /** The one place ethers leaves to a transport. Batches are off, so there is one payload. */
  override async _send(
    payload: JsonRpcPayload | JsonRpcPayload[],
  ): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const [call] = Array.isArray(payload) ? payload : [payload];
    if (call === undefined) return [];
    const response = await this.#post(JSON.stringify(call));
    return [{ id: call.id, result: resultOf(response, call.method) }];
  }

  /** Once more, on a fresh connection, if the first reached nobody: the kept one may just have been closed. */
  async #post(body: string): Promise<HttpResponse> {
    const { url, isTlsVerified, timeoutMs, signal } = this.#address;
    const request = {
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      timeoutMs,
      maxBytes: MAX_BYTES,
      isTlsVerified,
      signal,
    } as const;
    try {
      return await httpRequest(request);
    } catch (error) {
      if (!isVedetteError(error, 'SOURCE_UNREACHABLE')) throw error;
      return httpRequest({ ...request, isKeptAlive: false });
    }
  }
}

/** The `result` of an answer; throws SOURCE_HTTP_STATUS (also for an `error` member) or SOURCE_BAD_BODY. */
export function resultOf(response: HttpResponse, method: string): unknown {
  const url = maskUrl(response.url);
  if (response.status < 200 || response.status > 299) {
    throw new VedetteError(
      'SOURCE_HTTP_STATUS',
      `${url} answered ${method} with HTTP ${String(response.status)}`,
      {
        details: { url, method, status: response.status },
      },
    );
  }
  let reply: unknown;
  try {
    reply = JSON.parse(response.body.toString('utf8'));
  } catch {
    // The parser's own sentence quotes the body.
    throw new VedetteError('SOURCE_BAD_BODY', `${url} did not answer ${method} with JSON`, {
      details: { url, method },
    });
  }
  if (!isJsonObject(reply) || (!('result' in reply) && !('error' in reply))) {
    throw new VedetteError('SOURCE_BAD_BODY', `${url} did not answer ${method} with a JSON-RPC reply`, {
      details: { url, method },
    });
  }
  // Some servers send `"error": null` beside a result.
  const failure = reply['error'] ?? null;
  if (failure === null) return reply['result'];
  const rpcCode = isJsonObject(failure) && typeof failure['code'] === 'number' ? failure['code'] : null;
  const text = isJsonObject(failure) ? failure['message'] : failure;
  throw new VedetteError('SOURCE_HTTP_STATUS', `${url} refused ${method}: ${describeValue(text)}`, {
    details: { url, method, status: response.status, rpcCode: rpcCode ?? 0 },
  });
}
