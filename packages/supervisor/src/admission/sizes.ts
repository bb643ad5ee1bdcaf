/** How many monitors fit into one cell, and whether what the operator asks for can be met. Pure. */
import { VedetteError } from '@vedette/contract';
import { EMPTY_CHILD, USUAL_THREAD } from './costs.js';
import { remedyOf, resourceName, SHARE, type Limits, type Resource } from './admit.js';

/** More threads than this gain nothing and die together. */
const USUAL_CELL = 100;

/** Most monitors of the usual heap in one cell, and the limit that says so. */
export function largestCell(limits: Limits): {
  readonly monitors: number;
  readonly resource: Resource | null;
} {
  let [monitors, resource]: [number, Resource | null] = [Infinity, null];
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

/** Throws CONFIG_HOST_LIMIT for a size that cannot be met; `name` is the option as the operator knows it. */
export function checkCellSize(size: number, limits: Limits, name: string): void {
  const { monitors, resource } = largestCell(limits);
  const details = { option: name, value: size, largest: Number.isFinite(monitors) ? monitors : null };
  if (!Number.isInteger(size) || size < 1) {
    const text = `${name}: must be a whole number of monitors from 1 on; got ${String(size)}`;
    throw new VedetteError('CONFIG_HOST_LIMIT', text, { details });
  }
  if (size <= monitors || resource === null) return;
  const limit = String(limits[resource]);
  const text =
    `${name}: ${String(size)} monitors in one cell do not fit, at most ${String(monitors)} do: ` +
    `80 % of ${limit} ${resourceName(resource)}, ${String(USUAL_THREAD[resource])} to a monitor; ${remedyOf({ resource })}`;
  throw new VedetteError('CONFIG_HOST_LIMIT', text, { details });
}
