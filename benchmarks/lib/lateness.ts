/**
 * How late rounds begin, from nothing but the instants at which they began: the same measure for our hosts and
 * for programs that know no schedule of ours. Pure.
 */

/** Clocks of one machine read alike to within this. */
const SAME_MS = 1;

export interface Grid {
  readonly periodMs: number;
  /** Only slots that are due in this span count. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** When the first round was due, if that is known. */
  readonly dueMs?: number;
}

/**
 * Lateness of each slot of one monitor's grid, in milliseconds. `starts` are in order. The grid goes through the
 * earliest phase seen (a round never begins too early), or through `dueMs` where that is earlier. A slot that
 * was skipped is as late as the next start; one still open at `untilMs` is late by then.
 */
export function latenessOf(starts: readonly number[], { periodMs, fromMs, untilMs, dueMs }: Grid): number[] {
  const first = starts[0] ?? dueMs;
  if (first === undefined) return [];
  const phases = [...starts, ...(dueMs === undefined ? [] : [dueMs])].map((at) =>
    phaseOf(at - first, periodMs),
  );
  const base = first + Math.min(0, ...phases);
  const late: number[] = [];
  let next = 0;
  for (let slot = base; slot <= untilMs; slot += periodMs) {
    while (next < starts.length && (starts[next] as number) < slot - SAME_MS) next += 1;
    const at = starts[next];
    if (slot < fromMs) continue;
    if (at === undefined && untilMs - slot < periodMs / 2) break;
    late.push(Math.max(0, (at ?? untilMs) - slot));
  }
  return late;
}

/** Distance from the nearest point of the grid: negative if that is before it. */
function phaseOf(offsetMs: number, periodMs: number): number {
  const inside = ((offsetMs % periodMs) + periodMs) % periodMs;
  return inside > periodMs / 2 ? inside - periodMs : inside;
}
