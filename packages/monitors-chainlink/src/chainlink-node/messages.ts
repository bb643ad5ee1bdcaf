/** The `node.chainlink` messages on `raw_data`, byte for byte as PANIC's transformer takes them. */
import { epochSeconds, maskUrl, real, type Facts, type WireObject, type WireValue } from '@vedette/contract';
import type { MonitorIdentity, OutgoingMessage, ReportedFailure } from '@vedette/monitor';
import type { ChainlinkReadings } from './readings.js';

/** Exactly ten keys in `data`: the consumer drops the message for one more or one less. */
export function chainlinkResult(
  monitor: MonitorIdentity,
  nowMs: number,
  url: string,
  readings: ChainlinkReadings,
  symbol: string,
): OutgoingMessage {
  const { gasPrice, balance } = readings;
  const data: WireObject = {
    head_tracker_current_head: real(readings.currentHead),
    head_tracker_heads_received_total: real(readings.headsReceived),
    max_unconfirmed_blocks: real(readings.maxUnconfirmedBlocks),
    process_start_time_seconds: real(readings.processStartTime),
    tx_manager_num_gas_bumps_total: realOrNull(readings.gasBumps),
    tx_manager_gas_bump_exceeds_limit_total: realOrNull(readings.gasBumpsOverLimit),
    unconfirmed_transactions: real(readings.unconfirmedTransactions),
    gas_updater_set_gas_price:
      gasPrice === null ? null : { percentile: gasPrice.percentile, price: real(gasPrice.price) },
    balance: balance === null ? {} : { address: balance.address, balance: real(balance.amount), symbol },
    run_status_update_total_errors: readings.erroredJobs,
  };
  return message({ result: { meta_data: metaData(monitor, nowMs, url), data } });
}

export function chainlinkError(
  monitor: MonitorIdentity,
  nowMs: number,
  url: string,
  failure: ReportedFailure,
): OutgoingMessage {
  const { message: text, code } = failure;
  return message({ error: { meta_data: metaData(monitor, nowMs, url), message: text, code } });
}

/** The same numbers for people and gauges. */
export function chainlinkFacts(readings: ChainlinkReadings, requestSeconds: number): Facts {
  return {
    head_height: readings.currentHead,
    heads_received: readings.headsReceived,
    max_unconfirmed_blocks: readings.maxUnconfirmedBlocks,
    process_start_time_seconds: readings.processStartTime,
    gas_bumps: readings.gasBumps,
    gas_bumps_over_limit: readings.gasBumpsOverLimit,
    unconfirmed_transactions: readings.unconfirmedTransactions,
    gas_price_wei: readings.gasPrice?.price ?? null,
    balance: readings.balance?.amount ?? null,
    errored_jobs: readings.erroredJobs,
    request_seconds: requestSeconds,
  };
}

function message(envelope: WireObject): OutgoingMessage {
  return { routingKey: 'node.chainlink', body: { prometheus: envelope } };
}

function metaData(monitor: MonitorIdentity, nowMs: number, url: string): WireObject {
  return {
    monitor_name: monitor.componentName,
    node_name: monitor.name,
    last_source_used: shownUrl(url),
    node_id: monitor.configId,
    node_parent_id: monitor.parentId,
    time: epochSeconds(nowMs),
  };
}

/** As configured, unless it holds a secret: consumers only pass it on, and it ends up in stores and alerts. */
function shownUrl(url: string): string {
  const masked = maskUrl(url);
  return masked.includes('***') ? masked : url;
}

function realOrNull(value: number | null): WireValue {
  return value === null ? null : real(value);
}
