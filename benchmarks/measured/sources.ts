/**
 * The sources monitors read, in a process of their own, on loopback: two metrics pages, a JSON-RPC node, and a
 * Substrate node with the types of today's Kusama.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CosmosChain } from '../../test/support/cosmos-chain.js';
import { restAnswer, type ProposalSeed } from '../../test/support/cosmos-rest.js';
import { startStakingChain } from '../../test/support/substrate-scenes.js';
import { serve } from '../lib/serve.js';
import type { SourceUrls } from '../lib/source-urls.js';

const KIB = 1024;
/** Real pages: a node exporter's is some 70 KiB, a Chainlink node's 100 and more, most of it not ours. */
const PAGE_BYTES = { probe: KIB, system: 70 * KIB, chainlink: 110 * KIB, cosmos: 60 * KIB };
const COSMOS_METRICS = [
  'tendermint_consensus_latest_block_height{chain_id="test-1"} 1000',
  'tendermint_consensus_validator_power{chain_id="test-1"} 410200',
];

serve(async ({ root }: { root: string }): Promise<SourceUrls> => {
  const pages = new Map([
    ['/chainlink', page(join(root, 'examples/quickstart/chainlink-metrics.txt'), PAGE_BYTES.chainlink)],
    [
      '/system',
      page(join(root, 'packages/monitors-general/test/fixtures/node-exporter.txt'), PAGE_BYTES.system),
    ],
  ]);
  pages.set('/probe', pageOf('probe_value 42\n', PAGE_BYTES.probe));
  pages.set('/cosmos/metrics', pageOf(`${COSMOS_METRICS.join('\n')}\n`, PAGE_BYTES.cosmos));
  pages.set(
    '/releases',
    readFileSync(join(root, 'packages/monitors-general/test/fixtures/github-releases.json')),
  );
  pages.set('/tags', Buffer.from(JSON.stringify(tagsPage())));
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const found = pages.get(path);
    if (found === undefined && request.url?.startsWith('/cosmos') === true)
      answerCosmos(request.url, response);
    else if (found === undefined) answerRpc(request, response);
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(found);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 1_024, resolve));
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  const { url: substrate } = await startStakingChain('v15/kusama');
  return {
    probe: `${base}/probe`,
    chainlink: `${base}/chainlink`,
    system: `${base}/system`,
    evm: `${base}/rpc`,
    substrate,
    releases: `${base}/releases?of={}`,
    tags: `${base}/tags?of={}/{}`,
    cosmosPage: `${base}/cosmos/metrics`,
    cosmosRest: `${base}/cosmos/rest`,
    cosmosRpc: `${base}/cosmos/rpc`,
    cosmosSlow: `${base}/cosmos/slow`,
    cosmosInFlight: `${base}/cosmos/in-flight`,
  };
});

/** A hundred tags, as a page of Docker Hub has them. */
function tagsPage(): object {
  const results = Array.from({ length: 100 }, (_none, index) => ({
    name: `7.${String(index)}`,
    last_updated: '2023-01-10T10:00:00.123456Z',
    full_size: 40_000_000 + index,
    tag_status: 'active',
    images: [],
  }));
  return { count: results.length, next: null, previous: null, results };
}

const SLOW_MS = 50;
const chain = new CosmosChain({ validators: 100 });
const proposals = Array.from({ length: 90 }, (_none, index): ProposalSeed => {
  const description = 'A proposal says at length what it is for. '.repeat(40);
  return { id: index + 1, title: `Proposal ${index + 1}`, description, status: index === 89 ? 2 : 3 };
});
let [inFlight, mostInFlight] = [0, 0];

function answerCosmos(path: string, response: ServerResponse): void {
  const [, , what = '', ...rest] = path.split('/');
  const say = (body: string): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  };
  const url = new URL(`/${rest.join('/')}`, 'http://sources');
  const said = (): string =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: -1,
      ...chain.rpc(url.pathname.slice(1), Object.fromEntries(url.searchParams)),
    });
  if (what === 'rest') say(restAnswer({ proposals }, `${url.pathname}${url.search}`).body);
  else if (what === 'rpc') say(said());
  else if (what === 'in-flight') say(String(mostInFlight));
  else {
    mostInFlight = Math.max(mostInFlight, (inFlight += 1));
    setTimeout(() => {
      inFlight -= 1;
      say(said());
    }, SLOW_MS);
  }
}

/** The fixture's metrics after as many others as a real page has. */
function page(file: string, bytes: number): Buffer {
  return pageOf(readFileSync(file, 'utf8'), bytes);
}

function pageOf(wanted: string, bytes: number): Buffer {
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
