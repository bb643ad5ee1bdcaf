/** Rounds of the contracts monitor, as it is bundled for workers, on a source that takes its time for every request. */
import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { JsonValue } from '@vedette/contract';
import { chainlinkContractsStrategy } from '@vedette/monitors-chainlink';
import type { MonitorDefinition } from '@vedette/monitor';
import { serve } from '../lib/serve.js';
import { pause } from '../lib/until.js';

export interface ContractsArgs {
  readonly feeds: number;
  /** From the last byte of a request to the first of its answer. */
  readonly answerMs: number;
  readonly rounds: number;
  readonly sequential: number;
}

export interface CaseResult {
  /** Milliseconds of a round each. */
  readonly rounds: number[];
  /** HTTP requests of a round. */
  readonly requests: number;
  /** At the same time, at most. */
  readonly inFlight: number;
}

export interface ContractsResult {
  readonly batched: CaseResult;
  readonly single: CaseResult;
  /** Milliseconds of the calls of one round, one after another. */
  readonly sequential: number[];
  readonly calls: number;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly {
    readonly data?: string;
    readonly address?: string;
    readonly topics?: unknown[];
  }[];
}

const ORACLE = `0x${'5'.repeat(40)}`;

serve(async (args: ContractsArgs, progress): Promise<ContractsResult> => {
  const source = await startSource(args);
  const measure = async (isBatching: boolean): Promise<CaseResult> => {
    progress(`contracts: ${args.rounds} rounds, batches ${isBatching ? 'taken' : 'refused'}`);
    source.isBatching = isBatching;
    return rounds(source, args.rounds);
  };
  const batched = await measure(true);
  const single = await measure(false);
  // The source goes on counting what it is asked.
  const calls = [...source.calls];
  const sequential: number[] = [];
  for (let turn = 1; turn <= args.sequential; turn += 1) {
    progress(`contracts: ${calls.length} calls one after another, ${turn} of ${args.sequential}`);
    const begun = performance.now();
    for (const call of calls) await ask(source.url, call);
    sequential.push(performance.now() - begun);
  }
  source.server.closeAllConnections();
  await new Promise((resolve) => source.server.close(resolve));
  return { batched, single, sequential, calls: calls.length };
});

interface Source {
  readonly server: Server;
  readonly url: string;
  isBatching: boolean;
  height: number;
  /** Of the current round. */
  calls: Call[];
  requests: number;
  inFlight: number;
}

async function rounds(source: Source, count: number): Promise<CaseResult> {
  const require = createRequire(import.meta.url);
  const { module } = chainlinkContractsStrategy;
  const { default: monitor } = require(new URL(module).pathname) as { default: MonitorDefinition };
  const settings = {
    weiwatchersUrl: `${source.url}/list`,
    evmUrls: [source.url],
    nodes: [{ id: 'n', name: 'n', prometheusUrls: [`${source.url}/metrics`], verifyTls: true }],
  };
  const identity = { kind: 'chainlink-contracts', name: 'bench', componentName: 'bench', parentId: 'p' };
  const context = {
    monitor: { id: 'bench', configId: 'bench', baseChain: 'chainlink', subChain: 'bench', ...identity },
    settings,
    signal: new AbortController().signal,
    now: () => Date.now(),
    log: () => undefined,
    step: () => undefined,
  };
  const samples: number[] = [];
  let state: JsonValue = null;
  // The first two find feeds and addresses, and whether batches are taken.
  for (let turn = -2; turn < count; turn += 1) {
    Object.assign(source, { calls: [], requests: 0, inFlight: 0, height: source.height + 1 });
    const begun = performance.now();
    const result = await monitor.round(context, state);
    if (turn >= 0) samples.push(performance.now() - begun);
    if (result.reported !== undefined) throw new Error(result.reported.message);
    state = result.state ?? null;
  }
  return { rounds: samples, requests: source.requests, inFlight: source.inFlight };
}

async function ask(url: string, call: Call): Promise<void> {
  const body = JSON.stringify(call);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await response.json();
}

async function startSource({ feeds, answerMs }: ContractsArgs): Promise<Source> {
  const list = JSON.stringify(
    Array.from({ length: feeds }, (_none, index) => ({
      proxyAddress: addressOf(2 * index + 1),
      contractAddress: addressOf(2 * index + 2),
      contractVersion: 3,
    })),
  );
  let busy = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      source.requests += 1;
      busy += 1;
      source.inFlight = Math.max(source.inFlight, busy);
      const answer =
        request.method === 'POST' ? rpcAnswer(source, text) : request.url === '/list' ? list : METRICS;
      void pause(answerMs).then(() => {
        busy -= 1;
        response.end(answer);
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source: Source = {
    server,
    url,
    isBatching: true,
    height: 1_000,
    calls: [],
    requests: 0,
    inFlight: 0,
  };
  return source;
}

const METRICS = `eth_balance{account="${ORACLE}",evmChainID="1"} 1\n`;

function rpcAnswer(source: Source, text: string): string {
  const asked = JSON.parse(text) as Call | Call[];
  if (Array.isArray(asked) && !source.isBatching)
    return '{"jsonrpc":"2.0","id":null,"error":{"code":-32600}}';
  const calls = Array.isArray(asked) ? asked : [asked];
  source.calls.push(...calls);
  const replies = calls.map((call) => ({
    jsonrpc: '2.0',
    id: call.id,
    result: resultOf(call, source.height),
  }));
  return JSON.stringify(Array.isArray(asked) ? replies : replies[0]);
}

/** A feed in which one node submits to every round, in every block. */
function resultOf({ method, params }: Call, height: number): unknown {
  if (method === 'eth_syncing') return false;
  if (method === 'eth_blockNumber') return `0x${height.toString(16)}`;
  const [filter = {}] = params;
  if (method === 'eth_getLogs') {
    const topics = [
      filter.topics?.[0],
      `0x${word(7)}`,
      `0x${word(height)}`,
      `0x${ORACLE.slice(2).padStart(64, '0')}`,
    ];
    return [
      {
        address: filter.address,
        blockNumber: `0x${height.toString(16)}`,
        logIndex: '0x0',
        data: '0x',
        topics,
      },
    ];
  }
  switch (filter.data?.slice(0, 10)) {
    case SELECTORS.getOracles:
      return `0x${word(32)}${word(1)}${ORACLE.slice(2).padStart(64, '0')}`;
    case SELECTORS.description:
      return `0x${word(32)}${word(9)}${Buffer.from('AAA / USD').toString('hex').padEnd(64, '0')}`;
    case SELECTORS.latestRoundData:
    case SELECTORS.getRoundData:
      return `0x${word(height)}${word(9)}${word(1)}${word(1_700_000_000)}${word(height)}`;
    default:
      // An address for `aggregator`, juels for `withdrawablePayment`.
      return `0x${word(4_096)}`;
  }
}

const SELECTORS = {
  getOracles: '0x40884c52',
  description: '0x7284e416',
  latestRoundData: '0xfeaf968c',
  getRoundData: '0x9a6fc8f5',
} as const;

function word(value: number): string {
  return value.toString(16).padStart(64, '0');
}

function addressOf(value: number): string {
  return `0x${value.toString(16).padStart(40, '0')}`;
}
