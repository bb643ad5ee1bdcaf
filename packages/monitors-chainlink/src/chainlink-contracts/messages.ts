/** The `contracts.chainlink` messages on `raw_data`, byte for byte as PANIC's contracts transformer takes them. */
import { epochSeconds, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { HistoricalRound, RoundData } from './rounds.js';

/** What is told of one feed for one node. */
export interface FeedReport {
  readonly proxy: string;
  readonly version: 3 | 4;
  readonly aggregator: string;
  readonly description: string;
  readonly latest: RoundData;
  /** In the LINK token's smallest unit. */
  readonly payment: bigint;
  readonly history: readonly HistoricalRound[];
  readonly lastRound: number | null;
}

export function contractsResult(
  monitor: MonitorIdentity,
  node: { readonly id: string; readonly name: string },
  nowMs: number,
  reports: readonly FeedReport[],
): OutgoingMessage {
  // PANIC's order: version 3 first.
  const ordered = [...reports].sort((one, other) => one.version - other.version);
  const data = Object.fromEntries(ordered.map((report) => [report.proxy, feedOf(report)]));
  const meta_data = {
    monitor_name: monitor.componentName,
    node_name: node.name,
    node_id: node.id,
    node_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
  };
  return { routingKey: 'contracts.chainlink', body: { result: { meta_data, data } } };
}

/** One for the whole chain. */
export function contractsError(
  monitor: MonitorIdentity,
  nowMs: number,
  { message, code }: ReportedFailure,
): OutgoingMessage {
  const meta_data = {
    monitor_name: monitor.componentName,
    node_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
  };
  return { routingKey: 'contracts.chainlink', body: { error: { meta_data, message, code } } };
}

function feedOf(report: FeedReport): WireObject {
  const { version, latest, payment, history, lastRound } = report;
  return {
    contractVersion: version,
    aggregatorAddress: report.aggregator,
    description: report.description,
    latestRound: latest.roundId,
    latestAnswer: latest.answer,
    latestTimestamp: latest.updatedAt,
    answeredInRound: latest.answeredInRound,
    [version === 3 ? 'withdrawablePayment' : 'owedPayment']: payment,
    historicalRounds: history.map((round) => ({ ...round })),
    lastRoundObserved: lastRound,
  };
}
