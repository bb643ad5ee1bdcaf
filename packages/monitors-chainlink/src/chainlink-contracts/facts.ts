/** The observations of a round for people and gauges: of the chain as a whole, since facts carry no labels. */
import type { Facts } from '@vedette/contract';
import type { FeedsRead } from './feeds.js';
import type { ContractsMemory } from './memory.js';
import type { Context } from './monitor.js';

export function observed(
  context: Context,
  { list, addresses }: ContractsMemory,
  { reports, unreadable }: FeedsRead,
  own: {
    readonly height: number;
    readonly watched: number;
    readonly unknown: number;
    readonly requestSeconds: number;
  },
): Facts {
  const all = [...reports.values()].flat();
  const nowSeconds = context.now() / 1000;
  const answeredAt = all.map(({ latest }) => Number(latest.updatedAt));
  const ages = Object.values(addresses).flatMap(({ at }) => (at === null ? [] : [nowSeconds - at / 1000]));
  return {
    feed_count: own.watched,
    block_height: own.height,
    node_count: reports.size,
    nodes_without_address: own.unknown,
    unreadable_feeds: unreadable,
    listed_contracts: list.feeds.length,
    list_age_seconds: list.at === null ? null : nowSeconds - list.at / 1000,
    address_age_seconds: ages.length === 0 ? null : Math.max(...ages),
    oldest_answer_seconds: answeredAt.length === 0 ? null : nowSeconds - Math.min(...answeredAt),
    observed_rounds: all.reduce((sum, { history }) => sum + history.length, 0),
    open_payment_juels: all.reduce((sum, { payment }) => sum + Number(payment), 0),
    request_seconds: own.requestSeconds,
  };
}
