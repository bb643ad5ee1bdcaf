/** The `network.substrate` messages on `raw_data`, byte for byte as PANIC's transformer takes them. */
import { epochSeconds, isJsonObject, type Facts, type JsonValue, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import { wire, wireObject } from '../wire.js';
import type { NetworkReadings } from './readings.js';
import type { SubstrateNetworkSettings } from './settings.js';

/** Six keys in `data`: the consumer drops the message for one less. */
export function substrateNetworkResult(
  monitor: MonitorIdentity,
  settings: SubstrateNetworkSettings,
  nowMs: number,
  readings: NetworkReadings,
): OutgoingMessage {
  const { stalled, proposalCount, proposals, referenda } = readings;
  const data: WireObject = {
    grandpa_stalled: wire(stalled),
    public_prop_count: proposalCount,
    active_proposals: wire(proposals),
    referendum_count: referenda.count,
    active_referendums: wire(referenda.active),
    all_referendums: wireObject(referenda.all),
  };
  return message({ result: { meta_data: metaData(monitor, settings, nowMs), data } });
}

export function substrateNetworkError(
  monitor: MonitorIdentity,
  settings: SubstrateNetworkSettings,
  nowMs: number,
  failure: ReportedFailure,
): OutgoingMessage {
  const { message: text, code } = failure;
  return message({ error: { meta_data: metaData(monitor, settings, nowMs), message: text, code } });
}

/** The same numbers for people and gauges. */
export function substrateNetworkFacts(readings: NetworkReadings, requestSeconds: number): Facts {
  const { stalled, proposalCount, proposals, referenda, hasDemocracy } = readings;
  const finished = Object.values(referenda.all).filter((info) => isFinished(info)).length;
  return {
    is_grandpa_stalled: Number(stalled !== null),
    has_democracy: Number(hasDemocracy),
    public_proposals: proposalCount,
    active_proposals: proposals.length,
    referendums: referenda.count,
    active_referendums: referenda.active.length,
    finished_referendums: finished,
    request_seconds: requestSeconds,
  };
}

function isFinished(info: JsonValue): boolean {
  return isJsonObject(info) && 'finished' in info;
}

function message(envelope: WireObject): OutgoingMessage {
  return { routingKey: 'network.substrate', body: { websocket: envelope } };
}

function metaData(
  monitor: MonitorIdentity,
  { governanceAddresses }: SubstrateNetworkSettings,
  nowMs: number,
): WireObject {
  return {
    monitor_name: monitor.componentName,
    parent_id: monitor.parentId,
    chain_name: monitor.subChain,
    time: epochSeconds(nowMs),
    // PANIC splits an empty text into one empty address.
    governance_addresses: governanceAddresses.length === 0 ? [''] : governanceAddresses,
  };
}
