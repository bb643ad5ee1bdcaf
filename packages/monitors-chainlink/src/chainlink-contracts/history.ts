/** What the events of a feed mean for each of its nodes. Pure. */
import { isRevert, type RpcAnswer } from '@vedette/monitor';
import { roundOf } from './abi.js';
import type { FeedNode } from './feeds.js';
import type { FeedEventEntry, FeedEvents } from './events.js';
import {
  historyV3,
  historyV4,
  observationOf,
  type HistoricalRound,
  type Progress,
  type RoundData,
  type Submission,
} from './rounds.js';

export interface NodeHistory {
  readonly node: FeedNode;
  /** Null: it is no transmitter any more. */
  readonly history: readonly HistoricalRound[] | null;
  readonly progress: Progress;
}

/** One per node of the feed. Throws if a round could not be read. */
export function historyOf(
  { state, events, from, to, before }: FeedEvents,
  answers: ReadonlyMap<bigint, RpcAnswer | undefined>,
): NodeHistory[] {
  const { feed, nodes } = state.watched;
  const rounds = new Map([...answers].map(([round, answer]) => [round, settledOf(answer)]));
  return nodes.map((node): NodeHistory => {
    const known = before[node.id]?.[feed.proxy];
    const lastRound = known?.lastRound ?? null;
    const first = from.get(node.id) ?? 0;
    // Another node of the feed may be behind: what this one had is not handed out again.
    const own = events.filter(({ block }) => block >= first);
    const end = Math.max(to, first - 1);
    if (feed.version === 3) {
      const { history, progress } = historyV3(submissionsOf(own, node), rounds, end, lastRound);
      return { node, history, progress };
    }
    const index = state.transmitters.indexOf(node.address);
    if (index === -1) return { node, history: null, progress: { block: first - 1, lastRound } };
    const seen = own.map((event) => transmissionOf(event, index));
    const { history, progress } = historyV4(seen, rounds, end, lastRound, state.transmitters.length);
    return { node, history, progress };
  });
}

function submissionsOf(events: readonly FeedEventEntry[], { address }: FeedNode): Submission[] {
  return events
    .filter(({ args }) => args[2] === address)
    .map(({ block, round, args }) => ({ block, round, submission: args[0] as bigint }));
}

function transmissionOf({ block, round, args }: FeedEventEntry, transmitter: number): Submission {
  const observations = [...(args[3] as Iterable<bigint>)];
  const submission = observationOf(args[4] as string, observations, transmitter);
  return { block, round, submission, observations: observations.length };
}

/** Undefined: the aggregator has no consensus for it. */
function settledOf(answer: RpcAnswer | undefined): RoundData | undefined {
  if (answer !== undefined && 'error' in answer && isRevert(answer.error)) return undefined;
  return roundOf('getRoundData', answer);
}
