/**
 * Events of feeds since the last block that was published. Promise: a range a node refuses is asked for again in
 * smaller pieces, and what does not fit into this round is left to the next.
 */
import { isRevert, type JsonRpcSource, type RpcAnswer } from '@vedette/monitor';
import { eventsOf, logsCall, type LogEntry } from './abi.js';
import type { AllProgress, FeedState } from './feeds.js';
import { LARGEST_SPAN, SMALLEST_SPAN } from './memory.js';
import { Questions } from './questions.js';
import { bounded, windowOf } from './rounds.js';

/** One event of any node. */
export interface FeedEventEntry extends LogEntry {
  readonly round: bigint;
}

export interface FeedEvents {
  readonly state: FeedState;
  /** Oldest first; of any node of the feed. */
  readonly events: readonly FeedEventEntry[];
  /** First block the events are complete from, by node id; the feed's own last one is `to`. */
  readonly from: ReadonlyMap<string, number>;
  readonly to: number;
  readonly before: AllProgress;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const ATTEMPTS = 5;

export async function readEvents(
  source: JsonRpcSource,
  states: readonly FeedState[],
  before: { readonly height: number; readonly span: number; readonly progress: AllProgress },
): Promise<{ readonly events: (() => FeedEvents)[]; readonly span: number }> {
  const found = new Map<FeedState, () => FeedEvents>();
  let { span } = before;
  let left = states;
  let isRefused = false;
  for (let tries = 1; tries <= ATTEMPTS && left.length > 0; tries += 1) {
    const refused: FeedState[] = [];
    for (const { state, range, answer } of await askLogs(source, left, before, span)) {
      found.set(state, () => feedEvents(state, range, answer, before));
      if (range !== null && range.to > range.from && isRangeRefused(answer)) refused.push(state);
    }
    left = refused;
    if (refused.length === 0) break;
    isRefused = true;
    span = Math.max(SMALLEST_SPAN, Math.trunc(span / 4));
  }
  const events = states.flatMap((state) => found.get(state) ?? []);
  return { events, span: isRefused ? span : Math.min(LARGEST_SPAN, span * 2) };
}

async function askLogs(
  source: JsonRpcSource,
  states: readonly FeedState[],
  { height, progress }: { readonly height: number; readonly progress: AllProgress },
  span: number,
): Promise<{ state: FeedState; range: Range | null; answer: RpcAnswer | undefined }[]> {
  const questions = new Questions();
  const asked = states.map((state) => {
    const range = rangeOf(state, height, progress, span);
    const { aggregator, watched } = state;
    if (range === null) return { state, range, answer: () => undefined };
    const call =
      watched.feed.version === 3
        ? logsCall(
            aggregator,
            'SubmissionReceived',
            range,
            watched.nodes.map(({ address }) => address),
          )
        : logsCall(aggregator, 'NewTransmission', range);
    return { state, range, answer: questions.add(call) };
  });
  await questions.ask(source);
  return asked.map(({ state, range, answer }) => ({ state, range, answer: answer() }));
}

/** From the earliest block any of the nodes lacks. Null: there is no new block for any. */
function rangeOf(
  { watched: { feed, nodes } }: FeedState,
  height: number,
  progress: AllProgress,
  span: number,
): Range | null {
  const ranges = nodes.flatMap(({ id }) => windowOf(progress[id]?.[feed.proxy], height, span) ?? []);
  const from = Math.min(...ranges.map((range) => range.from));
  return ranges.length === 0 ? null : { from, to: Math.min(height, from + span - 1) };
}

/** Throws the answer's own error, or SOURCE_BAD_BODY. */
function feedEvents(
  state: FeedState,
  range: Range | null,
  answer: RpcAnswer | undefined,
  { height, progress }: { readonly height: number; readonly progress: AllProgress },
): FeedEvents {
  const { feed, nodes } = state.watched;
  const from = new Map(
    nodes.map(({ id }) => [id, (progress[id]?.[feed.proxy]?.block ?? height - 1) + 1] as const),
  );
  if (range === null) return { state, events: [], from, to: -1, before: progress };
  const event = feed.version === 3 ? 'SubmissionReceived' : 'NewTransmission';
  const all = eventsOf(event, answer).filter(({ block }) => block >= range.from && block <= range.to);
  const { events, to } = bounded(all, range.to);
  const rounded = events.map((entry) => ({
    ...entry,
    round: entry.args[event === 'NewTransmission' ? 0 : 1] as bigint,
  }));
  return { state, events: rounded, from, to, before: progress };
}

/** The node understood and would not: too many blocks, too many results. */
function isRangeRefused(answer: RpcAnswer | undefined): boolean {
  if (answer === undefined || !('error' in answer)) return false;
  const { error } = answer;
  if (error.code === 'SOURCE_TOO_LARGE') return true;
  return error.code === 'SOURCE_HTTP_STATUS' && 'rpcCode' in error.details && !isRevert(error);
}
