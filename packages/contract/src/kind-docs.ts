/** What people read about a kind beside its settings. Main thread only, plain text without markup but code type. */
export type FactDocs = Readonly<Record<string, string>>;

/** What the documentation of a kind is made from: sources, facts, messages, codes, what differs from PANIC. */
export interface KindDocs {
  /** Sources and calls, one line each. */
  readonly reads: readonly string[];
  /** Messages on `raw_data`, by routing key, and when each is sent. */
  readonly publishes: readonly { readonly routingKey: string; readonly what: string }[];
  /**
   * Every fact a round can observe, by name, and what it says. A gauge each: the name carries the unit
   * (`_seconds`, `_bytes`, `_percent`) where there is one.
   */
  readonly facts: FactDocs;
  /** Codes an `error` message of this kind can carry. */
  readonly errors: readonly { readonly code: number; readonly when: string }[];
  /** What PANIC does otherwise, and why this does not; one line each. Empty: nothing. */
  readonly differs: readonly string[];
}

/** Name of the Prometheus gauge of a fact: `vedette_evm_node_block_height`. */
export function gaugeName(kind: string, fact: string): string {
  return `vedette_${kind}_${fact}`.toLowerCase().replace(/[^a-z0-9]+/g, '_');
}
