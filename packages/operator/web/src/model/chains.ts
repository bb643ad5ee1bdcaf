/** Monitors by the chain they watch, their heights beside each other. Pure. */
import type { Facts, MonitorRow } from '../api/types.js';
import { conditionOf, needsAttention, rankOf } from './condition.js';

/** Facts that say how far a node of a chain is, of all kinds; the first that is there counts. */
export const HEIGHT_FACTS = ['block_height', 'height', 'best_height'] as const;
export const CHAIN_FACTS = [...HEIGHT_FACTS, 'finalized_height', 'is_syncing'] as const;

export interface ChainNode {
  readonly row: MonitorRow;
  readonly height: number;
  /** Blocks behind the highest of its chain. */
  readonly lag: number;
  /** Null where the kind does not tell. */
  readonly finalized: number | null;
  readonly isSyncing: boolean;
}

export interface Chain {
  readonly key: string;
  readonly name: string;
  /** Such as `cosmos`; empty where the name alone says which. */
  readonly base: string;
  /** Null: no node told one yet. */
  readonly head: number | null;
  /** Highest first. */
  readonly nodes: readonly ChainNode[];
  /** Monitors of the chain that see no height: of contracts, of the network, or not yet. */
  readonly others: readonly MonitorRow[];
  readonly attention: number;
}

export function heightOf(facts: Facts): number | null {
  for (const name of HEIGHT_FACTS) {
    const value = facts[name];
    if (typeof value === 'number') return value;
  }
  return null;
}

/** What is of no chain. */
const NO_CHAIN = 'general';

/** Chains with trouble first, then by name. Monitors of no chain are left out. */
export function chainsOf(rows: Iterable<MonitorRow>): Chain[] {
  const groups = new Map<string, MonitorRow[]>();
  for (const row of rows) {
    if (row.chain === '' || row.chain === NO_CHAIN) continue;
    const key = `${row.baseChain}\n${row.chain}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const found = [...groups].map(([key, group]) => chainOf(key, group));
  const isTwice = (one: Chain): boolean => found.some((other) => other !== one && other.name === one.name);
  return found
    .map((one) => (isTwice(one) ? one : { ...one, base: '' }))
    .sort((a, b) => b.attention - a.attention || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function chainOf(key: string, rows: readonly MonitorRow[]): Chain {
  const seen = rows.map((row) => ({ row, height: heightOf(row.facts) }));
  const heights = seen.flatMap(({ height }) => (height === null ? [] : [height]));
  const head = heights.length === 0 ? null : heights.reduce((a, b) => Math.max(a, b));
  const nodes = seen
    .flatMap(({ row, height }): ChainNode[] => {
      if (height === null || head === null) return [];
      const { finalized_height: finalized, is_syncing: isSyncing } = row.facts;
      return [{ row, height, lag: head - height, finalized: finalized ?? null, isSyncing: isSyncing === 1 }];
    })
    .sort((a, b) => a.lag - b.lag || (a.row.name < b.row.name ? -1 : 1));
  const others = seen
    .filter(({ height }) => height === null)
    .map(({ row }) => row)
    .sort((a, b) => rankOf(conditionOf(a)) - rankOf(conditionOf(b)) || (a.name < b.name ? -1 : 1));
  const { chain: name, baseChain: base } = rows[0] as MonitorRow;
  return {
    key,
    name,
    base,
    head,
    nodes,
    others,
    attention: rows.filter((row) => needsAttention(conditionOf(row))).length,
  };
}

/** Percent of a bar: whole at the head, less by each power of ten of blocks behind, the same for all chains. */
export function barOf(lag: number): number {
  if (lag <= 0) return 100;
  return Math.max(4, Math.round(100 - 24 * Math.log10(1 + lag)));
}
