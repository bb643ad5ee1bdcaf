/** Reads one node with one runtime. Promise: many items are one request, and each answer has its form. */
import { isJsonObject, VedetteError } from '@vedette/contract';
import type { Codec } from '@polkadot/types/types';
import type { Connection } from './connections.js';
import { timeoutOf, type Patience } from './patience.js';
import type { Runtime, StorageItem } from './runtime.js';

/** Keys of one request. Exposures of a whole era then stay below a megabyte. */
const MOST_KEYS = 200;

export class ChainReader {
  readonly connection: Connection;
  readonly runtime: Runtime;
  readonly patience: Patience;

  constructor(connection: Connection, runtime: Runtime, patience: Patience) {
    this.connection = connection;
    this.runtime = runtime;
    this.patience = patience;
  }

  call(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return callNode(this.connection, this.patience, method, params);
  }

  /** Null for an item that holds nothing and has no default. */
  async read(items: readonly StorageItem[], at: string | null = null): Promise<(Codec | null)[]> {
    const keys = items.map((item) => this.runtime.keyOf(item));
    const stored = await this.#stored(keys, at);
    return items.map((item, index) => this.runtime.decode(item, stored.get(keys[index] ?? '') ?? null));
  }

  async readOne(item: StorageItem, at: string | null = null): Promise<Codec | null> {
    return (await this.read([item], at))[0] ?? null;
  }

  /** Whether anything is stored there; a default does not count. */
  async exists(items: readonly StorageItem[]): Promise<boolean[]> {
    const keys = items.map((item) => this.runtime.keyOf(item));
    const stored = await this.#stored(keys, null);
    return keys.map((key) => (stored.get(key) ?? null) !== null);
  }

  /** Keys below a prefix, a page at a time; fewer than `count` are the last. */
  async keysBelow(prefix: string, count: number, after: string | null = null): Promise<string[]> {
    const keys = await this.call('state_getKeysPaged', [prefix, count, after ?? prefix]);
    if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) {
      throw new VedetteError('SOURCE_BAD_BODY', `${this.connection.socket.url} does not list keys`);
    }
    return keys;
  }

  async storedAt(keys: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    return this.#stored(keys, null);
  }

  async #stored(keys: readonly string[], at: string | null): Promise<Map<string, string | null>> {
    const pages: string[][] = [];
    for (let from = 0; from < keys.length; from += MOST_KEYS) pages.push(keys.slice(from, from + MOST_KEYS));
    const found = new Map<string, string | null>();
    const answers = await Promise.all(
      pages.map((page) => this.call('state_queryStorageAt', at === null ? [page] : [page, at])),
    );
    for (const answer of answers) {
      for (const [key, value] of changesIn(answer, this.connection.socket.url)) found.set(key, value);
    }
    return found;
  }
}

export function callNode(
  { socket }: Connection,
  patience: Patience,
  method: string,
  params: readonly unknown[] = [],
): Promise<unknown> {
  return socket.call(method, params, timeoutOf(patience), patience.signal);
}

/** `[{ block, changes: [[key, value or null], …] }]` */
function changesIn(answer: unknown, url: string): (readonly [string, string | null])[] {
  const set: unknown = Array.isArray(answer) ? answer[0] : undefined;
  const changes = isJsonObject(set) ? set['changes'] : undefined;
  if (!Array.isArray(changes)) throw new VedetteError('SOURCE_BAD_BODY', `${url} gives no storage`);
  return changes.map((change: unknown) => {
    const [key, value] = Array.isArray(change) ? (change as unknown[]) : [];
    if (typeof key !== 'string' || (typeof value !== 'string' && value !== null)) {
      throw new VedetteError('SOURCE_BAD_BODY', `${url} gives storage in another form`);
    }
    return [key, value] as const;
  });
}
