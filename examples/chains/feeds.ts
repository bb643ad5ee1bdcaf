/**
 * Price feeds that live: two of Chainlink's own FluxAggregators behind their proxies on anvil, and two oracles
 * that submit a price to each every few seconds. Promise: after `stop` nothing more is sent.
 */
import type { Anvil } from '../../test/support/anvil.js';
import { priceFeedsOn, type PriceFeed } from '../../test/support/price-feeds.js';

const EVERY_MS = 4_000;
/** Of the answers: eight decimals, as Chainlink's dollar feeds have. */
const UNIT = 10 ** 8;
const PAIRS = [
  { pair: 'ETH / USD', from: 3_000 },
  { pair: 'LINK / USD', from: 15 },
];

export interface LiveFeeds {
  readonly feeds: readonly PriceFeed[];
  /** The account whose Chainlink node is watched; the other oracle's is not. */
  readonly account: string;
  stop(): Promise<void>;
}

/** A price an oracle is about to submit. */
interface Turn {
  readonly feed: PriceFeed;
  readonly oracle: string;
  readonly from: number;
  round: number;
}

export async function startFeeds(
  anvil: Pick<Anvil, 'call'>,
  say: (line: string) => void,
): Promise<LiveFeeds> {
  const chain = await priceFeedsOn(anvil);
  const oracles = chain.accounts.slice(1, 3);
  const feeds: PriceFeed[] = [];
  const turns: Turn[] = [];
  for (const { pair, from } of PAIRS) {
    const feed = await chain.flux(pair, oracles);
    feeds.push(feed);
    turns.push(...oracles.map((oracle) => ({ feed, oracle, from, round: 1 })));
    say(`${pair}: FluxAggregator ${feed.aggregator.address} behind proxy ${feed.proxy}`);
  }

  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const submit = async (turn: Turn): Promise<void> => {
    try {
      const price = BigInt(Math.round(turn.from * (1 + (Math.random() - 0.5) / 100) * UNIT));
      await turn.feed.aggregator.send(turn.oracle, 'submit', turn.round, price);
      turn.round += 1;
    } catch (error) {
      // The same round again next time; the contract takes each oracle's price once.
      if (!isStopped) say(`a price was not taken: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const submitAll = async (): Promise<void> => {
    // One after the other for each oracle: an account's transactions have an order.
    await Promise.all(
      oracles.map(async (oracle) => {
        for (const turn of turns.filter((one) => one.oracle === oracle)) await submit(turn);
      }),
    );
    if (isStopped) return;
    timer = setTimeout(() => {
      running = submitAll();
    }, EVERY_MS);
  };
  // The first round at once, so that there is a price to see.
  let running = submitAll();
  await running;
  return {
    feeds,
    account: oracles[0] ?? '',
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
