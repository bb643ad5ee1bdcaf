/**
 * Which failure is published for a chain's feeds (panic-monitors-contract 15.6, 15.7): one error for all nodes.
 *
 * PANIC goes silent on the rows marked *. Its alerters react to 5018 and 5019, and any result of the chain
 * declares both solved.
 *
 * | failure | code |
 * | --- | --- |
 * | no list of feeds is held, and its source is unreachable, breaks off or has no usable URL | 5018 |
 * | the same, and its answer is no JSON, no list, names no feed, is too large, or an error status * | 5018 |
 * | no Chainlink node tells its address * | 5018 |
 * | no EVM node is reachable and synced; none is configured | 5019 |
 * | the chosen EVM node fails while feeds are read, so that not one could be read * | 5019 |
 * | no feed's nodes could ever be asked for * | 5019 |
 *
 * No failure of the chain: a list that cannot be refreshed, one feed that cannot be read, one node without an
 * address. They are left out and counted in the facts.
 */
import { maskUrl } from '@vedette/contract';
import { PANIC_ERRORS, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';

export function listFailure(monitor: MonitorIdentity, url: string): ReportedFailure {
  const message = `${monitor.componentName} could not retrieve the contracts of ${maskUrl(url)}`;
  return { code: PANIC_ERRORS.contractsNotRetrieved, message };
}

export function addressFailure(monitor: MonitorIdentity): ReportedFailure {
  const message = `${monitor.componentName} could not find the contracts of any node: none tells its address`;
  return { code: PANIC_ERRORS.contractsNotRetrieved, message };
}

export function noEvmNode(monitor: MonitorIdentity): ReportedFailure {
  const message = `${monitor.componentName} could not access any synced EVM node`;
  return { code: PANIC_ERRORS.noSyncedSource, message };
}

export function nothingRead(monitor: MonitorIdentity, url: string): ReportedFailure {
  const message = `${monitor.componentName} could not read any contract from the EVM node ${maskUrl(url)}`;
  return { code: PANIC_ERRORS.noSyncedSource, message };
}
