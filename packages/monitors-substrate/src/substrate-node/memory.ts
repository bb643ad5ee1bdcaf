/** What the monitor keeps between rounds, as plain JSON. Promise: any old or foreign state is read safely. */
import { isJsonObject, textOf, type JsonObject, type JsonValue } from '@vedette/contract';
import type { StakingMemory } from './chain.js';
import { NO_ERAS, type EraMemory } from './era-claims.js';

export interface ChainProperties {
  readonly ss58Format: JsonValue;
  readonly tokenDecimals: JsonValue;
  readonly tokenSymbol: JsonValue;
}

export interface NodeMemory {
  /** Data source that answered last. */
  readonly lastUrl: string | null;
  /** Hash of block 0 of the chain all this is about; another chain starts afresh. */
  readonly genesis: string | null;
  /** Key of the stash all this is about. */
  readonly stash: string | null;
  readonly lastHeight: number | null;
  readonly properties: { readonly value: ChainProperties; readonly atMs: number } | null;
  readonly staking: StakingMemory;
}

const PROPERTIES_MS = 24 * 3_600_000;
/** Deeper than any chain's history; more would be a foreign state. */
const MOST_ERAS = 2_000;

export function readMemory(state: JsonValue): NodeMemory {
  const fields = isJsonObject(state) ? state : {};
  return {
    lastUrl: textOf(fields['lastUrl']),
    genesis: textOf(fields['genesis']),
    stash: textOf(fields['stash']),
    lastHeight: countOf(fields['lastHeight']),
    properties: propertiesOf(fields['properties']),
    staking: { eras: erasOf(fields['eras']), rewards: rewardsOf(fields['rewards']) },
  };
}

export function writeMemory({ staking, ...memory }: NodeMemory): JsonValue {
  return { ...memory, ...staking } as unknown as JsonObject;
}

/** Nothing known of one chain or stash is true of another. */
export function memoryOf(memory: NodeMemory, genesis: string, stash: string | null): NodeMemory {
  if (memory.genesis === genesis && memory.stash === stash) return memory;
  const isSameChain = memory.genesis === genesis;
  return {
    ...memory,
    genesis,
    stash,
    lastHeight: null,
    properties: isSameChain ? memory.properties : null,
    staking: { eras: NO_ERAS, rewards: null },
  };
}

/** A clock that was set back must not freeze them for ever. */
export function arePropertiesFresh({ properties }: NodeMemory, nowMs: number): boolean {
  return properties !== null && properties.atMs <= nowMs && nowMs - properties.atMs < PROPERTIES_MS;
}

function erasOf(value: JsonValue | undefined): EraMemory {
  const fields = isJsonObject(value) ? value : {};
  const pages = isJsonObject(fields['pages']) ? fields['pages'] : {};
  const claimed = Array.isArray(fields['claimed']) ? fields['claimed'] : [];
  const counts = Object.entries(pages).flatMap(([era, count]) => {
    const known = countOf(count);
    return known === null || !/^\d+$/.test(era) ? [] : [[era, known] as const];
  });
  return {
    pages: Object.fromEntries(counts.slice(0, MOST_ERAS)),
    claimed: claimed
      .map(countOf)
      .filter((era) => era !== null)
      .slice(0, MOST_ERAS),
  };
}

function rewardsOf(value: JsonValue | undefined): StakingMemory['rewards'] {
  const fields = isJsonObject(value) ? value : {};
  const era = countOf(fields['era']);
  const points = countOf(fields['points']);
  return era === null || points === null ? null : { era, points };
}

function propertiesOf(value: JsonValue | undefined): NodeMemory['properties'] {
  const fields = isJsonObject(value) ? value : {};
  const kept = fields['value'];
  if (!isJsonObject(kept) || typeof fields['atMs'] !== 'number') return null;
  const { ss58Format = null, tokenDecimals = null, tokenSymbol = null } = kept;
  return { value: { ss58Format, tokenDecimals, tokenSymbol }, atMs: fields['atMs'] };
}

function countOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
