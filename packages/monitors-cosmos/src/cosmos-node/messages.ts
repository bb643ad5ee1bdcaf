/** The `node.cosmos` message on `raw_data`, byte for byte as PANIC's transformer takes it. */
import { epochSeconds, real, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { HeightReading } from './catch-up.js';
import type { PrometheusReading } from './prometheus.js';
import type { RestReading } from './rest-source.js';
import type { RpcReading } from './rpc-source.js';
import type { CosmosNodeSettings } from './settings.js';

/** What every envelope says of the node. */
export interface Subject {
  readonly monitor: MonitorIdentity;
  readonly settings: Pick<CosmosNodeSettings, 'isValidator' | 'operatorAddress'>;
  readonly now: () => number;
}

/** One per source, `{}` for one that is off: the consumer drops a message in which a key is missing. */
export interface Envelopes {
  readonly prometheus: WireObject;
  readonly cosmos_rest: WireObject;
  readonly tendermint_rpc: WireObject;
}

export function cosmosNodeMessage({ prometheus, cosmos_rest, tendermint_rpc }: Envelopes): OutgoingMessage {
  return { routingKey: 'node.cosmos', body: { prometheus, cosmos_rest, tendermint_rpc } };
}

/** PANIC's names, whatever the node's own prefix is. An absent power is the integer 0, as PANIC has it. */
export function prometheusResult(subject: Subject, { height, power }: PrometheusReading): WireObject {
  return resultOf(subject, {
    tendermint_consensus_latest_block_height: real(height),
    tendermint_consensus_validator_power: power === null ? 0 : real(power),
  });
}

export function restResult(subject: Subject, { bondStatus, isJailed }: RestReading): WireObject {
  return resultOf(subject, { bond_status: bondStatus, jailed: isJailed });
}

/** `is_peered_with_sentinel` only where `is_mev_tendermint_node` is true: the consumer asks for both or none. */
export function rpcResult(subject: Subject, { isSyncing, isPeered, heights }: RpcReading): WireObject {
  const data: WireObject = { is_syncing: isSyncing, historical: [...heights].reverse().map(historicalOf) };
  return resultOf(subject, isPeered === null ? data : { ...data, is_peered_with_sentinel: isPeered }, {
    is_mev_tendermint_node: isPeered !== null,
  });
}

export function errorEnvelope(subject: Subject, { message, code }: ReportedFailure): WireObject {
  return { error: { meta_data: metaData(subject), message, code } };
}

function resultOf(subject: Subject, data: WireObject, extra: WireObject = {}): WireObject {
  return { result: { meta_data: metaData(subject, extra), data } };
}

function metaData({ monitor, settings, now }: Subject, extra: WireObject = {}): WireObject {
  return {
    monitor_name: monitor.componentName,
    node_name: monitor.name,
    node_id: monitor.configId,
    node_parent_id: monitor.parentId,
    time: epochSeconds(now()),
    ...extra,
    is_validator: settings.isValidator,
    operator_address: settings.operatorAddress,
  };
}

function historicalOf({ height, isActive, isSigned, slash }: HeightReading): WireObject {
  return {
    height,
    active_in_prev_block: isActive,
    signed_prev_block: isSigned,
    slashed: slash.isSlashed,
    slashed_amount: slash.amount,
  };
}
