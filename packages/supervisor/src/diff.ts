/** What must be done so that what runs becomes what is wanted. Pure, in the order of the wanted set. */
import type { MonitorSpec } from '@vedette/contract';

/** Ids by what happens to them. */
export interface Changes {
  readonly started: readonly string[];
  readonly restarted: readonly string[];
  readonly stopped: readonly string[];
  readonly kept: readonly string[];
}

/** Compares by `keyOf` only, the revision unless told otherwise. Throws a TypeError if two wanted specs share an id. */
export function diff(
  present: ReadonlyMap<string, string>,
  wanted: readonly MonitorSpec[],
  keyOf: (spec: MonitorSpec) => string = ({ revision }) => revision,
): Changes {
  const started: string[] = [];
  const restarted: string[] = [];
  const kept: string[] = [];
  const ids = new Set<string>();
  for (const spec of wanted) {
    const { id } = spec;
    if (ids.has(id)) throw new TypeError(`Two specs have the id ${JSON.stringify(id)}`);
    ids.add(id);
    const known = present.get(id);
    if (known === undefined) started.push(id);
    else (known === keyOf(spec) ? kept : restarted).push(id);
  }
  const stopped = [...present.keys()].filter((id) => !ids.has(id));
  return { started, restarted, stopped, kept };
}
