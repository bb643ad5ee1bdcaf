/** What any node of the chain can tell: session, era and, of a validator, all that hangs on its stash. */
import { VedetteError, type JsonValue } from '@vedette/contract';
import type { Codec } from '@polkadot/types/types';
import { type Account } from '../chain/account.js';
import { integerOf } from '../chain/answers.js';
import type { ChainReader } from '../chain/chain-reader.js';
import type { StorageItem } from '../chain/runtime.js';
import { claimableEras, planEras, rememberEras, unclaimedEras, type EraMemory } from './era-claims.js';
import { isPaged, readExposure, readPages, type Exposure } from './exposure.js';

/** Null where the chain has no such thing. */
export interface ChainReadings {
  readonly session: number | null;
  readonly era: number | null;
  readonly historyDepth: number | null;
}

export interface ValidatorReadings {
  /** Null on a chain without imOnline. */
  readonly authoredBlocks: number | null;
  readonly isActive: boolean;
  readonly isElected: boolean;
  readonly isDisabled: boolean;
  readonly exposure: Exposure;
  readonly hasSentHeartbeat: boolean;
  readonly controller: string;
  readonly unclaimed: readonly number[];
  readonly claimed: readonly number[];
  readonly previousRewards: number;
}

/** What a validator's next round need not read again. Plain JSON. */
export interface StakingMemory {
  readonly eras: EraMemory;
  readonly rewards: { readonly era: number; readonly points: number } | null;
}

export async function readChain(reader: ChainReader): Promise<ChainReadings> {
  const { runtime } = reader;
  const items: StorageItem[] = [];
  if (runtime.hasPallet('session')) items.push({ pallet: 'session', item: 'currentIndex' });
  if (runtime.hasPallet('staking')) items.push({ pallet: 'staking', item: 'activeEra' });
  const isDepthStored = runtime.has('staking', 'historyDepth');
  if (isDepthStored) items.push({ pallet: 'staking', item: 'historyDepth' });
  const values = await reader.read(items);
  const valueOf = (item: string): unknown =>
    values[items.findIndex((one) => one.item === item)]?.toJSON() ?? null;
  const depth = isDepthStored
    ? valueOf('historyDepth')
    : (runtime.constant('staking', 'historyDepth')?.toJSON() ?? null);
  return {
    session: runtime.hasPallet('session') ? integerOf(valueOf('currentIndex'), 'The session index') : null,
    era: runtime.hasPallet('staking') ? eraOf(valueOf('activeEra')) : null,
    historyDepth: depth === null ? null : integerOf(depth, 'The history depth'),
  };
}

function eraOf(active: unknown): number {
  const index = typeof active === 'object' && active !== null ? (active as { index?: unknown }).index : null;
  if (index === null || index === undefined) {
    throw new VedetteError('SOURCE_BAD_BODY', 'No era of the chain is active');
  }
  return integerOf(index, 'The active era');
}

export async function readValidator(
  reader: ChainReader,
  chain: ChainReadings,
  stash: Account,
  memory: StakingMemory,
): Promise<{ readings: ValidatorReadings; memory: StakingMemory }> {
  const { era } = chain;
  // Names the missing pallet.
  reader.runtime.keyOf({ pallet: 'staking', item: 'activeEra' });
  if (era === null) throw new VedetteError('SOURCE_BAD_BODY', 'No era of the chain is active');
  const [{ activeIndex, isDisabled, isElected }, controller] = await Promise.all([
    readSet(reader, stash),
    controllerOf(reader, stash),
  ]);
  const [imOnline, exposure, payouts, rewards] = await Promise.all([
    readImOnline(reader, chain.session, activeIndex, stash),
    readExposure(reader, era, stash),
    readPayouts(reader, chain, stash, controller, memory.eras),
    previousRewards(reader, era - 1, stash, memory.rewards),
  ]);
  const isActive = activeIndex !== null;
  return {
    readings: {
      ...imOnline,
      isActive,
      isElected,
      isDisabled,
      exposure,
      controller,
      unclaimed: payouts.unclaimed,
      claimed: payouts.claimed,
      previousRewards: rewards.points,
    },
    memory: { eras: payouts.memory, rewards },
  };
}

interface SetReadings {
  /** Place among the validators of this session; null if it is none of them. */
  readonly activeIndex: number | null;
  readonly isDisabled: boolean;
  readonly isElected: boolean;
}

async function readSet(reader: ChainReader, stash: Account): Promise<SetReadings> {
  const { runtime } = reader;
  const hasDisabled = runtime.has('session', 'disabledValidators');
  const items: StorageItem[] = [
    { pallet: 'session', item: 'validators' },
    { pallet: 'staking', item: 'currentEra' },
    ...(hasDisabled ? [{ pallet: 'session', item: 'disabledValidators' }] : []),
  ];
  const [validators, currentEra, disabled] = await reader.read(items);
  const index = listOf(validators).findIndex((one) => stash.is(one));
  const activeIndex = index === -1 ? null : index;
  // Plain indices, or pairs of index and severity.
  const disabledIndices = listOf(disabled).map((one) => [one.toJSON()].flat()[0]);
  const isDisabled = activeIndex !== null && disabledIndices.includes(activeIndex);
  return { activeIndex, isDisabled, isElected: await isElectedFor(reader, currentEra, stash, index !== -1) };
}

/** The next era's set is there as soon as it is elected; before the first election it is the present set. */
async function isElectedFor(
  reader: ChainReader,
  currentEra: Codec | null | undefined,
  stash: Account,
  isActive: boolean,
): Promise<boolean> {
  const { runtime } = reader;
  const item = isPaged(reader) ? 'erasStakersOverview' : 'erasStakers';
  if (!runtime.has('staking', item)) {
    const elected = listOf(await reader.readOne({ pallet: 'staking', item: 'currentElected' }));
    return elected.length === 0 ? isActive : elected.some((one) => stash.is(one));
  }
  const era = integerOf(currentEra?.toJSON() ?? 0, 'The current era');
  const [isThere = false] = await reader.exists([{ pallet: 'staking', item, args: [era, stash.hex] }]);
  if (isThere || !isActive) return isThere;
  const [any] = await reader.keysBelow(runtime.prefixOf({ pallet: 'staking', item, args: [era] }), 1);
  return any === undefined;
}

async function controllerOf(reader: ChainReader, stash: Account): Promise<string> {
  const bonded = await reader.readOne({ pallet: 'staking', item: 'bonded', args: [stash.hex] });
  if (bonded !== null) return bonded.toString();
  throw new VedetteError('SOURCE_UNSUPPORTED', `The stash ${stash.hex} is not bonded on this chain`);
}

async function readImOnline(
  reader: ChainReader,
  session: number | null,
  activeIndex: number | null,
  stash: Account,
): Promise<Pick<ValidatorReadings, 'authoredBlocks' | 'hasSentHeartbeat'>> {
  const { runtime } = reader;
  const [authored, heartbeats] = await Promise.all([
    runtime.has('imOnline', 'authoredBlocks')
      ? reader.readOne({ pallet: 'imOnline', item: 'authoredBlocks', args: [session, stash.hex] })
      : null,
    activeIndex !== null && runtime.has('imOnline', 'receivedHeartbeats')
      ? reader.exists([{ pallet: 'imOnline', item: 'receivedHeartbeats', args: [session, activeIndex] }])
      : [],
  ]);
  return {
    authoredBlocks: authored === null ? null : integerOf(authored.toJSON(), 'The number of authored blocks'),
    hasSentHeartbeat: heartbeats[0] === true,
  };
}

async function readPayouts(
  reader: ChainReader,
  { era, historyDepth }: ChainReadings,
  stash: Account,
  controller: string,
  memory: EraMemory,
): Promise<{ unclaimed: number[]; claimed: number[]; memory: EraMemory }> {
  const ledger = (await reader.readOne({ pallet: 'staking', item: 'ledger', args: [controller] }))?.toJSON();
  if (typeof ledger !== 'object' || ledger === null || Array.isArray(ledger)) {
    throw new VedetteError('SOURCE_BAD_BODY', `The controller ${controller} has no ledger`);
  }
  const listed = (ledger['claimedRewards'] ?? ledger['legacyClaimedRewards']) as JsonValue | undefined;
  if (!Array.isArray(listed))
    throw new VedetteError('SOURCE_BAD_BODY', 'The ledger lists no claimed rewards');
  const named = listed.map((one) => integerOf(one, 'A claimed era'));
  const isNamed = new Set(named);
  const eras = claimableEras(era ?? 0, historyDepth ?? 0);
  const { open, unknown } = planEras(eras, isNamed, memory);
  const [pages, claimedPages] = await Promise.all([
    readPages(reader, unknown, stash),
    readClaimedPages(reader, open, stash),
  ]);
  const known = rememberEras(eras, memory, pages, claimedPages);
  return {
    unclaimed: unclaimedEras(eras, isNamed, known),
    claimed: [...new Set([...named, ...known.claimed])].sort((one, other) => one - other),
    memory: known,
  };
}

/** Modern chains note claimed pages apart from the ledger. */
async function readClaimedPages(
  reader: ChainReader,
  eras: readonly number[],
  stash: Account,
): Promise<Map<number, number>> {
  const item = ['claimedRewards', 'erasClaimedRewards'].find((one) => reader.runtime.has('staking', one));
  if (item === undefined || eras.length === 0) return new Map();
  const values = await reader.read(eras.map((era) => ({ pallet: 'staking', item, args: [era, stash.hex] })));
  return new Map(eras.map((era, index) => [era, listOf(values[index]).length]));
}

async function previousRewards(
  reader: ChainReader,
  era: number,
  stash: Account,
  memory: StakingMemory['rewards'],
): Promise<{ era: number; points: number }> {
  if (era < 0) return { era, points: 0 };
  if (memory?.era === era) return memory;
  const value = await reader.readOne({ pallet: 'staking', item: 'erasRewardPoints', args: [era] });
  const { individual } = value as unknown as { individual?: ReadonlyMap<Codec, Codec> };
  const own = [...(individual?.entries() ?? [])].find(([account]) => stash.is(account));
  return { era, points: own === undefined ? 0 : integerOf(own[1].toJSON(), 'Reward points') };
}

function listOf(value: Codec | null | undefined): Codec[] {
  return [...((value ?? []) as unknown as Iterable<Codec>)];
}
