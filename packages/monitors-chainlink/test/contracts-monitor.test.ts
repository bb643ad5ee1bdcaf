import type { JsonObject, JsonValue } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { expectGolden } from '../../../test/support/golden.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import {
  answer,
  BROKEN,
  deadPort,
  startStub,
  type Behaviour,
  type StubSource,
} from '../../../test/support/stub-source.js';
import { chainlinkContractsMonitor } from '../src/chainlink-contracts/monitor.js';
import { chainlinkContractsStrategy } from '../src/index.js';
import { FakeChain } from '../../../test/support/fake-chain.js';
import {
  FLUX,
  FLUX_AGGREGATOR,
  fluxFeed,
  listing,
  METRICS,
  OCR,
  OCR_AGGREGATOR,
  ocrFeed,
  ONE,
  TWO,
} from '../../../test/support/chainlink-feeds.js';

const GOLDENS = 'packages/monitors-chainlink/test/goldens/chainlink-contracts';
const CHAIN = identity(
  'chainlink-contracts',
  'ethereum',
  'Chainlink Contracts Monitor (ethereum)',
  'chainlink ethereum',
);
const NOW_MS = 1_700_000_000_123.456;
const HOUR_MS = 3_600_000;
const PATIENT = {
  listMs: 3_000,
  walkMs: 3_000,
  pageMs: 3_000,
  probeMs: 2_000,
  requestMs: 3_000,
  budgetMs: 6_000,
};
const SHORT = { listMs: 250, walkMs: 250, pageMs: 250, probeMs: 250, requestMs: 250, budgetMs: 500 };
const SILENT = ['black hole', 'slow drip'];

describe('the contracts monitor', () => {
  const stubs: StubSource[] = [];
  const start = async (behaviour: Behaviour): Promise<StubSource> => {
    const stub = await startStub(behaviour);
    stubs.push(stub);
    return stub;
  };
  let chain: FakeChain;
  let evm: StubSource;
  let list: StubSource;
  let metrics: StubSource;
  let state: JsonValue;

  beforeEach(async () => {
    chain = new FakeChain([ocrFeed(), fluxFeed()]);
    evm = await start(chain.behaviour);
    list = await start((socket, request) =>
      answer(listing(chain.feeds), { type: 'application/json' })(socket, request),
    );
    metrics = await start((socket, request) =>
      answer(METRICS(request.path.includes('two') ? TWO : ONE))(socket, request),
    );
    state = null;
  });
  afterEach(async () => {
    closeHttp();
    await Promise.all(stubs.splice(0).map((stub) => stub.close()));
  });

  interface Options {
    readonly evmUrls?: string[];
    readonly weiwatchersUrl?: string;
    readonly nodes?: { name: string; urls?: string[] }[];
    readonly nowMs?: number;
    readonly timeouts?: typeof PATIENT;
    readonly signal?: AbortSignal;
  }
  const round = async (options: Options = {}): Promise<PlayedRound> => {
    const { nodes = [{ name: 'one' }], timeouts = PATIENT, nowMs = NOW_MS, signal } = options;
    const played = await playRound(chainlinkContractsMonitor(timeouts), {
      settings: {
        weiwatchersUrl: options.weiwatchersUrl ?? `${list.url}/list.json`,
        evmUrls: options.evmUrls ?? [evm.url],
        nodes: nodes.map(({ name, urls = [`${metrics.url}/${name}`] }, index) => ({
          id: `node_${index + 1}`,
          name: `cl-eth-${name}`,
          prometheusUrls: urls,
          verifyTls: false,
        })),
      },
      monitor: CHAIN,
      state,
      nowMs,
      ...(signal === undefined ? {} : { signal }),
    });
    state = JSON.parse(JSON.stringify(played.result.state ?? null)) as JsonValue;
    return played;
  };
  type Data = Record<string, JsonObject & { historicalRounds: JsonObject[] }>;
  const dataOf = (played: PlayedRound, index = 0): Data =>
    (JSON.parse(played.texts[index] ?? '{}') as { result: { data: Data } }).result.data;
  const shown = (played: PlayedRound, index = 0): string =>
    (played.texts[index] ?? '').replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://source.example');

  it("publishes a node's feeds as PANIC would: version 3, then 4, integers plain, an open round with nulls", async () => {
    const played = await round();
    expect(played.result.messages.map(({ routingKey }) => routingKey)).to.deep.equal(['contracts.chainlink']);
    expectGolden(`${GOLDENS}/result`, shown(played));
    expect(played.result.facts).to.include({
      feed_count: 2,
      block_height: 1_000,
      node_count: 1,
      nodes_without_address: 0,
      unreadable_feeds: 0,
      listed_contracts: 2,
      list_age_seconds: 0,
      observed_rounds: 3,
    });
    expect(played.result.facts?.['oldest_answer_seconds']).to.be.closeTo(100, 1);
    expect(chainlinkContractsStrategy.keyFigure(played.result.facts ?? {})).to.equal('2 feeds at block 1000');
    expect(played.logs).to.deep.equal([]);
  });

  it('publishes one message per node, in the order of the config, each with its own submissions', async () => {
    chain.feeds[0]!.events = [{ block: 1_000, round: 1_203, observers: '0x0200', observations: [1n, 2n] }];
    const played = await round({ nodes: [{ name: 'two' }, { name: 'one' }] });
    expect(played.texts).to.have.lengthOf(2);
    expectGolden(`${GOLDENS}/first-of-two-nodes`, shown(played));
    expectGolden(`${GOLDENS}/second-of-two-nodes`, shown(played, 1));
  });

  it('publishes {} for a node that certainly takes part in no feed', async () => {
    chain.feeds.splice(0, 2, { ...fluxFeed(), oracles: [TWO] });
    expectGolden(`${GOLDENS}/no-feeds`, shown(await round()));
  });

  it('writes numbers beyond any double with all their digits', async () => {
    const huge = 2n ** 255n - 1n;
    chain.feeds.splice(0, 2, {
      ...fluxFeed(),
      payment: 2n ** 256n - 1n,
      rounds: [{ id: 94, answer: huge, at: 7 }],
      events: [{ block: 1_000, round: 94, oracle: ONE, submission: -huge - 1n }],
    });
    expectGolden(`${GOLDENS}/big-integers`, shown(await round()));
  });

  describe('following blocks', () => {
    it('asks for no block twice, and for none without a new one', async () => {
      chain.feeds.splice(0, 1);
      chain.feeds[0]!.rounds[1] = { id: 95, answer: 5n, at: 9 };
      await round();
      expect(dataOf(await round())[FLUX]?.historicalRounds).to.deep.equal([]);
      chain.height = 1_005;
      chain.feeds[0]!.events.push({ block: 1_003, round: 95, oracle: ONE, submission: 4n });
      expect(dataOf(await round())[FLUX]?.historicalRounds).to.have.lengthOf(1);
      chain.height = 1_002;
      await round();
      expect(chain.ranges).to.deep.equal([
        [1_000, 1_000],
        [1_001, 1_005],
      ]);
    });

    it('reads an open round again from its block until there is a consensus', async () => {
      chain.feeds.splice(0, 1);
      await round();
      chain.height = 1_010;
      expect(dataOf(await round())[FLUX]?.historicalRounds.map((one) => one['roundId'])).to.deep.equal([
        94, 95,
      ]);
      chain.feeds[0]!.rounds[1] = { id: 95, answer: 120_050_500_000n, at: 1_700_000_000 };
      const data = dataOf(await round())[FLUX];
      expect(data?.historicalRounds.at(-1)).to.include({ roundId: 95, roundAnswer: 120_050_500_000 });
      expect(chain.ranges.at(-1)).to.deep.equal([1_000, 1_010]);
      await round();
      expect(chain.ranges).to.have.lengthOf(3);
    });

    it('catches up in bounded pieces after a long time, without a gap', async () => {
      chain.feeds.splice(0, 1);
      chain.feeds[0]!.events = [];
      await round();
      chain.height = 6_000;
      await round();
      await round();
      await round();
      expect(chain.ranges.slice(1)).to.deep.equal([
        [1_001, 3_000],
        [3_001, 5_000],
        [5_001, 6_000],
      ]);
    });

    it('asks for fewer blocks where a node refuses many, in the same round, and remembers', async () => {
      chain.feeds.splice(0, 1);
      chain.feeds[0]!.events = [{ block: 1_020, round: 94, oracle: ONE, submission: 7n }];
      await round();
      chain.height = 3_000;
      chain.largestRange = 100;
      const played = await round();
      expect(dataOf(played)[FLUX]?.historicalRounds).to.have.lengthOf(1);
      expect(chain.ranges.slice(1).map(([from, to]) => to - from + 1)).to.deep.equal([2_000, 500, 125, 31]);
      expect(state).to.include({ span: 31 });
    });

    it('leaves what is more than 200 events of a feed to the next round, whole blocks only', async () => {
      chain.feeds.splice(0, 1);
      await round();
      chain.feeds[0]!.rounds = Array.from({ length: 300 }, (_none, index) => ({
        id: index + 1,
        answer: 5n,
        at: 9,
      }));
      chain.feeds[0]!.events = chain.feeds[0]!.rounds.map(({ id }) => ({
        block: 1_000 + Math.ceil(id / 3),
        round: id,
        oracle: ONE,
        submission: 5n,
      }));
      chain.height = 1_200;
      const first = dataOf(await round())[FLUX]?.historicalRounds ?? [];
      const second = dataOf(await round())[FLUX]?.historicalRounds ?? [];
      expect([first.length, second.length]).to.deep.equal([198, 102]);
      expect([...first, ...second].map((one) => one['roundId'])).to.deep.equal(
        chain.feeds[0]!.rounds.map(({ id }) => id),
      );
    });

    it('leaves out a round whose answer is 0 and to which the node submitted', async () => {
      chain.feeds[0]!.rounds = [{ id: 1_203, answer: 0n, at: 9 }];
      chain.feeds[1]!.rounds = [
        { id: 94, answer: 0n, at: 9 },
        { id: 95, answer: 5n, at: 9 },
      ];
      const data = dataOf(await round());
      expect(data[FLUX]?.historicalRounds.map((one) => one['roundId'])).to.deep.equal([95]);
      expect(data[OCR]?.historicalRounds).to.have.lengthOf(1);
    });
  });

  describe('sources that last a day', () => {
    it('asks list and addresses once in 24 h, and who takes part when they are new', async () => {
      await round();
      await round({ nowMs: NOW_MS + 23 * HOUR_MS });
      expect([list.requests.length, metrics.requests.length]).to.deep.equal([1, 1]);
      expect(chain.calls.filter((call) => call === 'getOracles' || call === 'description')).to.have.lengthOf(
        3,
      );
      await round({ nowMs: NOW_MS + 25 * HOUR_MS });
      expect([list.requests.length, metrics.requests.length]).to.deep.equal([2, 2]);
      expect(chain.calls.filter((call) => call === 'getOracles' || call === 'description')).to.have.lengthOf(
        6,
      );
    });

    it('keeps the last good list and addresses when they cannot be had again, and tries every ten minutes', async () => {
      await round();
      list.behave(BROKEN['HTTP 503']);
      metrics.behave(BROKEN.reset);
      const later = NOW_MS + 25 * HOUR_MS;
      const played = await round({ nowMs: later });
      expect(Object.keys(dataOf(played))).to.deep.equal([FLUX, OCR]);
      expect(played.logs.map(({ level }) => level)).to.include('warn');
      await round({ nowMs: later + 60_000 });
      expect([list.requests.length, metrics.requests.length]).to.deep.equal([2, 2]);
      await round({ nowMs: later + 11 * 60_000 });
      expect([list.requests.length, metrics.requests.length]).to.deep.equal([3, 3]);
    });

    it('keeps the last good list when the new one is empty', async () => {
      await round();
      list.behave(answer('[]'));
      expect(Object.keys(dataOf(await round({ nowMs: NOW_MS + 25 * HOUR_MS })))).to.deep.equal([FLUX, OCR]);
    });

    it('takes the first metrics page that answers, and stops at one without the metric', async () => {
      const dead = `http://127.0.0.1:${await deadPort()}/`;
      const bare = await start(answer('a 1\n'));
      const html = await start(BROKEN['HTML page']);
      const two = { name: 'two', urls: [dead, 'no scheme', html.url, `${metrics.url}/two`] };
      const none = { name: 'none', urls: [bare.url, `${metrics.url}/one`] };
      const played = await round({ nodes: [none, two] });
      expect(played.texts).to.have.lengthOf(1);
      expect(played.texts[0]).to.include('"node_name": "cl-eth-two"');
      expect(played.result.facts).to.include({ nodes_without_address: 1 });
      await round({ nodes: [none, two] });
      expect(bare.requests, 'asked in each round').to.have.lengthOf(2);
    });

    it('asks again who takes part until every feed has answered, and tells nobody {} meanwhile', async () => {
      chain.override = (_method, view) =>
        view === 'getOracles' || view === 'transmitters'
          ? { error: { code: -32000, message: 'busy' } }
          : undefined;
      const first = await round();
      expect(first.result.reported?.code).to.equal(5019);
      chain.override = (_method, view) =>
        view === 'getOracles' ? { error: { code: -32000, message: 'busy' } } : undefined;
      expect(Object.keys(dataOf(await round()))).to.deep.equal([OCR]);
      chain.override = () => undefined;
      expect(Object.keys(dataOf(await round()))).to.deep.equal([FLUX, OCR]);
    });

    it('takes odd lists as they come: bad entries, other versions, lower case, versions as text', async () => {
      list.behave(
        answer(
          JSON.stringify([
            null,
            7,
            { contractAddress: FLUX_AGGREGATOR },
            { contractAddress: 'x', proxyAddress: 'y', contractVersion: 3 },
            { contractAddress: FLUX_AGGREGATOR, proxyAddress: OCR, contractVersion: 2 },
            { contractAddress: FLUX_AGGREGATOR, proxyAddress: FLUX, contractVersion: '3' },
          ]),
        ),
      );
      expect(Object.keys(dataOf(await round()))).to.deep.equal([FLUX]);
    });
  });

  describe('EVM nodes', () => {
    it('prefers the last good one, then the first in order that answers and is synced', async () => {
      const lagging = new FakeChain(chain.feeds);
      lagging.syncing = { currentBlock: '0x1', highestBlock: '0x9' };
      const behind = await start(lagging.behaviour);
      const other = await start(chain.behaviour);
      const dead = `http://127.0.0.1:${await deadPort()}/`;
      const evmUrls = ['', dead, behind.url, evm.url, other.url];
      expect((await round({ evmUrls })).result.state).to.include({ evmUrl: evm.url });
      lagging.syncing = false;
      expect((await round({ evmUrls })).result.state).to.include({ evmUrl: evm.url });
      evm.behave(BROKEN.reset);
      expect((await round({ evmUrls })).result.state).to.include({ evmUrl: behind.url });
    });

    it('asks one call after another, eight at a time, where batches are refused, and remembers', async () => {
      chain.isBatching = false;
      const played = await round();
      expect(Object.keys(dataOf(played))).to.deep.equal([FLUX, OCR]);
      expect(state).to.deep.include({ single: [evm.url] });
      const before = chain.requests - chain.calls.length;
      await round();
      expect(chain.requests - chain.calls.length, 'no further batch').to.equal(before);
    });

    it('leaves out a feed that cannot be read, and reads its events later', async () => {
      chain.override = (_method, view, to) =>
        view === 'latestRoundData' && to === FLUX_AGGREGATOR
          ? { error: { code: -32000, message: 'busy' } }
          : undefined;
      const first = await round();
      expect(Object.keys(dataOf(first))).to.deep.equal([OCR]);
      expect(first.result.facts).to.include({ unreadable_feeds: 1 });
      chain.override = () => undefined;
      expect(dataOf(await round())[FLUX]?.historicalRounds).to.have.lengthOf(2);
    });

    const NONSENSE: readonly (readonly [what: string, reply: object])[] = [
      ['an empty answer', { result: '0x' }],
      ['null', { result: null }],
      ['a number', { result: 7 }],
      ['half an answer', { result: '0x1234' }],
      ['no result', {}],
      ['a revert', { error: { code: 3, message: 'execution reverted' } }],
    ];
    for (const [what, reply] of NONSENSE) {
      it(`reports 5019 when every feed gives ${what}`, async () => {
        await round();
        chain.override = (method) => (method === 'eth_call' ? reply : undefined);
        expect((await round()).result.reported?.code).to.equal(5019);
      });
      it(`leaves out a feed whose events are ${what}`, async () => {
        chain.override = (method, _view, to) =>
          method === 'eth_getLogs' && to === FLUX_AGGREGATOR ? reply : undefined;
        expect(Object.keys(dataOf(await round()))).to.deep.equal([OCR]);
      });
    }
  });

  describe('failures of the chain', () => {
    it('reports 5018 when there is no list yet, in each round', async () => {
      const weiwatchersUrl = `http://127.0.0.1:${await deadPort()}/list.json`;
      expectGolden(`${GOLDENS}/no-list`, shown(await round({ weiwatchersUrl })));
      expect((await round({ weiwatchersUrl })).result.reported?.code).to.equal(5018);
      expect((await round({ weiwatchersUrl: '' })).result.reported?.code).to.equal(5018);
    });

    it('reports 5018 when no node tells its address', async () => {
      metrics.behave(BROKEN.reset);
      expectGolden(`${GOLDENS}/no-address`, shown(await round()));
    });

    it('reports 5019 when no EVM node is synced, and when there is none', async () => {
      chain.syncing = true;
      expectGolden(`${GOLDENS}/no-evm-node`, shown(await round()));
      expect((await round({ evmUrls: [] })).result.reported?.code).to.equal(5019);
    });

    it('reports 5019 when the node cannot read one feed', async () => {
      chain.feeds.splice(0, 2);
      list.behave(
        answer(
          JSON.stringify([{ contractAddress: FLUX_AGGREGATOR, proxyAddress: FLUX, contractVersion: 3 }]),
        ),
      );
      expectGolden(`${GOLDENS}/nothing-read`, shown(await round()));
    });

    for (const source of Object.keys(BROKEN) as (keyof typeof BROKEN)[]) {
      const timeouts = SILENT.includes(source) ? SHORT : PATIENT;
      it(`reports 5018 for a list that is broken by: ${source}`, async () => {
        list.behave(BROKEN[source]);
        expect((await round({ timeouts })).result.reported?.code).to.equal(5018);
      });
      it(`reports 5018 for the only metrics page broken by: ${source}`, async () => {
        metrics.behave(BROKEN[source]);
        expect((await round({ timeouts })).result.reported?.code).to.equal(5018);
      });
      it(`reports 5019 for the only EVM node broken by: ${source}`, async () => {
        evm.behave(BROKEN[source]);
        expect((await round({ timeouts })).result.reported?.code).to.equal(5019);
      });
      it(`reports 5019 for an EVM node that breaks within the round by: ${source}`, async () => {
        evm.behave((socket, request) => {
          // A redirected POST comes back as a GET without a body.
          if (request.body === '' || request.body.includes('eth_call')) BROKEN[source](socket, request);
          else chain.behaviour(socket, request);
        });
        expect((await round({ timeouts })).result.reported?.code).to.equal(5019);
      });
    }

    it('reports 5018 and 5019 when TLS fails', async () => {
      const secure = (stub: StubSource): string => stub.url.replace('http:', 'https:');
      expect((await round({ weiwatchersUrl: secure(list) })).result.reported?.code).to.equal(5018);
      expect((await round({ evmUrls: [secure(evm)] })).result.reported?.code).to.equal(5019);
    });

    it('reads any old state safely', async () => {
      const odd = {
        list: 7,
        addresses: [],
        members: { a: 7 },
        progress: { node_1: { [FLUX]: ['x'] } },
        span: 'x',
        single: 3,
        descriptions: 1,
      };
      for (const old of [7, 'x', [], odd, { list: { at: 1, feeds: [[1], 'x'] }, span: -5 }] as JsonValue[]) {
        state = old;
        expect(Object.keys(dataOf(await round()))).to.deep.equal([FLUX, OCR]);
      }
    });

    it('keeps a state of hundreds of feeds small, and of no feed or node that is gone', async () => {
      await round();
      expect(JSON.stringify(state).length).to.be.lessThan(2_000);
      list.behave(
        answer(JSON.stringify([{ contractAddress: OCR_AGGREGATOR, proxyAddress: OCR, contractVersion: 4 }])),
      );
      await round({ nowMs: NOW_MS + 25 * HOUR_MS });
      expect(JSON.stringify(state)).not.to.include(FLUX);
    });

    it('throws an abort on: it is no failure of a source', async () => {
      const thrown = await round({ signal: AbortSignal.abort(new Error('stop')) }).catch(String);
      expect(thrown).to.equal('Error: stop');
    });
  });
});
