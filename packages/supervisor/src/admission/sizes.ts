/** How many monitors fit into one cell, and whether what the operator asks for can be met. Pure. */
import { VedetteError } from '@vedette/contract';
import { EMPTY_CHILD, USUAL_THREAD } from './costs.js';
import { resourceName, SHARE, type Limits } from './admit.js';

/** What the threads of one process share. */
type CellResource = 'mappings' | 'handles';

/** More threads than this gain nothing and die together. */
const USUAL_CELL = 100;

/** Most monitors of the usual heap in one cell, and the limit that says so. */
export function largestCell(limits: Limits): {
  readonly monitors: number;
  readonly resource: CellResource | null;
} {
  let [monitors, resource]: [number, CellResource | null] = [Infinity, null];
  for (const name of ['mappings', 'handles'] as const) {
    const limit = limits[name];
    if (limit === null) continue;
    const fit = Math.max(1, Math.floor((limit * SHARE - EMPTY_CHILD[name]) / USUAL_THREAD[name]));
    if (fit < monitors) [monitors, resource] = [fit, name];
  }
  return { monitors, resource };
}

/** The size of a cell nobody chose. */
export function usualCell(limits: Limits): number {
  return Math.min(USUAL_CELL, largestCell(limits).monitors);
}

const RAISE: Readonly<Record<CellResource, string>> = {
  mappings: 'raise the sysctl vm.max_map_count',
  handles: 'raise the limit of open files (ulimit -n)',
};

/** Throws HOST_OPTION_INVALID for a size that cannot be met; `name` is the option as the operator knows it. */
export function checkCellSize(size: number, limits: Limits, name: string): void {
  const { monitors, resource } = largestCell(limits);
  const details = { option: name, value: size, largest: Number.isFinite(monitors) ? monitors : null };
  if (!Number.isInteger(size) || size < 1) {
    const text = `${name}: must be a whole number of monitors from 1 on; got ${String(size)}`;
    throw new VedetteError('HOST_OPTION_INVALID', text, { details });
  }
  if (size <= monitors || resource === null) return;
  const limit = String(limits[resource]);
  const text =
    `${name}: ${String(size)} monitors in one cell do not fit, at most ${String(monitors)} do: ` +
    `80 % of ${limit} ${resourceName(resource)}, ${String(USUAL_THREAD[resource])} to a monitor; use smaller cells, or ${RAISE[resource]}`;
  throw new VedetteError('HOST_OPTION_INVALID', text, { details });
}
