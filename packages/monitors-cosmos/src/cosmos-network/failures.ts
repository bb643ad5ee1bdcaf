/**
 * Which failure of a chain's data sources is published under which code (panic-monitors-contract 13.6, 13.7).
 *
 * PANIC goes silent on the rows marked *; its alerter reacts to 5019 and 5027. A source that is of no use is left
 * for the next; published is the first that failed once it was chosen, or 5019 where nobody came so far.
 *
 * | failure | code |
 * | --- | --- |
 * | no data source answers, or all are syncing (HTML, garbage, 429 and 5xx included) | 5019 |
 * | the chosen source stops answering | 5026 |
 * | its answer breaks off | 5005 |
 * | it redirects to another host or in a circle * | 5009 |
 * | the server says that the call failed | 5024 |
 * | it offers none of the routes, or sends another shape; no JSON *; beyond the size limit * | 5027 |
 *
 * One proposal that cannot be read is left out, and the others go out.
 */
import { maskUrl } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';
import { ReplyFault } from '../shared/reply.js';
import { NoSyncedSource, SourceError } from '../shared/source-walk.js';

/** Null for an error that is not a source's: it must be thrown on. */
export function networkFailure(error: unknown, monitor: MonitorIdentity): ReportedFailure | null {
  const name = monitor.componentName;
  if (error instanceof NoSyncedSource) {
    const message = `${name} could not access any synced indirect Cosmos REST node`;
    return { code: PANIC_ERRORS.noSyncedSource, message };
  }
  if (!(error instanceof SourceError)) return null;
  const { cause } = error;
  const url = maskUrl(error.url);
  const unusable = (why: string): ReportedFailure => ({
    code: PANIC_ERRORS.cosmosNetworkNotObtained,
    message: `${name} could not obtain the proposals of the chain: ${why}`,
  });
  if (cause instanceof ReplyFault) {
    if (cause.kind === 'incompatible') return unusable(cause.message);
    return { code: PANIC_ERRORS.cosmosRestCall, message: `A Cosmos REST call failed: ${cause.message}` };
  }
  switch (sourceFamilyOf(cause)) {
    case 'unreachable':
      return {
        code: PANIC_ERRORS.sourceUnreachable,
        message: `${name} lost its data source ${url}: ${(cause as Error).message}`,
      };
    case 'broken-off':
      return { code: PANIC_ERRORS.dataReading, message: `${name} could not read the whole answer of ${url}` };
    case 'bad-url':
      return { code: PANIC_ERRORS.invalidUrl, message: `The Cosmos REST URL ${url} cannot be used` };
    case 'unusable':
      return unusable((cause as Error).message);
    case null:
      return null;
  }
}
