/** The hash by which governance names a call, whatever form a runtime stores it in. */
import type { Codec } from '@polkadot/types/types';

interface Bounded extends Codec {
  readonly isLegacy?: boolean;
  readonly isLookup?: boolean;
  readonly isInline?: boolean;
  readonly asLegacy: { readonly hash_: Codec };
  readonly asLookup: { readonly hash_: Codec };
  readonly asInline: Codec;
}

/** Old runtimes store the hash itself; newer ones say how the call can be found. */
export function imageHashOf(call: Codec): string {
  const bounded = call as Bounded;
  if (bounded.isLegacy === true) return bounded.asLegacy.hash_.toHex();
  if (bounded.isLookup === true) return bounded.asLookup.hash_.toHex();
  if (bounded.isInline === true) return bounded.asInline.hash.toHex();
  return call.toHex();
}
