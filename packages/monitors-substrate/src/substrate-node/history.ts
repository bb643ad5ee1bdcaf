/**
 * Slashes and offline reports in the blocks since the last round. Consumers add them up, so: no height is
 * told twice, none backwards, and a catch-up that runs out of time goes on in the next round.
 */
import { isVedetteError, VedetteError } from '@vedette/contract';
import type { Codec } from '@polkadot/types/types';
import type { EventRecord } from '@polkadot/types/interfaces';
import type { Account } from '../chain/account.js';
import { textOf } from '../chain/answers.js';
import { ChainReader } from '../chain/chain-reader.js';
import { isOver } from '../chain/patience.js';
import { isSameVersion, versionOf, type RuntimeVersion } from '../chain/runtime-version.js';
import type { Runtime } from '../chain/runtime.js';

export interface BlockReading {
  readonly height: number;
  /** In the chain's smallest unit. */
  readonly slashedAmount: bigint;
  readonly isOffline: boolean;
}

export interface History {
  /** Newest first. */
  readonly blocks: readonly BlockReading[];
  /** Last height told; null if none ever was. */
  readonly lastHeight: number | null;
}

const ARCHIVE_BLOCKS = 300;
/** Nodes that prune keep the state of 256 blocks. */
const PRUNED_BLOCKS = 246;
const AT_ONCE = 8;

/** Heights to be told, oldest first, after `last`: PANIC's table, but never backwards. */
export function heightsAfter(last: number | null, current: number, isArchive: boolean): number[] {
  const most = isArchive ? ARCHIVE_BLOCKS : PRUNED_BLOCKS;
  const from = Math.max(0, last === null ? current : Math.max(last, current - most) + 1);
  return Array.from({ length: Math.max(0, current - from + 1) }, (_none, index) => from + index);
}

export interface HistoryOptions {
  readonly reader: ChainReader;
  readonly version: RuntimeVersion;
  readonly stash: Account;
  readonly heights: readonly number[];
  readonly lastHeight: number | null;
  /** Metadata of a past version. */
  readonly runtimeAt: (version: RuntimeVersion, hash: string) => Promise<Runtime>;
}

/** Throws only if not even the oldest block could be read; else what was read before the failure counts. */
export async function readHistory(options: HistoryOptions): Promise<History> {
  const { reader, heights } = options;
  const blocks: BlockReading[] = [];
  const first = heights[0];
  if (first === undefined) return { blocks, lastHeight: options.lastHeight };
  try {
    const isOneVersion = await ranAlready(options, first);
    for (let from = 0; from < heights.length && (from === 0 || !isOver(reader.patience)); from += AT_ONCE) {
      const part = heights.slice(from, from + AT_ONCE);
      const settled = await Promise.allSettled(
        part.map((height) => readBlock(options, height, isOneVersion)),
      );
      for (const one of settled) {
        if (one.status === 'rejected') throw one.reason;
        blocks.push(one.value);
      }
    }
  } catch (error) {
    reader.patience.signal.throwIfAborted();
    if (!isVedetteError(error)) throw error;
    if (blocks.length === 0) {
      // A node that keeps less than PANIC assumes would else be asked for lost blocks for ever.
      const newest = heights.at(-1);
      if (newest === first || newest === undefined || error.code !== 'SOURCE_HTTP_STATUS') throw error;
      return readHistory({ ...options, heights: [newest] });
    }
  }
  return { blocks: blocks.reverse(), lastHeight: blocks[0]?.height ?? options.lastHeight };
}

/** True if the present runtime already ran in the oldest block: then all of them have its events. */
async function ranAlready(options: HistoryOptions, first: number): Promise<boolean> {
  const version = await versionIn(options, first);
  return version === null || isSameVersion(version, options.version);
}

/** A block's events are those of the runtime its parent left behind. Null where that is pruned. */
async function versionIn(
  { reader }: HistoryOptions,
  height: number,
): Promise<(RuntimeVersion & { readonly hash: string }) | null> {
  const parent = await hashOf(reader, Math.max(0, height - 1));
  try {
    const answer = await reader.call('state_getRuntimeVersion', [parent]);
    return { ...versionOf(answer, reader.connection.socket.url), hash: parent };
  } catch (error) {
    if (isVedetteError(error, 'SOURCE_HTTP_STATUS')) return null;
    throw error;
  }
}

async function readBlock(
  options: HistoryOptions,
  height: number,
  isOneVersion: boolean,
): Promise<BlockReading> {
  let { reader } = options;
  if (!isOneVersion) {
    const past = await versionIn(options, height);
    if (past !== null && !isSameVersion(past, options.version)) {
      const runtime = await options.runtimeAt(past, past.hash);
      reader = new ChainReader(reader.connection, runtime, reader.patience);
    }
  }
  const hash = await hashOf(reader, height);
  const events = await reader.readOne({ pallet: 'system', item: 'events' }, hash);
  return { height, ...eventsOf(events, options.stash) };
}

async function hashOf(reader: ChainReader, height: number): Promise<string> {
  return textOf(await reader.call('chain_getBlockHash', [height]), `The hash of block ${String(height)}`);
}

/** `staking.Slashed` (`Slash` in old runtimes) and `imOnline.SomeOffline` about this account. */
export function eventsOf(events: Codec | null, stash: Account): Omit<BlockReading, 'height'> {
  let slashedAmount = 0n;
  let isOffline = false;
  for (const { event } of (events ?? []) as unknown as EventRecord[]) {
    const name = `${event.section}.${event.method}`.toLowerCase();
    const [subject, amount] = event.data as unknown as (Codec | undefined)[];
    if (subject === undefined) continue;
    if (name === 'staking.slashed' || name === 'staking.slash') {
      if (amount === undefined) throw new VedetteError('SOURCE_BAD_BODY', 'A slash has no amount');
      if (stash.is(subject)) slashedAmount += BigInt(amount.toString());
    } else if (name === 'imonline.someoffline') {
      const offline = subject as unknown as Iterable<readonly [Codec]>;
      isOffline ||= [...offline].some(([account]) => stash.is(account));
    }
  }
  return { slashedAmount, isOffline };
}
