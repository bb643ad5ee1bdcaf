/**
 * A chain's types as its metadata gives them: addresses and decodes storage. Metadata of a modern chain
 * takes 12 MB when decoded, so monitors of one thread share it. Promise: what a chain offers is asked of
 * its metadata, never of its name; a value that does not decode is a coded error.
 */
import { VedetteError, type JsonValue } from '@vedette/contract';
import { setImmediate } from 'node:timers/promises';
import type { Codec } from '@polkadot/types/types';
import type { GenericChainProperties } from '@polkadot/types';
import { TypeRegistry } from '@polkadot/types/create';
import { Metadata } from '@polkadot/types/metadata';
import { decorateConstants, decorateStorage } from '@polkadot/types/metadata/decorate';
import { unwrapStorageType } from '@polkadot/types/util';
import { getSpecTypes } from '@polkadot/types-known';
import { compactStripLength, hexToU8a, u8aToHex } from '@polkadot/util';
import type { RuntimeVersion } from './runtime-version.js';
import { slimMetadata } from './slim-metadata.js';

/** From this version on metadata describes all its types itself. */
const SELF_DESCRIBING = 14;

/** One item of storage, as `session.currentIndex`. */
export interface StorageItem {
  readonly pallet: string;
  readonly item: string;
  readonly args?: readonly unknown[];
}

export interface RuntimeSource {
  readonly chain: string;
  readonly version: RuntimeVersion;
  /** Answer of `state_getMetadata`. */
  readonly metadata: string;
  /** Answer of `system_properties`. */
  readonly properties: JsonValue;
}

type Storage = ReturnType<typeof decorateStorage>;
type Constants = ReturnType<typeof decorateConstants>;
type Entry = Storage[string][string];

export class Runtime {
  readonly registry: TypeRegistry;
  readonly #storage: Storage;
  readonly #constants: Constants;

  private constructor(registry: TypeRegistry, storage: Storage, constants: Constants) {
    this.registry = registry;
    this.#storage = storage;
    this.#constants = constants;
  }

  /** In steps, between which the thread's loop turns: together they block it for a tenth of a second. */
  static async load({ chain, version, metadata: hex, properties }: RuntimeSource): Promise<Runtime> {
    const registry = new TypeRegistry();
    const bytes = slimMetadata(hexToU8a(hex));
    await setImmediate();
    const metadata = new Metadata(registry, bytes);
    await setImmediate();
    if (metadata.version < SELF_DESCRIBING) {
      registry.register(getSpecTypes(registry, chain, version.specName, version.specVersion));
    }
    const latest = metadata.asLatest;
    await setImmediate();
    registry.setChainProperties(
      registry.createTypeUnsafe<GenericChainProperties>('ChainProperties', [properties ?? {}]),
    );
    registry.setMetadata(metadata, undefined, undefined, true);
    await setImmediate();
    return new Runtime(
      registry,
      decorateStorage(registry, latest, metadata.version),
      decorateConstants(registry, latest, metadata.version),
    );
  }

  hasPallet(pallet: string): boolean {
    return this.#storage[pallet] !== undefined;
  }

  has(pallet: string, item: string): boolean {
    return this.#storage[pallet]?.[item] !== undefined;
  }

  constant(pallet: string, name: string): Codec | null {
    return this.#constants[pallet]?.[name] ?? null;
  }

  keyOf({ pallet, item, args = [] }: StorageItem): string {
    const entry = this.#entry(pallet, item);
    try {
      return u8aToHex(compactStripLength(entry(...args))[1]);
    } catch (cause) {
      throw new VedetteError('SOURCE_UNSUPPORTED', `${pallet}.${item} is not addressed as expected`, {
        cause,
      });
    }
  }

  /** Where all keys of an item begin, or all with the same first arguments. */
  prefixOf({ pallet, item, args = [] }: StorageItem): string {
    return u8aToHex(this.#entry(pallet, item).keyPrefix(...args));
  }

  /** What is stored; for nothing the item's default, or null where nothing is a value of its own. */
  decode({ pallet, item }: StorageItem, stored: string | null): Codec | null {
    const { meta } = this.#entry(pallet, item);
    if (stored === null && meta.modifier.isOptional) return null;
    try {
      const type = unwrapStorageType(this.registry, meta.type);
      // As bytes: a number given as text would be read in the other byte order.
      return this.registry.createTypeUnsafe(type, [hexToU8a(stored ?? meta.fallback.toHex())]);
    } catch (cause) {
      throw new VedetteError('SOURCE_BAD_BODY', `${pallet}.${item} cannot be decoded`, { cause });
    }
  }

  #entry(pallet: string, item: string): Entry {
    const entry = this.#storage[pallet]?.[item];
    if (entry !== undefined) return entry;
    const what = this.hasPallet(pallet) ? `storage ${pallet}.${item}` : `pallet ${pallet}`;
    throw new VedetteError('SOURCE_UNSUPPORTED', `The chain has no ${what}`, { details: { pallet, item } });
  }
}
