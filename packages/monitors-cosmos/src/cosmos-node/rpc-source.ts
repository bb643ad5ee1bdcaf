/** What the node itself says, and what a synced source knows of new blocks (panic-monitors-contract 11.2, 11.3). */
import { ReplyFault } from '../shared/reply.js';
import { askStatus, type NodeStatus } from '../shared/rpc.js';
import { firstThatServes, inOrder, SourceError, type Source, type Verdict } from '../shared/source-walk.js';
import type { Client, Timeouts } from '../shared/client.js';
import { askBlock, catchUp, type HeightReading } from './catch-up.js';
import { heightsToCheck } from './height-plan.js';
import type { RpcMemory } from './memory.js';
import type { CosmosNodeSettings } from './settings.js';

export interface RpcReading {
  readonly isSyncing: boolean;
  readonly isPeered: boolean | null;
  /** Rising; empty for a node that is no validator. */
  readonly heights: readonly HeightReading[];
  /** Why not all new heights could be read; they are left for the next round. */
  readonly leftOver: unknown;
  /** How far the node itself is. */
  readonly ownHeight: number | null;
  /** How far the source is; null where none was asked for blocks. */
  readonly sourceHeight: number | null;
}

export interface RpcParts {
  readonly client: Client;
  readonly settings: CosmosNodeSettings;
  readonly url: string;
  readonly memory: RpcMemory;
  readonly timeouts: Timeouts;
  readonly onStep: () => void;
}

interface RpcSource extends Source {
  readonly isArchive: boolean;
}

interface History {
  readonly heights: readonly HeightReading[];
  readonly leftOver: unknown;
  readonly sourceHeight: number | null;
  readonly memory: RpcMemory;
}

const CHOICE_PART = 0.5;

/** Throws {@link SourceError} or NoSyncedSource. */
export async function readRpc(parts: RpcParts): Promise<{ reading: RpcReading; memory: RpcMemory }> {
  const { client, settings, url, memory, timeouts } = parts;
  const stop = new AbortController();
  const own = askOwnStatus(client, url);
  own.catch((error: unknown) => {
    stop.abort(error);
  });
  const bounded = { ...parts, client: client.until(stop.signal) };
  const walk = firstThatServes<RpcSource, History>({
    sources: inOrder(sourcesOf(settings, url), memory.source),
    probeMs: timeouts.probeMs,
    budgetMs: timeouts.budgetMs * CHOICE_PART,
    async probe(source, timeoutMs) {
      const status = await (source.url === url ? own : askStatus(bounded.client, source.url, timeoutMs));
      return verdictOn(status, await own, memory);
    },
    retrieve: async (source) => readHistory(bounded, source, await own),
  });
  const [reached, served] = await Promise.allSettled([own, walk]);
  if (reached.status === 'rejected') throw new SourceError(url, true, reached.reason);
  if (served.status === 'rejected') throw served.reason;
  const { isSyncing, isPeered, height: ownHeight } = reached.value;
  const { memory: next, ...history } = served.value.answer;
  const source = settings.dataSources.length === 0 ? null : served.value.source.url;
  return { reading: { isSyncing, isPeered, ownHeight, ...history }, memory: { ...next, source } };
}

async function askOwnStatus(client: Client, url: string): Promise<NodeStatus> {
  const status = await askStatus(client, url);
  if (status.address === null)
    throw new ReplyFault('incompatible', 'the answer lacks validator_info.address');
  return status;
}

/** A source of another chain is of no use; one that is behind what was checked can tell nothing new. */
function verdictOn(status: NodeStatus, own: NodeStatus, memory: RpcMemory): Verdict {
  const isForeign = status.chainId !== null && own.chainId !== null && status.chainId !== own.chainId;
  if (status.isSyncing || isForeign) return 'unusable';
  const last = startOf(memory, own).lastHeight;
  return last !== null && status.height !== null && status.height < last ? 'behind' : 'usable';
}

/** Archive nodes first, in PANIC's order; then all others; a node of both lists once. */
function sourcesOf(settings: CosmosNodeSettings, own: string): RpcSource[] {
  const others = settings.dataSources.flatMap(({ rpcUrl, isValidator, isArchive }) =>
    rpcUrl === null || rpcUrl === own ? [] : [{ url: rpcUrl, isLastResort: isValidator, isArchive }],
  );
  const all = [...others, { url: own, isLastResort: true, isArchive: settings.isArchive }];
  return [...all.filter(({ isArchive }) => isArchive), ...all.filter(({ isArchive }) => !isArchive)];
}

/** Heights of another chain mean nothing: a test net that began anew is watched from where it is. */
function startOf(memory: RpcMemory, own: NodeStatus): RpcMemory {
  const chainId = own.chainId ?? memory.chainId;
  const address = own.address === null || own.address === '' ? memory.address : own.address;
  const isSame = memory.chainId === null || memory.chainId === chainId;
  if (isSame) return { ...memory, address, chainId };
  return { ...memory, address, chainId, lastHeight: null, lastSet: null };
}

async function readHistory(parts: RpcParts, source: RpcSource, own: NodeStatus): Promise<History> {
  const { client, settings, memory } = parts;
  const start = startOf(memory, own);
  if (!settings.isValidator) return { heights: [], leftOver: null, sourceHeight: null, memory: start };
  const { address, lastHeight } = start;
  const newest = await askBlock(client, source.url, null, address);
  const planned = heightsToCheck(lastHeight, newest.height, source.isArchive);
  const first = planned[0];
  const common = { leftOver: null, sourceHeight: newest.height };
  // Never backwards: a source that is behind would have heights counted twice.
  if (first === undefined) return { ...common, heights: [], memory: start };
  if (address === '') {
    // Nobody to look for: nothing of these blocks need be read.
    return { ...common, heights: planned.map(unknownAt), memory: { ...start, lastHeight: newest.height } };
  }
  const { readings, lastSet, failure } = await catchUp({
    client,
    url: source.url,
    heights: planned,
    address,
    newest,
    // A set of another height than the one before the first says nothing about it.
    knownSet: lastHeight === first - 1 ? start.lastSet : null,
    onStep: parts.onStep,
  });
  const last = readings.at(-1);
  if (last === undefined) throw failure;
  return {
    ...common,
    heights: readings,
    leftOver: failure,
    memory: { ...start, lastHeight: last.height, lastSet },
  };
}

function unknownAt(height: number): HeightReading {
  return { height, isActive: false, isSigned: false, slash: { isSlashed: false, amount: null } };
}
