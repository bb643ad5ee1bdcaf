/**
 * One WebSocket to a node's JSON-RPC. The SDK's own provider throws out of its socket handler on an answer
 * that is no JSON, bounds no answer's size and writes to the console, so this is ours. Promises: every call
 * ends by its deadline, and whatever the node sends or fails to send becomes the rejection of a call.
 */
import {
  describeValue,
  isJsonObject,
  maskUrl,
  reentry,
  VedetteError,
  type ErrorCode,
} from '@vedette/contract';
import { WebSocket } from 'ws';

export interface NodeAddress {
  readonly url: string;
  readonly isTlsVerified: boolean;
}

/** Metadata of the largest chains is some 2 MB as hex text. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

interface Call {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class RpcSocket {
  readonly url: string;
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, Call>();
  #lastId = 0;
  #lastHeardMs = 0;
  #end: VedetteError | null = null;

  private constructor(address: NodeAddress) {
    this.url = maskUrl(address.url);
    try {
      this.#socket = new WebSocket(address.url, {
        perMessageDeflate: false,
        maxPayload: MAX_MESSAGE_BYTES,
        rejectUnauthorized: address.isTlsVerified,
        followRedirects: false,
      });
    } catch {
      throw this.#error('SOURCE_BAD_URL', 'is no WebSocket URL');
    }
    const heard = (): void => {
      this.#lastHeardMs = performance.now();
    };
    this.#socket.on('pong', heard);
    this.#socket.on('ping', heard);
    this.#socket.on('message', (data) => {
      heard();
      this.#onMessage(data as Buffer);
    });
    // Stays for good: an error without a listener would end the thread.
    this.#socket.on('error', (error: Error & { code?: string }) => {
      this.#fail(
        error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
          ? this.#error('SOURCE_TOO_LARGE', `sent more than ${String(MAX_MESSAGE_BYTES)} bytes`)
          : this.#error('SOURCE_UNREACHABLE', `cannot be reached: ${describeValue(error.message)}`),
      );
    });
    this.#socket.on('close', () => {
      this.#fail(this.#error('SOURCE_UNREACHABLE', 'closed the connection'));
    });
  }

  /** Rejects with SOURCE_BAD_URL or SOURCE_UNREACHABLE, an answer that is no WebSocket's among the latter. */
  static open(address: NodeAddress, timeoutMs: number, signal: AbortSignal): Promise<RpcSocket> {
    return new Promise((resolve, reject) => {
      const opened = new RpcSocket(address);
      const timer = setTimeout(() => {
        opened.#fail(opened.#error('SOURCE_UNREACHABLE', `did not open within ${ms(timeoutMs)}`));
      }, timeoutMs);
      const onAbort = (): void => {
        opened.close();
      };
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        opened.#calls.delete(0);
      };
      opened.#calls.set(0, {
        method: 'open',
        resolve: end,
        reject: (error) => {
          end();
          reject(error as Error);
        },
      });
      opened.#socket.once('open', () => {
        end();
        if (opened.isOpen) resolve(opened);
      });
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
    });
  }

  get isOpen(): boolean {
    return this.#end === null;
  }

  /** For good and at once; calls under way are rejected. */
  close(): void {
    this.#fail(this.#error('SOURCE_UNREACHABLE', 'was closed by us'));
  }

  /**
   * The result of one call. Rejects with SOURCE_HTTP_STATUS for an error of the node, SOURCE_TIMEOUT if it
   * is slow, SOURCE_UNREACHABLE if it is gone: silent in spite of a ping, or the connection lost.
   */
  call(method: string, params: readonly unknown[], timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    if (this.#end !== null) return Promise.reject(this.#end);
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const id = (this.#lastId += 1);
    const goOn = reentry();
    return new Promise((resolve, reject) => {
      const begunMs = performance.now();
      const isSilent = (): boolean => this.#lastHeardMs < begunMs;
      let timer = setTimeout(() => {
        if (isSilent() && this.#end === null) this.#socket.ping();
        timer = setTimeout(() => {
          if (isSilent()) this.#fail(this.#error('SOURCE_UNREACHABLE', `fell silent for ${ms(timeoutMs)}`));
          else settle(this.#error('SOURCE_TIMEOUT', `did not answer ${method} within ${ms(timeoutMs)}`));
        }, timeoutMs / 2);
      }, timeoutMs / 2);
      const onAbort = (): void => {
        settle(signal.reason);
      };
      const settle = (error: unknown): void => {
        end();
        reject(error as Error);
      };
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#calls.delete(id);
        goOn();
      };
      signal.addEventListener('abort', onAbort);
      this.#calls.set(id, {
        method,
        reject: settle,
        resolve: (result) => {
          end();
          resolve(result);
        },
      });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }), (error) => {
        if (error) this.#fail(this.#error('SOURCE_UNREACHABLE', 'took no more calls'));
      });
    });
  }

  #onMessage(data: Buffer): void {
    let reply: unknown;
    try {
      reply = JSON.parse(data.toString('utf8'));
    } catch {
      this.#fail(this.#error('SOURCE_BAD_BODY', 'sent something that is no JSON'));
      return;
    }
    if (!isJsonObject(reply)) {
      this.#fail(this.#error('SOURCE_BAD_BODY', 'sent something that is no JSON-RPC reply'));
      return;
    }
    // Subscriptions there are none, and an answer can come after its call gave up.
    const call = typeof reply['id'] === 'number' ? this.#calls.get(reply['id']) : undefined;
    if (call === undefined) return;
    const failure = reply['error'] ?? null;
    if (failure === null) {
      if ('result' in reply) call.resolve(reply['result']);
      else call.reject(this.#error('SOURCE_BAD_BODY', `answered ${call.method} without a result`));
      return;
    }
    const text = isJsonObject(failure) ? failure['message'] : failure;
    const rpcCode = isJsonObject(failure) && typeof failure['code'] === 'number' ? failure['code'] : 0;
    call.reject(
      this.#error('SOURCE_HTTP_STATUS', `refused ${call.method}: ${describeValue(text)}`, { rpcCode }),
    );
  }

  #fail(error: VedetteError): void {
    if (this.#end !== null) return;
    this.#end = error;
    this.#socket.terminate();
    for (const call of [...this.#calls.values()]) call.reject(error);
    this.#calls.clear();
  }

  #error(code: ErrorCode, what: string, details: { readonly rpcCode?: number } = {}): VedetteError {
    return new VedetteError(code, `${this.url} ${what}`, { details: { url: this.url, ...details } });
  }
}

function ms(time: number): string {
  return `${String(Math.round(time))} ms`;
}
