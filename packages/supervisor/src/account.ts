/** What is remembered of one monitor across its runs: restarts, rounds, state, link. No decisions. */
import type {
  Facts,
  FromWorker,
  JsonValue,
  LinkWord,
  PublishCounts,
  ReportedError,
  RestartCause,
  RoundOutcome,
  SerialisedError,
} from '@vedette/contract';

/** What a round left behind. */
export interface LastRound {
  readonly outcome: RoundOutcome;
  /** Wall clock, epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  readonly facts: Facts;
  /** The coded error the round published; null for a result. */
  readonly reported: ReportedError | null;
  readonly error: SerialisedError | null;
  /** What became of its messages; empty if it published none, or the worker did not say. */
  readonly publishes: PublishCounts;
}

type Message<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

export class Account {
  restarts = 0;
  readonly byCause: Partial<Record<RestartCause, number>> = {};
  lastError: SerialisedError | null = null;
  lastRound: LastRound | null = null;
  link: LinkWord = 'closed';
  replaced = 0;
  readonly #initialState: (revision: string) => JsonValue;
  #state: JsonValue = null;
  #stateRevision: string | null = null;

  constructor(initialState: (revision: string) => JsonValue) {
    this.#initialState = initialState;
  }

  /** A new run begins. */
  begin(): void {
    this.link = 'connecting';
    this.replaced = 0;
  }

  /** The run is over; `error` is null where that was asked for. */
  ended(error: SerialisedError | null): void {
    this.link = 'closed';
    this.lastError = error ?? this.lastError;
  }

  restarted(cause: RestartCause): void {
    this.restarts += 1;
    this.byCause[cause] = (this.byCause[cause] ?? 0) + 1;
  }

  roundEnded(message: Message<'round-ended'>, revision: string): LastRound {
    const { outcome, at, durationMs, facts, reported, error, publishes = {} } = message;
    this.lastRound = { outcome, at, durationMs, facts, reported, error, publishes };
    this.#state = message.state;
    this.#stateRevision = revision;
    return this.lastRound;
  }

  linkChanged(message: Message<'link-changed'>): void {
    this.link = message.link;
    this.replaced = message.replaced;
  }

  /** What the last round left, if it ran with these very settings; else what an earlier process kept. */
  stateFor(revision: string): JsonValue {
    return revision === this.#stateRevision ? this.#state : this.#initialState(revision);
  }
}
