/**
 * What is wanted, scope by scope: from the bytes of a message to a stored record and a set of specs. Promise: a
 * message changes what is wanted only once it is on disk, in the order in which messages came.
 */
import { createHash } from 'node:crypto';
import {
  describeValue,
  FAMILIES,
  isTopicMatch,
  type Family,
  type MonitorSpec,
  type Refusal,
} from '@vedette/contract';
import { refusal } from '@vedette/contract/strategy';
import { decodeConfig } from './intake/decode.js';
import { interpret, reinterpret, scopeOf, type Interpreted } from './intake/interpret.js';
import { Places, type Place } from './intake/places.js';
import type { ScopeRecord, ScopeStore, SetAside } from './store/scope-store.js';
import type { StrategyRegistry } from './strategy-registry.js';
import { WantedSet } from './wanted-set.js';

/** What one message led to; `before` is what its scope stood for until then. */
export type Taken =
  | {
      readonly isUsable: true;
      readonly before: readonly MonitorSpec[];
      readonly refusals: readonly Refusal[];
    }
  /** As a whole; nothing was changed. */
  | { readonly isUsable: false; readonly refusals: readonly Refusal[] };

/** What a message would lead to if it were taken now. */
export interface Preview {
  readonly isUsable: boolean;
  readonly refusals: readonly Refusal[];
  /** The complete set there would be. */
  readonly specs: readonly MonitorSpec[];
}

/** What is wanted, by scope. */
export class WantedState {
  readonly #registry: StrategyRegistry;
  readonly #store: ScopeStore;
  readonly #set = new WantedSet();
  readonly #places = new Places();
  readonly #records = new Map<string, ScopeRecord>();
  /** Of the message last taken in each scope, by this process. */
  readonly #digests = new Map<string, string>();

  constructor(registry: StrategyRegistry, store: ScopeStore) {
    this.#registry = registry;
    this.#store = store;
  }

  /** What was stored in an earlier life, as the strategies of today read it. Rejects as the store does. */
  async restore(): Promise<{
    readonly records: readonly ScopeRecord[];
    readonly setAside: readonly SetAside[];
  }> {
    const { records, setAside } = await this.#store.load();
    for (const record of records) {
      this.#records.set(record.scope, record);
      this.#places.startAfter(record.generation);
      this.#set.replace(record.scope, record.generation, reinterpret(this.#registry, record));
    }
    return { records, setAside };
  }

  enter(family: Family, routingKey: string): Place {
    return this.#places.enter(scopeOf({ family, routingKey }));
  }

  /** Resolves in the message's turn. Rejects with STORE_WRITE_FAILED; then nothing was changed. */
  async take(family: Family, routingKey: string, content: Uint8Array, place: Place): Promise<Taken> {
    const scope = scopeOf({ family, routingKey });
    await place.ofScope;
    const before = this.#set.specsOf(scope);
    const digest = createHash('sha256').update(content).digest('base64');
    if (this.#digests.get(scope) === digest) {
      // The very bytes that are stored and applied already: nothing to parse or to store.
      await place.turn;
      return { isUsable: true, before, refusals: this.#records.get(scope)?.refusals ?? [] };
    }
    const { interpreted, refusals } = this.#interpret(family, routingKey, content, place.generation);
    if (interpreted === null) {
      await place.turn;
      return { isUsable: false, refusals };
    }
    const { specs, record } = interpreted;
    // Writes to disk overlap with those of other scopes; what they lead to does not.
    await this.#store.save(record);
    await place.turn;
    this.#records.set(scope, record);
    this.#digests.set(scope, digest);
    this.#set.replace(scope, place.generation, specs);
    return { isUsable: true, before, refusals };
  }

  /** Changes nothing. */
  preview(family: Family, routingKey: string, content: Uint8Array): Preview {
    const { interpreted, refusals } = this.#interpret(family, routingKey, content, Number.MAX_SAFE_INTEGER);
    if (interpreted === null) return { isUsable: false, refusals, specs: this.specs() };
    const specs = this.#set.specsWith(scopeOf({ family, routingKey }), interpreted.specs);
    return { isUsable: true, refusals, specs };
  }

  /** All scopes with what is wanted of them and what was refused of the message last taken. */
  scopes(): { readonly scope: string; readonly wanted: string[]; readonly refusals: readonly Refusal[] }[] {
    return this.#set.scopes().map((scope) => ({
      scope,
      wanted: this.#set.specsOf(scope).map(({ id }) => id),
      refusals: this.#records.get(scope)?.refusals ?? [],
    }));
  }

  /** A set that needs no storing, such as a file's. */
  replace(scope: string, specs: readonly MonitorSpec[]): void {
    const place = this.#places.enter(scope);
    place.leave();
    this.#set.replace(scope, place.generation, specs);
  }

  specs(): MonitorSpec[] {
    return this.#set.specs();
  }

  specsOf(family: Family, routingKey: string): readonly MonitorSpec[] {
    return this.#set.specsOf(scopeOf({ family, routingKey }));
  }

  /** Refusals of the last message of each scope. */
  refusals(): { readonly scope: string; readonly refusals: readonly Refusal[] }[] {
    return [...this.#records.values()]
      .filter((record) => record.refusals.length > 0)
      .map(({ scope, refusals }) => ({ scope, refusals }));
  }

  #interpret(
    family: Family,
    routingKey: string,
    content: Uint8Array,
    generation: number,
  ): { readonly interpreted: Interpreted | null; readonly refusals: readonly Refusal[] } {
    const { message, refusals: unread } = decodeConfig(family, routingKey, content);
    const unusable = message === null ? unread : foreignKey(family, routingKey);
    if (message === null || unusable.length > 0) return { interpreted: null, refusals: unusable };
    const previous = this.#records.get(scopeOf({ family, routingKey }));
    const interpreted = interpret(this.#registry, message, unread, previous, generation);
    return { interpreted, refusals: interpreted.refusals };
  }
}

function foreignKey(family: Family, routingKey: string): readonly Refusal[] {
  const { configKeys, configQueue } = FAMILIES[family];
  if (configKeys.some((pattern) => isTopicMatch(pattern, routingKey))) return [];
  const reason = `${describeValue(routingKey)} is no routing key of ${configQueue}`;
  return [refusal('CONFIG_UNKNOWN_ROUTING_KEY', null, null, reason)];
}
