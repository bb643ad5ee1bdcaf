/** A node of an EVM chain with price feeds, as JSON-RPC over a stub: states no real chain can be brought into at will. */
import { Interface } from 'ethers/abi';
import { answer, type Behaviour } from './stub-source.js';

export interface FakeRound {
  readonly id: number;
  /** Null: no consensus, the contract reverts. */
  readonly answer: bigint | null;
  readonly at: number;
}

export interface FakeFeed {
  readonly version: 3 | 4;
  readonly proxy: string;
  readonly aggregator: string;
  readonly description: string;
  readonly oracles: readonly string[];
  /** What `transmitters` gives where that is not `oracles`. */
  transmitters?: readonly string[];
  readonly payment: bigint;
  rounds: FakeRound[];
  /** Version 3: who submitted what to which round; version 4: observers and observations. */
  events: FakeEvent[];
}

export interface FakeEvent {
  readonly block: number;
  readonly round: number;
  readonly oracle?: string;
  readonly submission?: bigint;
  readonly observers?: string;
  readonly observations?: readonly bigint[];
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly [
    { to: string; data: string; address: string; fromBlock: string; toBlock: string; topics: unknown[] },
  ];
}

const ABI = new Interface([
  'function aggregator() view returns (address)',
  'function description() view returns (string)',
  'function getOracles() view returns (address[])',
  'function transmitters() view returns (address[])',
  'function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)',
  'function getRoundData(uint80) view returns (uint80, int256, uint256, uint256, uint80)',
  'function withdrawablePayment(address) view returns (uint256)',
  'function owedPayment(address) view returns (uint256)',
  'event SubmissionReceived(int256 indexed submission, uint32 indexed round, address indexed oracle)',
  'event NewTransmission(uint32 indexed aggregatorRoundId, int192 answer, address transmitter, int192[] observations, bytes observers, bytes32 rawReportContext)',
]);
const REVERT = { code: 3, message: 'execution reverted: No data present', data: '0x08c379a0' };

export class FakeChain {
  height = 1_000;
  syncing: unknown = false;
  isBatching = true;
  /** More blocks than this in one eth_getLogs are refused. */
  largestRange = Infinity;
  /** Gives an answer of its own to a call: a whole reply without id, or undefined. */
  override: (method: string, view: string, to: string) => object | undefined = () => undefined;
  /** Calls so far, as `method` or the view of an eth_call. */
  readonly calls: string[] = [];
  /** Bounds of every eth_getLogs. */
  readonly ranges: [number, number][] = [];
  requests = 0;

  constructor(readonly feeds: FakeFeed[]) {}

  readonly behaviour: Behaviour = (socket, request) => {
    this.requests += 1;
    const calls = JSON.parse(request.body) as Call | Call[];
    const reply = Array.isArray(calls)
      ? this.isBatching
        ? calls.map((call) => this.#reply(call)).reverse()
        : { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batches are not served' } }
      : this.#reply(calls);
    answer(JSON.stringify(reply), { type: 'application/json' })(socket, request);
  };

  #reply(call: Call): object {
    const { id, method, params } = call;
    const view = method === 'eth_call' ? (ABI.getFunction(params[0].data.slice(0, 10))?.name ?? '') : '';
    const to = params[0]?.to?.toLowerCase() ?? params[0]?.address?.toLowerCase() ?? '';
    this.calls.push(view === '' ? method : view);
    const own = this.override(method, view, to);
    if (own !== undefined) return { jsonrpc: '2.0', id, ...own };
    const result = this.#resultOf(method, view, to, params);
    if (result === REVERT) return { jsonrpc: '2.0', id, error: REVERT };
    return { jsonrpc: '2.0', id, ...(result as { error?: object; result?: unknown }) };
  }

  #resultOf(method: string, view: string, to: string, params: Call['params']): unknown {
    if (method === 'eth_syncing') return { result: this.syncing };
    if (method === 'eth_blockNumber') return { result: hex(this.height) };
    const feed = this.feeds.find(({ proxy, aggregator }) =>
      [proxy.toLowerCase(), aggregator.toLowerCase()].includes(to),
    );
    if (method === 'eth_getLogs') return this.#logs(feed, params[0]);
    if (feed === undefined) return { result: '0x' };
    const encoded = (...values: unknown[]): object => ({ result: ABI.encodeFunctionResult(view, values) });
    switch (view) {
      case 'aggregator':
        return encoded(feed.aggregator);
      case 'description':
        return encoded(feed.description);
      case 'getOracles':
        return encoded(feed.oracles);
      case 'transmitters':
        return encoded(feed.transmitters ?? feed.oracles);
      case 'withdrawablePayment':
      case 'owedPayment':
        return encoded(feed.payment);
      case 'latestRoundData':
        return roundData(
          feed.rounds.findLast((round) => round.answer !== null),
          encoded,
        );
      default: {
        const wanted = Number(ABI.decodeFunctionData('getRoundData', params[0].data)[0]);
        return roundData(
          feed.rounds.find((round) => round.id === wanted && round.answer !== null),
          encoded,
        );
      }
    }
  }

  #logs(feed: FakeFeed | undefined, filter: Call['params'][0]): object {
    const [from, to] = [Number(filter.fromBlock), Number(filter.toBlock)];
    this.ranges.push([from, to]);
    if (to - from + 1 > this.largestRange) {
      return { error: { code: -32005, message: 'query exceeds max block range' } };
    }
    const wanted = filter.topics[3] as string[] | undefined;
    const events = (feed?.events ?? []).filter(
      ({ block, oracle }) =>
        block >= from &&
        block <= to &&
        (wanted === undefined || wanted.some((topic) => topic.slice(-40) === oracle?.slice(2).toLowerCase())),
    );
    // Newest first: who reads them must not rely on an order.
    return { result: events.map((event, index) => logOf(feed as FakeFeed, event, index)).reverse() };
  }
}

function roundData(round: FakeRound | undefined, encoded: (...values: unknown[]) => object): unknown {
  return round === undefined ? REVERT : encoded(round.id, round.answer, round.at - 5, round.at, round.id);
}

function logOf({ aggregator, version }: FakeFeed, event: FakeEvent, index: number): object {
  const { data, topics } =
    version === 3
      ? ABI.encodeEventLog('SubmissionReceived', [event.submission, event.round, event.oracle])
      : ABI.encodeEventLog('NewTransmission', [
          event.round,
          event.observations?.[0] ?? 0n,
          aggregator,
          event.observations ?? [],
          event.observers ?? '0x',
          `0x${'0'.repeat(64)}`,
        ]);
  return {
    address: aggregator,
    blockNumber: hex(event.block),
    logIndex: hex(index),
    data,
    topics,
    removed: false,
  };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
