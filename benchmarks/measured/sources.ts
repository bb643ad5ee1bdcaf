/**
 * The sources monitors read, in a process of their own, on loopback: two metrics pages, a JSON-RPC node, and a
 * Substrate node with the types of today's Kusama.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startStakingChain } from '../../test/support/substrate-scenes.js';
import { serve } from '../lib/serve.js';
import type { SourceUrls } from '../lib/source-urls.js';

const KIB = 1024;
/** Real pages: a node exporter's is some 70 KiB, a Chainlink node's 100 and more, most of it not ours. */
const PAGE_BYTES = { system: 70 * KIB, chainlink: 110 * KIB };

serve(async ({ root }: { root: string }): Promise<SourceUrls> => {
  const pages = new Map([
    ['/chainlink', page(join(root, 'examples/quickstart/chainlink-metrics.txt'), PAGE_BYTES.chainlink)],
    [
      '/system',
      page(join(root, 'packages/monitors-general/test/fixtures/node-exporter.txt'), PAGE_BYTES.system),
    ],
  ]);
  const server = createServer((request, response) => {
    const found = pages.get(request.url ?? '');
    if (found === undefined) answerRpc(request, response);
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(found);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1_024, resolve));
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const { url: substrate } = await startStakingChain('v15/kusama');
  return { chainlink: `${base}/chainlink`, system: `${base}/system`, evm: `${base}/rpc`, substrate };
});

/** The fixture's metrics after as many others as a real page has. */
function page(file: string, bytes: number): Buffer {
  const wanted = readFileSync(file, 'utf8');
  const lines: string[] = [];
  for (let index = 0, size = wanted.length; size < bytes; index += 1) {
    const name = `process_other_seconds_${index % 40}`;
    const line = `${name}_bucket{handler="/v2/jobs",le="${index / 10}"} ${index * 17}`;
    lines.push(line);
    size += line.length + 1;
  }
  return Buffer.from(`${lines.join('\n')}\n${wanted}`);
}

interface Call {
  readonly id: number;
  readonly method: string;
}

function answerRpc(request: IncomingMessage, response: ServerResponse): void {
  let text = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    const calls = JSON.parse(text) as Call | Call[];
    const height = `0x${Math.trunc(Date.now() / 1000).toString(16)}`;
    const answer = ({ id, method }: Call): object => ({
      jsonrpc: '2.0',
      id,
      result: method === 'eth_syncing' ? false : height,
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(Array.isArray(calls) ? calls.map(answer) : answer(calls)));
  });
}
