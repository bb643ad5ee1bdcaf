/** The `system` messages on `raw_data`, byte for byte as PANIC's system transformer takes them. */
import { epochSeconds, real, type Facts, type WireObject } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { SystemReadings } from './readings.js';

export function systemResult(
  monitor: MonitorIdentity,
  nowMs: number,
  readings: SystemReadings,
): OutgoingMessage {
  // Every value is a float in PANIC, so every one is written as a real.
  const data = Object.fromEntries(
    Object.entries(readings).map(([name, value]) => [name, real(value as number)]),
  );
  return { routingKey: 'system', body: { result: { meta_data: metaData(monitor, nowMs), data } } };
}

export function systemError(
  monitor: MonitorIdentity,
  nowMs: number,
  failure: ReportedFailure,
): OutgoingMessage {
  const { message, code } = failure;
  return { routingKey: 'system', body: { error: { meta_data: metaData(monitor, nowMs), message, code } } };
}

/** The same numbers for people and gauges. */
export function systemFacts(readings: SystemReadings, requestSeconds: number): Facts {
  return {
    cpu_percent: readings.system_cpu_usage,
    ram_percent: readings.system_ram_usage,
    storage_percent: readings.system_storage_usage,
    open_fds_percent: readings.open_file_descriptors,
    process_memory_percent: readings.process_memory_usage,
    process_cpu_seconds: readings.process_cpu_seconds_total,
    virtual_memory_bytes: readings.virtual_memory_usage,
    network_receive_bytes: readings.network_receive_bytes_total,
    network_transmit_bytes: readings.network_transmit_bytes_total,
    disk_io_seconds: readings.disk_io_time_seconds_total,
    request_seconds: requestSeconds,
  };
}

function metaData(monitor: MonitorIdentity, nowMs: number): WireObject {
  return {
    monitor_name: monitor.componentName,
    system_name: monitor.name,
    system_id: monitor.configId,
    system_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
  };
}
