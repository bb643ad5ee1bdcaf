/** The two pages a Chainlink operator's setup has: a node's metrics, and the list of price feeds (wei-watchers). */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { metricsAt } from '../quickstart/chainlink-replay.mjs';
import type { LiveFeeds } from './feeds.js';

const FIXTURE = new URL('../quickstart/chainlink-metrics.txt', import.meta.url);
/** anvil's. */
const CHAIN_ID = '31337';

/** Resolves with a function that stops it. */
export async function startPages(port: number, { feeds, account }: LiveFeeds): Promise<() => Promise<void>> {
  // The fixture, as if its node were the first oracle of the feeds on anvil.
  const metrics = readFileSync(FIXTURE, 'utf8')
    .replace(/account="0x[0-9a-f]{40}"/gi, `account="${account}"`)
    .replaceAll('evmChainID="1"', `evmChainID="${CHAIN_ID}"`);
  const list = feeds.map(({ proxy, aggregator }, index) => ({
    name: `feed ${index + 1}`,
    contractAddress: aggregator.address,
    proxyAddress: proxy,
    contractVersion: 3,
    status: 'live',
  }));
  const began = performance.now();
  const server = createServer((request, response) => {
    const pages: Readonly<Record<string, () => [string, string]>> = {
      '/metrics': () => [
        'text/plain; version=0.0.4',
        metricsAt(metrics, (performance.now() - began) / 1_000),
      ],
      '/feeds.json': () => ['application/json', JSON.stringify(list)],
    };
    const page = pages[request.url ?? ''];
    const [type, body] = page === undefined ? ['text/plain', 'see /metrics and /feeds.json\n'] : page();
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': type });
    response.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}
