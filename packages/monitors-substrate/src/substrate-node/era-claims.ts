/** Which eras are still to be paid out. Pure: reads nothing, so that a past era is asked for only once. */

/** What is known of the past eras of one stash. Plain JSON; an era's exposure never changes any more. */
export interface EraMemory {
  /** Pages to be claimed by era; 0 where the stash was not exposed. */
  readonly pages: Readonly<Record<string, number>>;
  /** Eras seen fully claimed, which they stay. */
  readonly claimed: readonly number[];
}

export const NO_ERAS: EraMemory = { pages: {}, claimed: [] };

/** Eras whose rewards can still be claimed, oldest first; the active one is not over. */
export function claimableEras(activeEra: number, historyDepth: number): number[] {
  const first = activeEra < historyDepth ? 0 : activeEra - historyDepth + 1;
  return Array.from({ length: Math.max(0, activeEra - first) }, (_none, index) => first + index);
}

export interface EraPlan {
  /** Not known to be claimed: pages claimed must be asked for. */
  readonly open: readonly number[];
  /** Of these, exposure is not known yet. */
  readonly unknown: readonly number[];
}

/** `listed`: eras the ledger names as claimed. */
export function planEras(eras: readonly number[], listed: ReadonlySet<number>, memory: EraMemory): EraPlan {
  const claimed = new Set(memory.claimed);
  const open = eras.filter((era) => !listed.has(era) && !claimed.has(era) && memory.pages[String(era)] !== 0);
  return { open, unknown: open.filter((era) => memory.pages[String(era)] === undefined) };
}

/** `claimedPages`: how many pages of an open era are claimed. Keeps only `eras`. */
export function rememberEras(
  eras: readonly number[],
  memory: EraMemory,
  pages: ReadonlyMap<number, number>,
  claimedPages: ReadonlyMap<number, number>,
): EraMemory {
  const known: Record<string, number> = {};
  for (const era of eras) {
    const count = pages.get(era) ?? memory.pages[String(era)];
    if (count !== undefined) known[String(era)] = count;
  }
  const isClaimed = (era: number): boolean => {
    const count = known[String(era)] ?? 0;
    return memory.claimed.includes(era) || (count > 0 && (claimedPages.get(era) ?? 0) >= count);
  };
  return { pages: known, claimed: eras.filter(isClaimed) };
}

/** The stash was exposed and not all of it is claimed. */
export function unclaimedEras(
  eras: readonly number[],
  listed: ReadonlySet<number>,
  memory: EraMemory,
): number[] {
  return eras.filter(
    (era) => !listed.has(era) && !memory.claimed.includes(era) && (memory.pages[String(era)] ?? 0) > 0,
  );
}
