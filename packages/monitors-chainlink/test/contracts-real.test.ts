/** The contracts monitor on anvil: Chainlink's own FluxAggregator and proxy, and an OCR aggregator of ours. */
import type { JsonObject, JsonValue } from '@vedette/contract';
import { closeHttp } from '@vedette/monitor';
import { expect } from 'chai';
import { startAnvil, type Anvil } from '../../../test/support/anvil.js';
import { eventually } from '../../../test/support/eventually.js';
import { identity, playRound, type PlayedRound } from '../../../test/support/monitor-round.js';
import { priceFeedsOn, type PriceFeed, type PriceFeeds } from '../../../test/support/price-feeds.js';
import { answer, startStub, type StubSource } from '../../../test/support/stub-source.js';
import defaultMonitor from '../src/chainlink-contracts/monitor.js';

const CHAIN = identity(
  'chainlink-contracts',
  'local',
  'Chainlink Contracts Monitor (local)',
  'chainlink local',
);

interface Report extends JsonObject {
  historicalRounds: JsonObject[];
}

describe('the contracts monitor on real contracts', function () {
  this.timeout(60_000);
  let anvil: Anvil;
  let feeds: PriceFeeds;
  let flux: PriceFeed;
  let ocr: PriceFeed;
  let stub: StubSource;
  let state: JsonValue;
  let submitters: string[];

  before(async () => {
    anvil = await startAnvil();
    feeds = await priceFeedsOn(anvil);
    submitters = feeds.accounts.slice(1, 4) as string[];
    flux = await feeds.flux('ETH / USD', submitters);
    ocr = await feeds.ocr('LINK / USD', submitters);
    stub = await startStub((socket, request) => {
      const node = /^\/node\/(\d)$/.exec(request.path)?.[1];
      const listed = (feed: PriceFeed, contractVersion: number): object => ({
        name: 'x',
        contractAddress: feed.aggregator.address,
        proxyAddress: feed.proxy,
        contractVersion,
        status: 'live',
      });
      if (node === undefined) answer(JSON.stringify([listed(ocr, 4), listed(flux, 3)]))(socket, request);
      else {
        const account = feeds.accounts[Number(node)] ?? '';
        answer(`# TYPE eth_balance gauge\neth_balance{account="${account}",evmChainID="31337"} 9.5\n`)(
          socket,
          request,
        );
      }
    });
  });
  after(async () => {
    closeHttp();
    await anvil?.stop();
    await stub?.close();
  });
  beforeEach(() => {
    state = null;
  });

  const round = async (...nodes: number[]): Promise<PlayedRound> => {
    const played = await playRound(defaultMonitor, {
      settings: {
        weiwatchersUrl: `${stub.url}/list.json`,
        evmUrls: [anvil.url],
        nodes: nodes.map((number) => ({
          id: `node_${number}`,
          name: `cl ${number}`,
          prometheusUrls: [`${stub.url}/node/${number}`],
          verifyTls: false,
        })),
      },
      monitor: CHAIN,
      state,
    });
    state = played.result.state ?? null;
    return played;
  };
  const dataOf = (played: PlayedRound, index = 0): Record<string, Report> =>
    (JSON.parse(played.texts[index] ?? '{}') as { result: { data: Record<string, Report> } }).result.data;
  const keyOf = (address: string, data: Record<string, Report>): string =>
    Object.keys(data).find((key) => key.toLowerCase() === address.toLowerCase()) ?? '';
  const submit = (oracle: number, id: number, value: bigint): Promise<void> =>
    flux.aggregator.send(submitters[oracle] ?? '', 'submit', id, value);

  it('follows rounds from the first submission through the consensus, counting nothing twice', async () => {
    await submit(0, 1, 300_000_000_001n);
    await submit(1, 1, 300_000_000_003n);
    await ocr.aggregator.send(submitters[0] ?? '', 'transmit', [5n, 7n, 9n], '0x000102');
    const first = await round(1);
    const data = dataOf(first);
    expect(Object.keys(data).map((key) => key.toLowerCase())).to.deep.equal([
      flux.proxy.toLowerCase(),
      ocr.proxy.toLowerCase(),
    ]);
    const proxy = keyOf(flux.proxy, data);
    expect(data[proxy]).to.deep.include({ contractVersion: 3, description: 'ETH / USD', latestRound: 1 });
    expect(first.texts[0]).to.match(/"withdrawablePayment": 1000000000000000000,/);

    await submit(0, 2, 300_000_000_005n);
    const open = dataOf(await round(1))[proxy]?.historicalRounds;
    expect(open).to.deep.equal([
      {
        roundId: 2,
        roundAnswer: null,
        roundTimestamp: null,
        answeredInRound: null,
        nodeSubmission: 300_000_000_005,
      },
    ]);
    expect(dataOf(await round(1))[proxy]?.historicalRounds).to.deep.equal(open);

    await submit(1, 2, 300_000_000_007n);
    const settled = dataOf(await round(1))[proxy];
    expect(settled?.historicalRounds.map((one) => [one['roundId'], one['roundAnswer']])).to.deep.equal([
      [2, 300_000_000_006],
    ]);
    expect(settled).to.deep.include({ latestRound: 2, latestAnswer: 300_000_000_006, lastRoundObserved: 2 });
    const quiet = await round(1);
    expect(dataOf(quiet)[proxy]?.historicalRounds).to.deep.equal([]);
    expect(dataOf(quiet)[proxy]).to.deep.include({ lastRoundObserved: 2 });
  });

  it('finds each node its own observation in a transmission', async () => {
    await round(1, 2, 4);
    await ocr.aggregator.send(submitters[0] ?? '', 'setOwed', submitters[1] ?? '', 99n * 10n ** 18n);
    await ocr.aggregator.send(submitters[0] ?? '', 'transmit', [11n, 13n], '0x0201');
    const played = await round(1, 2, 4);
    expect(played.texts).to.have.lengthOf(3);
    const [first, second, none] = [0, 1, 2].map((index) => dataOf(played, index));
    const proxy = keyOf(ocr.proxy, first ?? {});
    expect(first?.[proxy]?.historicalRounds.map((one) => one['nodeSubmission'])).to.deep.equal([null]);
    expect(second?.[proxy]?.historicalRounds.at(-1)).to.include({
      roundAnswer: 13,
      nodeSubmission: 13,
      noOfObservations: 2,
      noOfTransmitters: 3,
    });
    expect(played.texts[1]).to.include('"owedPayment": 99000000000000000000,');
    expect(none, 'an account in no feed').to.deep.equal({});
  });

  it('leaves out a feed whose transmitters no longer name the node', async () => {
    await round(1);
    await ocr.aggregator.send(submitters[0] ?? '', 'setTransmitters', submitters.slice(1));
    const data = dataOf(await round(1));
    expect(Object.keys(data).map((key) => key.toLowerCase())).to.deep.equal([flux.proxy.toLowerCase()]);
    await ocr.aggregator.send(submitters[0] ?? '', 'setTransmitters', submitters);
  });

  it('reports 5019 when the node dies, and goes on where it was when it is back', async () => {
    await round(1);
    process.kill(anvil.pid, 'SIGSTOP');
    try {
      // A process of many threads may answer once more before the last of them stands.
      const dead = await eventually(async () => (await round(1)).result.reported, { deadlineMs: 15_000 });
      expect(dead.code).to.equal(5019);
    } finally {
      process.kill(anvil.pid, 'SIGCONT');
    }
    await submit(0, 3, 5n);
    await submit(1, 3, 7n);
    const data = dataOf(await round(1));
    expect(data[keyOf(flux.proxy, data)]?.historicalRounds.map((one) => one['roundAnswer'])).to.deep.equal([
      6,
    ]);
  });
});
