/**
 * Reads the feeds nodes take part in: four exchanges, whatever their number. Promise: a feed that cannot be read
 * costs that feed alone, and its events are read in a later round.
 */
import type { JsonRpcSource } from '@vedette/monitor';
import { addressesOf, addressOf, roundOf, valuesOf, viewCall } from './abi.js';
import type { Feed } from './contract-list.js';
import { readEvents, type FeedEvents } from './events.js';
import { historyOf } from './history.js';
import type { FeedReport } from './messages.js';
import { Questions } from './questions.js';
import type { Progress, RoundData } from './rounds.js';

export interface FeedNode {
  readonly id: string;
  readonly address: string;
}

export interface WatchedFeed {
  readonly feed: Feed;
  /** Those that take part, at least one. */
  readonly nodes: readonly FeedNode[];
}

/** Node id to proxy to progress. */
export type AllProgress = Readonly<Record<string, Readonly<Record<string, Progress>>>>;

export interface FeedsBefore {
  readonly height: number;
  /** Blocks of logs to ask for at most. */
  readonly span: number;
  readonly descriptions: Readonly<Record<string, string>>;
  readonly progress: AllProgress;
}

export interface FeedsRead {
  /** By node id; a node none of whose feeds could be read is not there. */
  readonly reports: ReadonlyMap<string, readonly FeedReport[]>;
  /** Node id to the number of its feeds that no longer count it among their transmitters. */
  readonly left: ReadonlyMap<string, number>;
  readonly descriptions: Readonly<Record<string, string>>;
  /** Of what is in `reports` only. */
  readonly progress: AllProgress;
  readonly span: number;
  /** Feeds that could not be read, with the first reason. */
  readonly unreadable: number;
  readonly problem: unknown;
}

/** What a feed says besides its events. */
interface Head {
  readonly watched: WatchedFeed;
  readonly aggregator: string;
  readonly description: string;
}

/** A head with its present state; what is missing throws when it is asked for. */
export interface FeedState extends Head {
  readonly latest: RoundData;
  readonly payments: ReadonlyMap<string, bigint>;
  /** Version 4 only. */
  readonly transmitters: readonly string[];
}

export async function readFeeds(
  source: JsonRpcSource,
  watched: readonly WatchedFeed[],
  before: FeedsBefore,
): Promise<FeedsRead> {
  const problems: unknown[] = [];
  const attempt = <T>(read: () => T): T[] => {
    try {
      return [read()];
    } catch (error) {
      problems.push(error);
      return [];
    }
  };
  const heads = (await askHeads(source, watched, before.descriptions)).flatMap(attempt);
  const states = (await askStates(source, heads)).flatMap(attempt);
  const { events, span } = await readEvents(source, states, before);
  const found = (await askRounds(source, events.flatMap(attempt))).flatMap(attempt);
  const reports = new Map<string, FeedReport[]>();
  const progress: Record<string, Record<string, Progress>> = {};
  const left = new Map<string, number>();
  for (const { node, report, advanced } of found.flat()) {
    if (report === null) {
      left.set(node.id, (left.get(node.id) ?? 0) + 1);
      continue;
    }
    reports.set(node.id, [...(reports.get(node.id) ?? []), report]);
    (progress[node.id] ??= {})[report.proxy] = advanced;
  }
  const descriptions = Object.fromEntries(heads.map((head) => [head.watched.feed.proxy, head.description]));
  return { reports, left, descriptions, progress, span, unreadable: problems.length, problem: problems[0] };
}

/** The aggregator a proxy points to now, and its description unless that is known. */
async function askHeads(
  source: JsonRpcSource,
  watched: readonly WatchedFeed[],
  known: Readonly<Record<string, string>>,
): Promise<(() => Head)[]> {
  const questions = new Questions();
  const heads = watched.map((one) => {
    const { proxy } = one.feed;
    const aggregator = questions.add(viewCall(proxy, 'aggregator'));
    const said = known[proxy];
    const description = said === undefined ? questions.add(viewCall(proxy, 'description')) : null;
    return (): Head => ({
      watched: one,
      aggregator: addressOf(valuesOf('aggregator', aggregator())[0] as string) ?? '',
      description:
        description === null ? (said ?? '') : (valuesOf('description', description())[0] as string),
    });
  });
  await questions.ask(source);
  return heads;
}

async function askStates(source: JsonRpcSource, heads: readonly Head[]): Promise<(() => FeedState)[]> {
  const questions = new Questions();
  const states = heads.map((head) => {
    const { aggregator, watched } = head;
    const isFlux = watched.feed.version === 3;
    const view = isFlux ? 'withdrawablePayment' : 'owedPayment';
    const latest = questions.add(viewCall(aggregator, 'latestRoundData'));
    const transmitters = isFlux ? null : questions.add(viewCall(aggregator, 'transmitters'));
    const payments = watched.nodes.map(
      ({ id, address }) => [id, questions.add(viewCall(aggregator, view, [address]))] as const,
    );
    return (): FeedState => ({
      ...head,
      latest: roundOf('latestRoundData', latest()),
      payments: new Map(payments.map(([id, answer]) => [id, valuesOf(view, answer())[0] as bigint])),
      transmitters: transmitters === null ? [] : addressesOf('transmitters', transmitters()),
    });
  });
  await questions.ask(source);
  return states;
}

interface NodeReport {
  readonly node: FeedNode;
  /** Null: it takes no part any more. */
  readonly report: FeedReport | null;
  readonly advanced: Progress;
}

/** The settled data of every round there is an event of, each once. */
async function askRounds(source: JsonRpcSource, all: readonly FeedEvents[]): Promise<(() => NodeReport[])[]> {
  const questions = new Questions();
  const reports = all.map((one) => {
    const rounds = [...new Set(one.events.map(({ round }) => round))];
    const answers = rounds.map(
      (round) => [round, questions.add(viewCall(one.state.aggregator, 'getRoundData', [round]))] as const,
    );
    return (): NodeReport[] =>
      historyOf(one, new Map(answers.map(([round, answer]) => [round, answer()]))).map(
        ({ node, history, progress }) => ({
          node,
          report: history === null ? null : reportOf(one.state, node, history, progress),
          advanced: progress,
        }),
      );
  });
  await questions.ask(source);
  return reports;
}

function reportOf(
  { watched, aggregator, description, latest, payments }: FeedState,
  node: FeedNode,
  history: FeedReport['history'],
  { lastRound }: Progress,
): FeedReport {
  const { proxy, version } = watched.feed;
  const payment = payments.get(node.id) ?? 0n;
  return { proxy, version, aggregator, description, latest, payment, history, lastRound };
}
