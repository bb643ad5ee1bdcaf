/** The `network.cosmos` messages on `raw_data`, byte for byte as PANIC's transformer takes them. */
import { epochSeconds, type Facts, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { Proposal } from './proposals.js';

export function networkResult(
  monitor: MonitorIdentity,
  nowMs: number,
  proposals: readonly Proposal[],
): OutgoingMessage {
  const data = { proposals: proposals.map(({ wire }) => wire) };
  return message({ result: { meta_data: metaData(monitor, nowMs), data } });
}

export function networkError(
  monitor: MonitorIdentity,
  nowMs: number,
  failure: ReportedFailure,
): OutgoingMessage {
  const { message: text, code } = failure;
  return message({ error: { meta_data: metaData(monitor, nowMs), message: text, code } });
}

export function networkFacts(proposals: readonly Proposal[], requestSeconds: number): Facts {
  const count = (...wanted: string[]): number =>
    proposals.filter(({ status }) => wanted.includes(status)).length;
  return {
    proposals: proposals.length,
    proposals_deposit: count('deposit_period'),
    proposals_voting: count('voting_period'),
    proposals_passed: count('passed'),
    proposals_rejected: count('rejected'),
    proposals_failed: count('failed'),
    request_seconds: requestSeconds,
  };
}

function message(envelope: WireObject): OutgoingMessage {
  return { routingKey: 'network.cosmos', body: { cosmos_rest: envelope } };
}

/** Without `node_`, unlike the nodes' messages; the chain as its routing key names it. */
function metaData(monitor: MonitorIdentity, nowMs: number): WireObject {
  return {
    monitor_name: monitor.componentName,
    parent_id: monitor.parentId,
    chain_name: monitor.subChain,
    time: epochSeconds(nowMs),
  };
}
