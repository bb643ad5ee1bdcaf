/**
 * What PANIC's UI is told to be monitored: one complete list per old manager, base chain and type.
 * Pure. Promise: a list names every monitor of its base chain, over all sub-chains, and no other.
 */
import {
  EXCHANGES,
  FAMILIES,
  monitorableList,
  readsNodesOf,
  wireJson,
  type Family,
  type MonitorableSource,
  type MonitorableType,
  type MonitorSpec,
  type WireMessage,
} from '@vedette/contract';
import { chainOf } from '@vedette/contract/strategy';

/** What a list needs of a monitor. */
export type Listed = Pick<MonitorSpec, 'name' | 'origin'>;

/** Whose lists for which base chain; letter case of the base chain counts. */
export interface Pair {
  readonly family: Family;
  readonly baseChain: string;
}

/** One message per type, in the order the old manager sent them; `specs` in the order they were started. */
export function monitorableMessages({ family, baseChain }: Pair, specs: readonly Listed[]): WireMessage[] {
  const { managerName, monitorableTypes } = FAMILIES[family];
  const own = specs.filter(({ origin }) => origin.family === family && origin.baseChain === baseChain);
  return monitorableTypes.map((type) => ({
    exchange: EXCHANGES.monitorable,
    routingKey: `${baseChain}.${type}`,
    content: wireJson(
      monitorableList(
        managerName,
        own.flatMap((spec) =>
          sourcesOf(spec, monitorableTypes)
            .filter((source) => source.type === type)
            .map(({ id, name }) => ({
              chainId: spec.origin.parentId,
              chainName: spec.origin.subChain,
              sourceId: id,
              sourceName: name,
            })),
        ),
      ),
    ),
  }));
}

/** Without sources of its own a monitor stands for itself, or, where its manager lists chains, for its chain. */
function sourcesOf(
  { name, origin }: Listed,
  types: readonly MonitorableType[],
): readonly MonitorableSource[] {
  if (origin.sources !== undefined) return origin.sources;
  const { baseChain, subChain, parentId, configId } = origin;
  return types.includes('chains')
    ? [{ type: 'chains', id: parentId, name: `${baseChain} ${subChain}` }]
    : types.map((type) => ({ type, id: configId, name }));
}

/** False where the old manager returned before it looked for changes: such a message tells the UI nothing. */
export function isToldOf(family: Family, routingKey: string, hasStrategy: boolean): boolean {
  if (!/\.nodes_config$/i.test(routingKey)) return true;
  // A kind of a user's own may give the node manager a base chain PANIC does not know.
  return readsNodesOf(family, chainOf(routingKey).baseChain) || (family === 'node' && hasStrategy);
}

/** The managers with one monitor per chain said nothing when that monitor ran on as it was. */
export function isSilentRepeat(
  family: Family,
  before: readonly MonitorSpec[],
  after: readonly MonitorSpec[],
): boolean {
  if (family !== 'contract' && family !== 'network') return false;
  return (
    before.length > 0 &&
    before.length === after.length &&
    before.every(({ id, revision }, index) => after[index]?.id === id && after[index].revision === revision)
  );
}
