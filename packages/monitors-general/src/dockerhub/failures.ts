/**
 * Which failure of Docker Hub is published under which code (panic-monitors-contract 8.6, 8.7).
 *
 * PANIC goes silent on the rows marked *, and on 404 and 429 asks again every 10 s. Its alerters react to 5020
 * (probably no such repository) and 5021 (cannot be accessed).
 *
 * | failure | code |
 * | --- | --- |
 * | nobody answers, TLS fails, no full answer in time, on any page | 5021 |
 * | no usable URL; a redirect to another host or in a circle * | 5021 |
 * | HTTP 429 *, a rate limit known from an earlier round, HTTP 401, 403 or 5xx with JSON * | 5021 |
 * | a `next` to another host or in a circle *, more pages than can be read in time * | 5021 |
 * | an answer breaks off | 5005 |
 * | HTTP 404 *, a count of 0, no tag at all *, no tag with a readable time * | 5020 |
 * | JSON of another shape *, a body beyond the size limit * | 5020 |
 * | a body is not JSON, or not UTF-8 * | 5012 |
 */
import { isVedetteError, maskText, maskUrl } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';

/** Null for an error that is not the source's: it must be thrown on. */
export function dockerhubFailure(
  error: unknown,
  monitor: MonitorIdentity,
  url: string,
): ReportedFailure | null {
  const shown = maskUrl(url);
  switch (sourceFamilyOf(error)) {
    case 'unreachable':
    case 'bad-url':
      return { code: PANIC_ERRORS.dockerHubUnreachable, message: `Cannot access Docker Hub page ${shown}` };
    case 'broken-off':
      return {
        code: PANIC_ERRORS.dataReading,
        message: `${monitor.componentName} could not read the whole answer of ${shown}`,
      };
    case 'unusable':
      return { code: unusableCode(error), message: maskText((error as Error).message) };
    case null:
      return null;
  }
}

/** While a limit is waited for, Docker Hub is not asked. */
export function limitFailure(untilMs: number): ReportedFailure {
  const until = new Date(untilMs).toISOString().slice(0, 19);
  const message = `Docker Hub's rate limit is used up until ${until}Z`;
  return { code: PANIC_ERRORS.dockerHubUnreachable, message };
}

function unusableCode(error: unknown): number {
  const { isJson, status } = isVedetteError(error) ? error.details : {};
  if (isJson === false) return PANIC_ERRORS.notJson;
  const isRefused = isVedetteError(error, 'SOURCE_HTTP_STATUS') && status !== 404;
  return isRefused ? PANIC_ERRORS.dockerHubUnreachable : PANIC_ERRORS.dockerHubCall;
}
