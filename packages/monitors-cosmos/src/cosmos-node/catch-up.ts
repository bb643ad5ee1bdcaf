/**
 * Checks heights one after the other in effect, and many at a time in fact. Promise: what it returns begins at
 * the first height asked for and has no gap, so that each height is published once, whatever failed or is missing.
 */
import { mapBounded } from '@vedette/monitor';
import { rpcCall } from '../shared/rpc.js';
import type { Client } from '../shared/client.js';
import { ReplyFault } from '../shared/reply.js';
import { isSourceFault } from '../shared/source-walk.js';
import { MAX_BLOCK_BYTES, parseBlock, parseBlockResults } from './large-bodies.js';
import { readBlock, readSlashes, readValidators, type BlockReading, type SlashReading } from './blocks.js';

/** One height, about the block before it. */
export interface HeightReading {
  readonly height: number;
  readonly isActive: boolean;
  readonly isSigned: boolean;
  readonly slash: SlashReading;
}

/** The validator set of one height, known by its hash, and whether the validator was in it. */
export interface KnownSet {
  readonly hash: string;
  readonly isActive: boolean | null;
}

export interface CatchUp {
  /** Rising, without a gap. */
  readonly readings: readonly HeightReading[];
  /** Set of the highest height read. */
  readonly lastSet: KnownSet | null;
  /** Why not all were read. */
  readonly failure: unknown;
}

export interface CatchUpParts {
  readonly client: Client;
  readonly url: string;
  readonly heights: readonly number[];
  /** Upper-case hex. */
  readonly address: string;
  /** The newest block, which told how far the chain is. */
  readonly newest: BlockReading;
  /** The set of the height before the first. */
  readonly knownSet: KnownSet | null;
  readonly onStep: () => void;
}

/** Requests under way at a time, the most a public node puts up with. */
export const IN_FLIGHT = 8;
/** Of the time left; the rest is for validator sets. */
const BLOCKS_PART = 0.7;
const PER_PAGE = 100;
const MAX_PAGES = 50;

export async function catchUp(parts: CatchUpParts): Promise<CatchUp> {
  const { heights, knownSet } = parts;
  const faults = new Faults();
  const { blocks, slashes } = await readBlocks(parts, faults);
  const sets = await readSets(parts, blocks, faults);
  const readings: HeightReading[] = [];
  for (const height of heights) {
    const [block, slash] = [blocks.get(height), slashes.get(height)];
    const isActive = block?.isPreviousSigned === true || sets.get(height);
    if (block === undefined || slash === undefined || isActive === undefined) break;
    readings.push({ height, isActive, isSigned: block.isPreviousSigned, slash });
  }
  const last = readings.at(-1);
  const lastHash = last === undefined ? null : (blocks.get(last.height)?.validatorsHash ?? null);
  return {
    readings,
    lastSet: last === undefined ? knownSet : setOf(lastHash, blocks, sets, knownSet),
    failure: faults.first,
  };
}

/** The failure of the lowest height: those above it wait for the next round. */
class Faults {
  #height = Infinity;
  first: unknown = null;

  isBelow(height: number): boolean {
    return this.#height < height;
  }

  note(height: number, error: unknown): void {
    if (!isSourceFault(error)) throw error;
    if (height >= this.#height) return;
    this.#height = height;
    this.first = error;
  }
}

async function readBlocks(
  { client, url, heights, address, newest, onStep }: CatchUpParts,
  faults: Faults,
): Promise<{ blocks: Map<number, BlockReading>; slashes: Map<number, SlashReading> }> {
  const blocks = new Map([[newest.height, newest]]);
  const slashes = new Map<number, SlashReading>();
  const bounded = client.within(BLOCKS_PART);
  const jobs = heights.flatMap((height) => {
    const results = { height, isBlock: false };
    return height === newest.height ? [results] : [{ height, isBlock: true }, results];
  });
  await mapBounded(jobs, IN_FLIGHT, client.signal, async ({ height, isBlock }) => {
    if (faults.isBelow(height)) return;
    try {
      if (isBlock) {
        const block = await askBlock(bounded, url, height, address);
        blocks.set(height, block);
      } else {
        const options = { parse: parseBlockResults, maxBytes: MAX_BLOCK_BYTES };
        slashes.set(
          height,
          readSlashes(await rpcCall(bounded, url, '/block_results', { height }, options), address),
        );
      }
      onStep();
    } catch (error) {
      faults.note(height, error);
    }
  });
  return { blocks, slashes };
}

/** Of one height, or the newest where it is null. */
export async function askBlock(
  client: Client,
  url: string,
  height: number | null,
  address: string,
): Promise<BlockReading> {
  const options = { parse: parseBlock, maxBytes: MAX_BLOCK_BYTES };
  const block = readBlock(
    await rpcCall(client, url, '/block', height === null ? {} : { height }, options),
    address,
  );
  if (height === null || block.height === height) return block;
  throw new ReplyFault('incompatible', `asked for block ${height}, got ${block.height}`);
}

/**
 * Whether the validator was in the set before each height that it did not sign: who signed was in it. Sets of
 * one hash are one set, so each is asked for once.
 */
async function readSets(
  { client, url, heights, address, knownSet, onStep }: CatchUpParts,
  blocks: ReadonlyMap<number, BlockReading>,
  faults: Faults,
): Promise<Map<number, boolean>> {
  const byHeight = new Map<number, boolean>();
  const byHash = new Map<string, boolean>();
  if (knownSet !== null && knownSet.isActive !== null) byHash.set(knownSet.hash, knownSet.isActive);
  const hashBefore = (height: number): string | null =>
    blocks.get(height - 1)?.validatorsHash ?? (height === heights[0] ? (knownSet?.hash ?? null) : null);
  for (const [height, { isPreviousSigned }] of blocks) {
    const hash = hashBefore(height);
    if (isPreviousSigned && hash !== null) byHash.set(hash, true);
  }
  const asked = new Map<string, number>();
  for (const height of heights) {
    const block = blocks.get(height);
    if (block === undefined || block.isPreviousSigned || faults.isBelow(height)) continue;
    const key = hashBefore(height) ?? `height ${height - 1}`;
    if (!byHash.has(key) && !asked.has(key)) asked.set(key, height);
  }
  await mapBounded([...asked], IN_FLIGHT, client.signal, async ([key, height]) => {
    if (faults.isBelow(height)) return;
    try {
      // There is nobody to sign before the first block.
      byHash.set(key, height > 1 && (await isInSet(client, url, height - 1, address)));
      onStep();
    } catch (error) {
      faults.note(height, error);
    }
  });
  for (const height of heights) {
    const isActive = byHash.get(hashBefore(height) ?? `height ${height - 1}`);
    if (isActive !== undefined) byHeight.set(height, isActive);
  }
  return byHeight;
}

/** Page after page until the validator is found or all were seen; a page that adds nothing ends it. */
async function isInSet(client: Client, url: string, height: number, address: string): Promise<boolean> {
  let seen = 0;
  let total = 1;
  for (let page = 1; seen < total && page <= MAX_PAGES; page += 1) {
    const query = { height, page, per_page: PER_PAGE };
    const set = readValidators(await rpcCall(client, url, '/validators', query));
    if (set.addresses.includes(address)) return true;
    if (set.addresses.length === 0) return false;
    seen += set.addresses.length;
    total = set.total;
  }
  return false;
}

function setOf(
  hash: string | null,
  blocks: ReadonlyMap<number, BlockReading>,
  sets: ReadonlyMap<number, boolean>,
  knownSet: KnownSet | null,
): KnownSet | null {
  if (hash === null) return null;
  if (hash === knownSet?.hash && knownSet.isActive !== null) return knownSet;
  for (const [height, block] of blocks) {
    if (block.validatorsHash !== hash) continue;
    const next = blocks.get(height + 1);
    const isActive = next?.isPreviousSigned === true || sets.get(height + 1);
    if (isActive !== undefined) return { hash, isActive };
  }
  return { hash, isActive: null };
}
