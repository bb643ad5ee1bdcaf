/**
 * Which node is asked about the chain: the first that answers, is of the right chain and is not syncing.
 * Promise: a node that answers late or never costs its share of the time only, and none is asked twice.
 */
import { isVedetteError } from '@vedette/contract';
import { sourceFamilyOf } from '@vedette/monitor';
import { objectOf } from './answers.js';
import { callNode } from './chain-reader.js';
import type { Connection, Connections } from './connections.js';
import { isOver, within, type Patience } from './patience.js';
import type { NodeAddress } from './rpc-socket.js';

export interface SourceNode extends NodeAddress {
  readonly isArchiveNode: boolean;
  /** Has better to do: comes after all others, also if it was the last good one. */
  readonly isValidator: boolean;
}

export interface ChosenSource {
  readonly node: SourceNode;
  readonly connection: Connection;
}

export interface ChoiceOptions {
  /** Hash of block 0 of the chain meant; null: any. */
  readonly genesis: string | null;
  /** Tried even if it could not be reached a moment ago. */
  readonly isInsistent?: (node: SourceNode) => boolean;
  readonly onSkipped?: (node: SourceNode, error: unknown) => void;
}

/** No source could be chosen. */
export class NoSyncedSource extends Error {}

const MOST_MS = 4_000;

/** The last good one first, then the configured order; validators after all others. */
export function preferring(nodes: readonly SourceNode[], lastUrl: string | null): SourceNode[] {
  const isLast = ({ url }: SourceNode): boolean => url === lastUrl;
  const lastFirst = [...nodes.filter(isLast), ...nodes.filter((node) => !isLast(node))];
  return [
    ...lastFirst.filter(({ isValidator }) => !isValidator),
    ...nodes.filter(({ isValidator }) => isValidator),
  ];
}

export function sourceNode({
  url,
  isArchiveNode,
  isValidator,
  verifyTls,
}: {
  readonly url: string;
  readonly isArchiveNode: boolean;
  readonly isValidator: boolean;
  readonly verifyTls: boolean;
}): SourceNode {
  return { url, isTlsVerified: verifyTls, isArchiveNode, isValidator };
}

/** Null if there is none. */
export async function chooseSource(
  connections: Connections,
  nodes: readonly SourceNode[],
  patience: Patience,
  options: ChoiceOptions,
): Promise<ChosenSource | null> {
  for (const [index, node] of nodes.entries()) {
    if (isOver(patience)) break;
    const shareMs = (patience.byMs - performance.now()) / (nodes.length - index);
    const share = within(patience, Math.min(MOST_MS, shareMs));
    try {
      const isInsistent = options.isInsistent?.(node) ?? false;
      const connection = await connections.use(node, share, (one) => probe(one, share), isInsistent);
      if (connection === null) continue;
      if (options.genesis === null || connection.genesis === options.genesis) return { node, connection };
    } catch (error) {
      patience.signal.throwIfAborted();
      if (!isVedetteError(error) || sourceFamilyOf(error) === null) throw error;
      options.onSkipped?.(node, error);
    }
  }
  return null;
}

/**
 * What `work` makes of the first good source; if that source fails it, of the next good one. Throws
 * NoSyncedSource if there is none at all, else the last failure.
 */
export async function fromFirstGood<T>(
  connections: Connections,
  nodes: readonly SourceNode[],
  patience: Patience,
  options: ChoiceOptions,
  work: (chosen: ChosenSource) => Promise<T>,
): Promise<T> {
  let left = [...nodes];
  for (let failure: unknown = new NoSyncedSource(); ;) {
    const chosen = await chooseSource(connections, left, patience, options);
    if (chosen === null) throw failure;
    try {
      return await work(chosen);
    } catch (error) {
      patience.signal.throwIfAborted();
      if (!isVedetteError(error) || sourceFamilyOf(error) === null) throw error;
      options.onSkipped?.(chosen.node, error);
      // What one node cannot tell another may; what the chain lacks it lacks everywhere.
      if (error.code === 'SOURCE_UNSUPPORTED') throw error;
      failure = error;
      left = left.filter((node) => node !== chosen.node);
    }
  }
}

/** The connection, or null while the node is syncing. */
async function probe(connection: Connection, patience: Patience): Promise<Connection | null> {
  const health = objectOf(await callNode(connection, patience, 'system_health'), 'The health of a node');
  return health['isSyncing'] === false ? connection : null;
}
