/** The `node.evm` messages on `raw_data`, byte for byte as PANIC's EVM node transformer takes them. */
import { epochSeconds, type Facts, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { EvmReadings } from './readings.js';

export function evmResult(monitor: MonitorIdentity, nowMs: number, readings: EvmReadings): OutgoingMessage {
  const data = { current_height: readings.currentHeight, syncing: readings.isSyncing };
  return { routingKey: 'node.evm', body: { result: { meta_data: metaData(monitor, nowMs), data } } };
}

export function evmError(monitor: MonitorIdentity, nowMs: number, failure: ReportedFailure): OutgoingMessage {
  const { message, code } = failure;
  return { routingKey: 'node.evm', body: { error: { meta_data: metaData(monitor, nowMs), message, code } } };
}

/** The same for people and gauges. */
export function evmFacts(readings: EvmReadings, requestSeconds: number): Facts {
  return {
    block_height: readings.currentHeight,
    is_syncing: readings.isSyncing ? 1 : 0,
    request_seconds: requestSeconds,
  };
}

function metaData(monitor: MonitorIdentity, nowMs: number): WireObject {
  return {
    monitor_name: monitor.componentName,
    node_name: monitor.name,
    node_id: monitor.configId,
    node_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
  };
}
