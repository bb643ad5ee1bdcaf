/**
 * Which failure of a Chainlink node is published under which code (panic-monitors-contract 9.6, 9.7).
 *
 * PANIC goes silent on the rows marked *; its alerters react to 5003, 5009 and 5015. An answer that is
 * no use takes 5003, whose message names metric or endpoint.
 *
 * | failure | code |
 * | --- | --- |
 * | no URL answers (connection, TLS, no full answer in its share of the time) | 5015 |
 * | the answer breaks off | 5005 |
 * | no usable URL; a redirect to another host or in a circle * | 5009 |
 * | a strict metric is missing, wrongly labelled * or not finite * | 5003 |
 * | no metrics page (HTML, JSON, 404, 500) *, a page beyond the size limit * | 5003 |
 *
 * A chain id that is no integer is no failure here: the balance goes out without a symbol.
 */
import { maskUrl } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';

/** Null for an error that is not the source's: it must be thrown on. */
export function chainlinkFailure(
  error: unknown,
  monitor: MonitorIdentity,
  url: string,
): ReportedFailure | null {
  switch (sourceFamilyOf(error)) {
    case 'unreachable':
      return { code: PANIC_ERRORS.nodeDown, message: `Node ${monitor.name} is unreachable` };
    case 'broken-off':
      return {
        code: PANIC_ERRORS.dataReading,
        message: `${monitor.componentName} could not read the whole answer of ${maskUrl(url)}`,
      };
    case 'bad-url':
      return { code: PANIC_ERRORS.invalidUrl, message: `The Prometheus URL ${maskUrl(url)} cannot be used` };
    case 'unusable':
      return { code: PANIC_ERRORS.metricNotFound, message: (error as Error).message };
    case null:
      return null;
  }
}
