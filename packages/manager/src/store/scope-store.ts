/** Where the wanted state survives a restart. An interface, so that a shared store can come later. */
import type { Family, JsonObject, Refusal } from '@vedette/contract';

/** One accepted config message: a scope is what one message describes in full. */
export interface ScopeRecord {
  /** `<family>/<routing key>`. */
  readonly scope: string;
  readonly family: Family;
  readonly routingKey: string;
  /** Goes up with each acceptance; of two scopes that claim one id the younger wins. */
  readonly generation: number;
  /** As received, less what could not even be read. */
  readonly body: JsonObject;
  /** Previous good versions of entries that were refused this time. */
  readonly kept: JsonObject;
  readonly refusals: readonly Refusal[];
}

/** A stored scope that could not be used; it was moved aside, or left if it cannot be read, and stops nothing. */
export interface SetAside {
  readonly file: string;
  readonly code: 'STORE_UNREADABLE' | 'STORE_NEWER_VERSION';
  readonly reason: string;
}

/** Where accepted config is kept over a restart. */
export interface ScopeStore {
  /**
   * Never rejects for damaged content: that comes back as `setAside`. Rejects with STORE_WRITE_FAILED where
   * there is no place to store anything.
   */
  load(): Promise<{ readonly records: readonly ScopeRecord[]; readonly setAside: readonly SetAside[] }>;
  /** Resolves when the record is on disk. Rejects with STORE_WRITE_FAILED; the old record then stands. */
  save(record: ScopeRecord): Promise<void>;
}

/** For a file as config source, which is its own durable state. */
export class MemoryScopeStore implements ScopeStore {
  readonly #records = new Map<string, ScopeRecord>();

  load(): ReturnType<ScopeStore['load']> {
    return Promise.resolve({ records: [...this.#records.values()], setAside: [] });
  }

  save(record: ScopeRecord): Promise<void> {
    this.#records.set(record.scope, record);
    return Promise.resolve();
  }
}
