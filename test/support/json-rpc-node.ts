/** A JSON-RPC endpoint that answers as an EVM node does, for tests that need a height they can set. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JsonRpcNode {
  readonly url: string;
  height: number;
  /** Requests answered so far. */
  requests: number;
  close(): Promise<void>;
}

export async function startJsonRpcNode(height = 100): Promise<JsonRpcNode> {
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      node.requests += 1;
      const calls = JSON.parse(text) as Call | Call[];
      const answer = (call: Call): object => ({
        jsonrpc: '2.0',
        id: call.id,
        result: call.method === 'eth_syncing' ? false : `0x${node.height.toString(16)}`,
      });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(Array.isArray(calls) ? calls.map(answer) : answer(calls)));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const node: JsonRpcNode = {
    url: `http://127.0.0.1:${port}`,
    height,
    requests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return node;
}

interface Call {
  readonly id: number;
  readonly method: string;
}
