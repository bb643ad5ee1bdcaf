/**
 * Metadata without its documentation, which is a third of it and which no monitor reads. The SDK has no
 * switch for this, so the types that carry documentation are told to skip it.
 */
import type { TypeRegistry } from '@polkadot/types/create';
import type { Registry } from '@polkadot/types/types';
import * as definitions from '@polkadot/types/interfaces/definitions';
import { Vec } from '@polkadot/types-codec';
import { compactFromU8aLim } from '@polkadot/util';

const FIELD = 'Vec<Text>';
const SKIPPED = 'SkippedDocs';

/** A list of texts that is empty whatever is decoded, yet knows how long it was. */
class SkippedDocs extends Vec<never> {
  constructor(registry: Registry, value?: unknown) {
    super(registry, 'Text' as never, []);
    if (!(value instanceof Uint8Array)) return;
    let [length, left] = compactFromU8aLim(value);
    for (; left > 0; left -= 1) {
      const [prefix, text] = compactFromU8aLim(value.subarray(length));
      length += prefix + text;
    }
    this.initialU8aLength = length;
  }
}

/** From version 14 on; older metadata converts its lists of texts itself. */
export function skipDocs(registry: TypeRegistry): void {
  registry.register({ [SKIPPED]: SkippedDocs });
  const lean: Record<string, object> = {};
  for (const { types } of Object.values(definitions as Record<string, { types: Record<string, unknown> }>)) {
    for (const [name, definition] of Object.entries(types)) {
      if (typeof definition !== 'object' || definition === null || /V(9|1[0-3])$/.test(name)) continue;
      if ((definition as { docs?: unknown }).docs === FIELD) lean[name] = { ...definition, docs: SKIPPED };
    }
  }
  registry.register(lean as never);
}
