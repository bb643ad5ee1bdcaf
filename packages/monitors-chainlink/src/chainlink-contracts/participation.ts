/** Which nodes take part in which feed: asked when list or addresses are new, until every feed has answered. */
import type { JsonRpcSource } from '@vedette/monitor';
import { addressesOf, viewCall } from './abi.js';
import type { Feed } from './contract-list.js';

export type Members = Readonly<Record<string, readonly string[]>>;

export interface Participation {
  readonly members: Members;
  /** False while a feed has not answered: it is asked again in the next round. */
  readonly isComplete: boolean;
}

/** `addresses`: node id to address. What a feed said before stays while it does not answer. */
export async function findMembers(
  source: JsonRpcSource,
  feeds: readonly Feed[],
  addresses: ReadonlyMap<string, string>,
  before: Members,
): Promise<Participation> {
  const viewOf = ({ version }: Feed): 'getOracles' | 'transmitters' =>
    version === 3 ? 'getOracles' : 'transmitters';
  const answers = await source.ask(feeds.map((feed) => viewCall(feed.aggregator, viewOf(feed))));
  const members: Record<string, readonly string[]> = {};
  let isComplete = true;
  for (const [index, feed] of feeds.entries()) {
    try {
      const oracles = new Set(addressesOf(viewOf(feed), answers[index]));
      members[feed.proxy] = [...addresses].filter(([, address]) => oracles.has(address)).map(([id]) => id);
    } catch {
      isComplete = false;
      const known = before[feed.proxy];
      if (known !== undefined) members[feed.proxy] = known.filter((id) => addresses.has(id));
    }
  }
  return { members, isComplete };
}

/** Changes when anything changes that decides who takes part. */
export function membersKey(listedAt: number | null, addresses: ReadonlyMap<string, string>): string {
  return `${String(listedAt)} ${[...addresses].map(([id, address]) => `${id}=${address}`).join(' ')}`;
}
