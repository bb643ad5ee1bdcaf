/** Two price feeds, one of each version, as tests of the contracts kind read them on a {@link FakeChain}. */
import type { FakeFeed } from './fake-chain.js';

/** All digits: their checksummed form is the same. */
const addresses = ['1', '2', '3', '4', '5', '6'].map((digit) => `0x${digit.repeat(40)}`);
export const [FLUX, FLUX_AGGREGATOR, OCR, OCR_AGGREGATOR, ONE, TWO] = addresses as [
  string,
  string,
  string,
  string,
  string,
  string,
];

/** The page that tells from which account a node sends. */
export const METRICS = (account: string): string =>
  `# TYPE eth_balance gauge\neth_balance{account="${account}",evmChainID="1"} 26\n`;

/** What weiwatchers says of the feeds. */
export function listing(feeds: readonly FakeFeed[]): string {
  return JSON.stringify(
    feeds.map(({ proxy, aggregator, version }) => ({
      contractAddress: aggregator,
      contractVersion: version,
      name: 'x',
      proxyAddress: proxy,
      threshold: 0.5,
    })),
  );
}

export function fluxFeed(): FakeFeed {
  return {
    version: 3,
    proxy: FLUX,
    aggregator: FLUX_AGGREGATOR,
    description: 'AAA / USD',
    oracles: [TWO, ONE],
    payment: 1_250_000_000_000_000_000_000n,
    rounds: [
      { id: 94, answer: 120_040_000_000n, at: 1_699_999_900 },
      { id: 95, answer: null, at: 0 },
    ],
    events: [
      { block: 1_000, round: 94, oracle: ONE, submission: 120_039_000_000n },
      { block: 1_000, round: 95, oracle: ONE, submission: 120_050_000_000n },
    ],
  };
}

export function ocrFeed(): FakeFeed {
  return {
    version: 4,
    proxy: OCR,
    aggregator: OCR_AGGREGATOR,
    description: 'BBB / USD',
    oracles: [TWO, FLUX, ONE],
    payment: 99_000_000_000_000_000_000n,
    rounds: [{ id: 1_203, answer: 674_000n, at: 1_699_999_980 }],
    events: [{ block: 1_000, round: 1_203, observers: '0x0001', observations: [673_000n, 675_000n] }],
  };
}
