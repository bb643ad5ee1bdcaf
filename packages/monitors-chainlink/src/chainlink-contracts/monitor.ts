/** Kind `chainlink-contracts`: the feeds of a chain's Chainlink nodes, once per round. Runs in a worker. */
import { serialiseError, type Facts } from '@vedette/contract';
import {
  defineMonitor,
  type MonitorContext,
  type MonitorDefinition,
  type ReportedFailure,
  type RoundResult,
} from '@vedette/monitor';
import { chooseEvmNode, type EvmNode, type EvmTimeouts } from './evm-node.js';
import { addressFailure, listFailure, noEvmNode, nothingRead } from './failures.js';
import { readFeeds, type FeedsRead } from './feeds.js';
import { readMemory, writeMemory, type ContractsMemory } from './memory.js';
import { contractsError, contractsResult } from './messages.js';
import { findMembers, membersKey } from './participation.js';
import { addressesIn, refreshSources, type SourceTimeouts } from './refresh.js';
import type { ChainlinkContractsSettings } from './settings.js';
import { observed } from './facts.js';

export interface ContractsTimeouts extends SourceTimeouts, EvmTimeouts {}

/** The sources, then the EVM node: 24 s at most, within the default round limit of 30 s. */
const TIMEOUTS: ContractsTimeouts = {
  listMs: 8_000,
  walkMs: 8_000,
  pageMs: 5_000,
  probeMs: 2_000,
  requestMs: 5_000,
  budgetMs: 16_000,
};

export type Context = MonitorContext<ChainlinkContractsSettings>;

export function chainlinkContractsMonitor(
  timeouts = TIMEOUTS,
): MonitorDefinition<ChainlinkContractsSettings> {
  return defineMonitor<ChainlinkContractsSettings>({
    async round(context, state) {
      const { monitor, settings, signal } = context;
      const begunMs = performance.now();
      const memory = await refreshSources(context, readMemory(state), timeouts);
      context.step();
      const addresses = addressesIn(memory, settings.nodes);
      if (memory.list.at === null)
        return failed(context, listFailure(monitor, settings.weiwatchersUrl), memory);
      if (addresses.size === 0) return failed(context, addressFailure(monitor), memory);
      const known = { last: memory.evmUrl, single: memory.single };
      const node = await chooseEvmNode(settings.evmUrls, known, timeouts, signal);
      if (node === null) return failed(context, noEvmNode(monitor), memory);
      context.step();
      return observe(context, memory, addresses, node, begunMs);
    },
  });
}

export default chainlinkContractsMonitor();

async function observe(
  context: Context,
  sources: ContractsMemory,
  addresses: ReadonlyMap<string, string>,
  { source, height }: EvmNode,
  begunMs: number,
): Promise<RoundResult> {
  const { monitor, settings } = context;
  const memory = await withMembers(sources, addresses, source);
  const watched = memory.list.feeds.flatMap((feed) => {
    const ids = memory.members[feed.proxy] ?? [];
    const nodes = ids.flatMap((id) => {
      const address = addresses.get(id);
      return address === undefined ? [] : [{ id, address }];
    });
    return nodes.length === 0 ? [] : [{ feed, nodes }];
  });
  const read = await readFeeds(source, watched, { ...memory, height });
  if (read.unreadable > 0) {
    const error = serialiseError(read.problem);
    context.log('debug', 'Feeds could not be read', { count: read.unreadable, error });
  }
  const after: ContractsMemory = {
    ...memory,
    descriptions: { ...memory.descriptions, ...read.descriptions },
    progress: progressAfter(memory, read, settings),
    span: read.span,
    evmUrl: source.url,
    single: singleAfter(memory, source.url, source.isBatched, settings),
  };
  const told = settings.nodes.filter(({ id }) => isToTell(id, after, addresses, read, watched));
  if (told.length === 0) return failed(context, nothingRead(monitor, source.url), after);
  const facts: Facts = observed(context, after, read, {
    height,
    watched: watched.length,
    unknown: settings.nodes.length - addresses.size,
    requestSeconds: (performance.now() - begunMs) / 1000,
  });
  return {
    messages: told.map((node) =>
      contractsResult(monitor, node, context.now(), read.reports.get(node.id) ?? []),
    ),
    state: writeMemory(after),
    facts,
  };
}

/** Asked when list or addresses are new, and until every feed has answered. */
async function withMembers(
  memory: ContractsMemory,
  addresses: ReadonlyMap<string, string>,
  source: EvmNode['source'],
): Promise<ContractsMemory> {
  const key = membersKey(memory.list.at, addresses);
  if (memory.membersOf === key) return memory;
  const { members, isComplete } = await findMembers(source, memory.list.feeds, addresses, memory.members);
  return { ...memory, members, membersOf: isComplete ? key : null };
}

/**
 * An empty list of feeds tells consumers that all is well. So a node is told of when a feed of it was read, or
 * when it is certain that it takes part in none.
 */
function isToTell(
  id: string,
  memory: ContractsMemory,
  addresses: ReadonlyMap<string, string>,
  read: FeedsRead,
  watched: readonly { readonly nodes: readonly { readonly id: string }[] }[],
): boolean {
  if (!addresses.has(id)) return false;
  if (read.reports.has(id)) return true;
  const own = watched.filter(({ nodes }) => nodes.some((node) => node.id === id)).length;
  return memory.membersOf !== null && own === (read.left.get(id) ?? 0);
}

/** What was read, over what is known of nodes and feeds that are still there. */
function progressAfter(
  { progress, list }: ContractsMemory,
  read: FeedsRead,
  { nodes }: ChainlinkContractsSettings,
): ContractsMemory['progress'] {
  const listed = new Set(list.feeds.map(({ proxy }) => proxy));
  return Object.fromEntries(
    nodes.map(({ id }) => {
      const all = { ...progress[id], ...read.progress[id] };
      return [id, Object.fromEntries(Object.entries(all).filter(([proxy]) => listed.has(proxy)))];
    }),
  );
}

function singleAfter(
  { single }: ContractsMemory,
  url: string,
  isBatched: boolean,
  { evmUrls }: ChainlinkContractsSettings,
): string[] {
  const kept = single.filter((one) => one !== url && evmUrls.includes(one));
  return isBatched ? kept : [...kept, url];
}

function failed(context: Context, failure: ReportedFailure, memory: ContractsMemory): RoundResult {
  return {
    messages: [contractsError(context.monitor, context.now(), failure)],
    state: writeMemory(memory),
    reported: failure,
  };
}
