/**
 * Which failure of GitHub is published under which code (panic-monitors-contract 7.6, 7.7).
 *
 * PANIC goes silent on the rows marked *. Its alerters react to 5006 and 5007; so what is not mapped takes
 * 5006 where no answer of GitHub was read, and 5007 where one was.
 *
 * | failure | code |
 * | --- | --- |
 * | nobody answers, TLS fails, no full answer in time | 5006 |
 * | no usable URL; a redirect to another host or in a circle * | 5006 |
 * | the answer breaks off | 5005 |
 * | an object with `message` (no such repository, rate limit) | 5007, with that text |
 * | HTTP 429, whatever the body; a rate limit known from an earlier round | 5007 |
 * | the body is not JSON, or not UTF-8 * | 5012 |
 * | JSON of another shape, a release without a tag *; a body beyond the size limit * | 5007 |
 */
import { isVedetteError, maskText, maskUrl } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';

/** Null for an error that is not the source's: it must be thrown on. */
export function githubFailure(error: unknown, monitor: MonitorIdentity, url: string): ReportedFailure | null {
  switch (sourceFamilyOf(error)) {
    case 'unreachable':
    case 'bad-url':
      return { code: PANIC_ERRORS.gitHubUnreachable, message: `Cannot access GitHub page ${maskUrl(url)}` };
    case 'broken-off':
      return {
        code: PANIC_ERRORS.dataReading,
        message: `${monitor.componentName} could not read the whole answer of ${maskUrl(url)}`,
      };
    case 'unusable': {
      const isJson = !isVedetteError(error) || error.details['isJson'] !== false;
      const code = isJson ? PANIC_ERRORS.gitHubCall : PANIC_ERRORS.notJson;
      return { code, message: maskText((error as Error).message) };
    }
    case null:
      return null;
  }
}

/** While a limit is waited for, GitHub is not asked. */
export function limitFailure(untilMs: number): ReportedFailure {
  const until = new Date(untilMs).toISOString().slice(0, 19);
  return { code: PANIC_ERRORS.gitHubCall, message: `GitHub's rate limit is used up until ${until}Z` };
}
