/** Which heights a round checks (panic-monitors-contract 11.4). Pure. Promise: never one at or below the last. */
const ARCHIVE_HEIGHTS = 300;
const PRUNED_HEIGHTS = 89;

/** The heights to check in rising order; none when the source is not ahead of `last`. */
export function heightsToCheck(last: number | null, current: number, isArchive: boolean): readonly number[] {
  if (last === null) return [current];
  const gap = current - last;
  const isTooMany = isArchive ? gap > ARCHIVE_HEIGHTS : gap > PRUNED_HEIGHTS;
  const first = isTooMany ? current - (isArchive ? ARCHIVE_HEIGHTS : PRUNED_HEIGHTS) + 1 : last + 1;
  return Array.from({ length: Math.max(0, current - first + 1) }, (_none, index) => first + index);
}
