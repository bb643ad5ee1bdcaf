/** What people read about a kind beside its settings. Main thread only, plain text without markup but code type. */
export interface KindDocs {
  /** Sources and calls, one line each. */
  readonly reads: readonly string[];
  /** Messages on `raw_data`, by routing key, and when each is sent. */
  readonly publishes: readonly { readonly routingKey: string; readonly what: string }[];
  /** Codes an `error` message of this kind can carry. */
  readonly errors: readonly { readonly code: number; readonly when: string }[];
  /** What PANIC does otherwise, and why this does not; one line each. Empty: nothing. */
  readonly differs: readonly string[];
}
