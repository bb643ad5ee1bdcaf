/** Kind `dockerhub`: all tags of a repository, once per round. Runs in a worker; remembers a rate limit only. */
import { isJsonObject, serialiseError } from '@vedette/contract';
import {
  defineMonitor,
  type MonitorDefinition,
  type ReportedFailure,
  type RoundResult,
} from '@vedette/monitor';
import { isStillLimited } from '../repositories/rate-limit.js';
import { dockerhubFailure, limitFailure } from './failures.js';
import { dockerhubError, dockerhubResult } from './messages.js';
import { Limited, readAllTags, tagsUrl, type DockerhubTimeouts } from './pages.js';
import type { DockerhubSettings } from './settings.js';

/** Within the kind's round limit of 120 s. */
const TIMEOUTS: DockerhubTimeouts = { budgetMs: 100_000, pageMs: 10_000 };

export function dockerhubMonitor(timeouts = TIMEOUTS): MonitorDefinition<DockerhubSettings> {
  return defineMonitor<DockerhubSettings>({
    async round(context, state) {
      const { monitor, settings, signal } = context;
      const nowMs = context.now();
      const failed = (failure: ReportedFailure, limitedUntil: number | null): RoundResult => ({
        messages: [dockerhubError(monitor, settings, context.now(), failure)],
        state: { limitedUntil },
        reported: failure,
      });
      const limit = isJsonObject(state) ? state['limitedUntil'] : null;
      if (isStillLimited(limit, nowMs)) return failed(limitFailure(limit), limit);
      const begunMs = performance.now();
      try {
        const onPage = (): void => {
          context.step();
        };
        const { tags, unreadable, pages } = await readAllTags(settings, { timeouts, signal, nowMs, onPage });
        return {
          messages: [dockerhubResult(monitor, settings, context.now(), tags)],
          state: { limitedUntil: null },
          facts: {
            tag_count: tags.length,
            unreadable_tags: unreadable,
            page_count: pages,
            request_seconds: (performance.now() - begunMs) / 1000,
          },
        };
      } catch (thrown) {
        const error = thrown instanceof Limited ? thrown.cause : thrown;
        const failure = dockerhubFailure(error, monitor, tagsUrl(settings));
        if (failure === null) throw error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        return failed(failure, thrown instanceof Limited ? thrown.untilMs : null);
      }
    },
  });
}

export default dockerhubMonitor();
