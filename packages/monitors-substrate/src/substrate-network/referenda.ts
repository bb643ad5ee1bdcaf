/** Referenda of the pallet `democracy`: all that ever were, and those still open with their votes. */
import { isJsonObject, VedetteError, type JsonObject, type JsonValue } from '@vedette/contract';
import type { Codec } from '@polkadot/types/types';
import { hexToU8a } from '@polkadot/util';
import { amountOf, integerOf, textOf } from '../chain/answers.js';
import type { ChainReader } from '../chain/chain-reader.js';
import { isOver } from '../chain/patience.js';
import { imageHashOf } from './image-hash.js';
import { isAye, isPassing, votesOn, type Voting } from './votes.js';

export interface Referenda {
  readonly count: number;
  readonly active: readonly JsonObject[];
  /** By index; null where the chain keeps nothing. */
  readonly all: Readonly<Record<string, JsonValue>>;
}

interface OngoingStatus extends Codec {
  readonly proposal?: Codec;
  readonly proposalHash?: Codec;
}

interface Info extends Codec {
  readonly isOngoing?: boolean;
  readonly asOngoing: OngoingStatus;
}

/** More than PANIC's own service could count in its 30 s. */
const MOST_REFERENDA = 20_000;
const KEYS_A_PAGE = 500;
const MOST_VOTERS = 50_000;

/** `finished`: those known to be over, which are not read again. */
export async function readReferenda(
  reader: ChainReader,
  finished: Readonly<Record<string, JsonValue>>,
): Promise<Referenda> {
  const counted = await reader.readOne({ pallet: 'democracy', item: 'referendumCount' });
  const count = integerOf(counted?.toJSON(), 'The number of referenda');
  if (count > MOST_REFERENDA)
    throw new VedetteError('SOURCE_BAD_BODY', `There are ${String(count)} referenda`);
  const indices = Array.from({ length: count }, (_none, index) => index);
  const asked = indices.filter((index) => finished[String(index)] === undefined);
  const infos = await reader.read(
    asked.map((index) => ({ pallet: 'democracy', item: 'referendumInfoOf', args: [index] })),
  );
  const read = new Map(asked.map((index, place) => [index, (infos[place] ?? null) as Info | null]));
  const ongoing = asked.flatMap((index) => {
    const status = ongoingOf(read.get(index) ?? null);
    return status === null ? [] : [{ index, status }];
  });
  const all = indices.map((index) => [
    String(index),
    finished[String(index)] ?? published(read.get(index) ?? null),
  ]);
  return {
    count,
    all: Object.fromEntries(all) as Referenda['all'],
    active: ongoing.length === 0 ? [] : await withVotes(reader, ongoing),
  };
}

/** The oldest runtimes keep only open referenda, with nothing around them. */
function ongoingOf(info: Info | null): OngoingStatus | null {
  if (info === null) return null;
  if (info.isOngoing === true) return info.asOngoing;
  return info.isOngoing === undefined ? (info as unknown as OngoingStatus) : null;
}

/** Consumers need `proposalHash` of an open one; runtimes that store the call otherwise have none. */
function published(info: Info | null): JsonValue {
  if (info === null) return null;
  const status = ongoingOf(info);
  if (status === null) return info.toJSON() as JsonValue;
  const { end = null, threshold = null, delay = null, tally } = status.toJSON() as JsonObject;
  return {
    ongoing: {
      end,
      proposalHash: hashOf(status),
      threshold,
      delay,
      ...(tally === undefined ? {} : { tally }),
    },
  };
}

async function withVotes(
  reader: ChainReader,
  ongoing: readonly { readonly index: number; readonly status: OngoingStatus }[],
): Promise<JsonObject[]> {
  const [votings, issued] = await Promise.all([
    readVotings(reader),
    reader.readOne({ pallet: 'balances', item: 'totalIssuance' }),
  ]);
  const electorate = BigInt(issued?.toString() ?? '0');
  return ongoing.map(({ index, status }) => {
    const { threshold = '', tally } = status.toJSON() as JsonObject;
    const votes = votesOn(index, votings);
    const ayes = votes.filter(isAye).length;
    return {
      index,
      imageHash: hashOf(status),
      voteCount: votes.length,
      voteCountAye: ayes,
      voteCountNay: votes.length - ayes,
      isPassing: isPassing(textOf(threshold, 'A threshold'), tallyOf(tally), electorate),
      votes: votes.map((vote) => ({ ...vote })),
    };
  });
}

/** Every account that votes or delegates; read page by page, since there can be thousands. */
async function readVotings(reader: ChainReader): Promise<Voting[]> {
  const { runtime } = reader;
  const item = { pallet: 'democracy', item: 'votingOf' };
  const prefix = runtime.prefixOf(item);
  const votings: Voting[] = [];
  for (let after: string | null = null; ;) {
    const keys: string[] = await reader.keysBelow(prefix, KEYS_A_PAGE, after);
    const stored = await reader.storedAt(keys);
    for (const key of keys) {
      const value = runtime.decode(item, stored.get(key) ?? null)?.toJSON();
      if (isJsonObject(value)) votings.push({ accountId: accountIn(reader, key), value });
    }
    after = keys.at(-1) ?? null;
    if (keys.length < KEYS_A_PAGE) return votings;
    if (votings.length > MOST_VOTERS || isOver(reader.patience)) {
      throw new VedetteError('SOURCE_TIMEOUT', 'There are too many votes to read in one round');
    }
  }
}

/** The key ends with the account it is about: all hashers of this item keep it. */
function accountIn({ runtime }: ChainReader, key: string): string {
  return runtime.registry.createType('AccountId', hexToU8a(`0x${key.slice(-64)}`)).toString();
}

function hashOf(status: OngoingStatus): string {
  const call = status.proposal ?? status.proposalHash;
  if (call !== undefined) return imageHashOf(call);
  throw new VedetteError('SOURCE_BAD_BODY', 'An open referendum names no proposal');
}

function tallyOf(tally: JsonValue | undefined): { ayes: bigint; nays: bigint; turnout: bigint } {
  const { ayes = 0, nays = 0, turnout = 0 } = isJsonObject(tally) ? tally : {};
  return {
    ayes: amountOf(ayes, 'A tally'),
    nays: amountOf(nays, 'A tally'),
    turnout: amountOf(turnout, 'A tally'),
  };
}
