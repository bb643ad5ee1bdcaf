/**
 * Which failure of a node exporter is published under which code (panic-monitors-contract 6.6, 6.7).
 *
 * PANIC goes silent on the rows marked *; its alerters react to 5003, 5004 and 5009 alone, so an
 * answer that is no use takes 5003 (its message names metric or endpoint) and never 5005, which
 * nobody is told of and which would declare an earlier alert solved.
 *
 * | failure | code |
 * | --- | --- |
 * | nobody answers, TLS fails, no full answer within 10 s (also a slow drip) | 5004 |
 * | the answer breaks off | 5005 |
 * | no usable URL; a redirect to another host or in a circle * | 5009 |
 * | a metric is missing, wrongly labelled *, not finite, or a zero divisor * | 5003 |
 * | no metrics page (HTML, JSON, 404, 500) *, a page beyond the size limit * | 5003 |
 */
import { maskUrl } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';

/** Null for an error that is not the source's: it must be thrown on. */
export function systemFailure(error: unknown, monitor: MonitorIdentity, url: string): ReportedFailure | null {
  switch (sourceFamilyOf(error)) {
    case 'unreachable':
      return { code: PANIC_ERRORS.systemDown, message: `System ${monitor.name} is unreachable` };
    case 'broken-off':
      return {
        code: PANIC_ERRORS.dataReading,
        message: `${monitor.componentName} could not read the whole answer of ${monitor.name}`,
      };
    case 'bad-url':
      return { code: PANIC_ERRORS.invalidUrl, message: `The exporter URL ${maskUrl(url)} cannot be used` };
    case 'unusable':
      return { code: PANIC_ERRORS.metricNotFound, message: (error as Error).message };
    case null:
      return null;
  }
}
