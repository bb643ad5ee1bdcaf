/** From events and rounds of one feed to what consumers count of one node. Pure. No block is handed out twice. */

/** `latestRoundData` and `getRoundData`. */
export interface RoundData {
  readonly roundId: bigint;
  readonly answer: bigint;
  readonly updatedAt: bigint;
  readonly answeredInRound: bigint;
}

/** What an event says of one node. */
export interface Submission {
  readonly block: number;
  readonly round: bigint;
  /** Null: the node gave no observation to this round (version 4). */
  readonly submission: bigint | null;
  /** Observations in the report; version 4 only. */
  readonly observations?: number;
}

/** Exactly these fields: consumers drop a message for one more or one less. */
export interface HistoricalRound {
  readonly roundId: bigint;
  readonly roundAnswer: bigint | null;
  readonly roundTimestamp: bigint | null;
  readonly answeredInRound: bigint | null;
  readonly nodeSubmission: bigint | null;
  readonly noOfObservations?: bigint;
  readonly noOfTransmitters?: bigint;
}

export interface Progress {
  /** Last block whose events were published. */
  readonly block: number;
  /** Last round the node took part in; null as long as there is none. */
  readonly lastRound: number | null;
}

export const MAX_EVENTS = 200;

/** First time: the current block. Null: there is no new block. */
export function windowOf(
  before: Progress | undefined,
  current: number,
  span: number,
): { from: number; to: number } | null {
  const from = before === undefined ? current : before.block + 1;
  return from > current ? null : { from, to: Math.min(current, from + span - 1) };
}

/** The oldest events that are not too many, and the last block they are complete for. */
export function bounded<T extends { readonly block: number }>(
  events: readonly T[],
  to: number,
): { readonly events: readonly T[]; readonly to: number } {
  const over = events[MAX_EVENTS];
  if (over === undefined) return { events, to };
  // Whole blocks only, and at least one.
  const end = Math.max(over.block - 1, events[0]?.block ?? over.block);
  return { events: events.filter(({ block }) => block <= end), to: end };
}

/** `undefined` in `rounds`: it reverted, there is no consensus yet. */
export function historyV3(
  events: readonly Submission[],
  rounds: ReadonlyMap<bigint, RoundData | undefined>,
  to: number,
  lastRound: number | null,
): { readonly history: HistoricalRound[]; readonly progress: Progress } {
  const history: HistoricalRound[] = [];
  let last = lastRound;
  for (const { block, round, submission } of events) {
    const data = rounds.get(round);
    last = Number(round);
    if (data === undefined) {
      const open = { roundAnswer: null, roundTimestamp: null, answeredInRound: null };
      history.push({ roundId: round, ...open, nodeSubmission: submission });
      // Read again, this event first, until there is a consensus.
      return { history, progress: { block: block - 1, lastRound: last } };
    }
    if (data.answer !== 0n) history.push({ ...settled(data), nodeSubmission: submission });
  }
  return { history, progress: { block: to, lastRound: last } };
}

export function historyV4(
  events: readonly Submission[],
  rounds: ReadonlyMap<bigint, RoundData | undefined>,
  to: number,
  lastRound: number | null,
  transmitters: number,
): { readonly history: HistoricalRound[]; readonly progress: Progress } {
  const history: HistoricalRound[] = [];
  let last = lastRound;
  for (const { round, submission, observations = 0 } of events) {
    const data = rounds.get(round);
    if (submission !== null) last = Number(round);
    // Without a settled answer there is nothing consumers could take.
    if (data === undefined || (data.answer === 0n && submission !== null)) continue;
    history.push({
      ...settled(data),
      nodeSubmission: submission,
      noOfObservations: BigInt(observations),
      noOfTransmitters: BigInt(transmitters),
    });
  }
  return { history, progress: { block: to, lastRound: last } };
}

/** Each byte of `observers` is an index into the transmitters; its place is that of the observation. */
export function observationOf(
  observers: string,
  observations: readonly bigint[],
  transmitter: number,
): bigint | null {
  const bytes = Buffer.from(observers.replace(/^0x/i, ''), 'hex');
  const place = bytes.indexOf(transmitter);
  return place === -1 ? null : (observations[place] ?? null);
}

function settled(data: RoundData): Omit<HistoricalRound, 'nodeSubmission'> {
  return {
    roundId: data.roundId,
    roundAnswer: data.answer,
    roundTimestamp: data.updatedAt,
    answeredInRound: data.answeredInRound,
  };
}
