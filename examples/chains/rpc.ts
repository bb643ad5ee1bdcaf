/** JSON-RPC over HTTP, as both chains speak it. Promise: a call ends by its deadline. */
const DEADLINE_MS = 10_000;

export type Call = (method: string, params?: readonly unknown[]) => Promise<unknown>;

export function rpcOf(url: string): Call {
  return async (method, params = []) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const reply = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (reply.error !== undefined) throw new Error(`${method} was refused: ${reply.error.message}`);
    return reply.result;
  };
}
