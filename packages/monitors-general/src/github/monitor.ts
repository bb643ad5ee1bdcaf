/** Kind `github`: the releases of a repository, once per round. Runs in a worker. */
import { serialiseError, type Facts } from '@vedette/contract';
import {
  defineMonitor,
  type MonitorContext,
  type MonitorDefinition,
  type ReportedFailure,
  type RoundResult,
} from '@vedette/monitor';
import { isStillLimited } from '../repositories/rate-limit.js';
import { githubFailure, limitFailure } from './failures.js';
import { readMemory, writeMemory, type GithubMemory } from './memory.js';
import { githubError, githubResult } from './messages.js';
import { findReleases, Limited, releasesUrl, type GithubTimeouts } from './pages.js';
import { newsOf } from './releases.js';
import type { GithubSettings } from './settings.js';

/** Five pages fit the default round limit of 30 s. */
const TIMEOUTS: GithubTimeouts = { budgetMs: 24_000, pageMs: 10_000 };

type Context = MonitorContext<GithubSettings>;

export function githubMonitor(timeouts = TIMEOUTS): MonitorDefinition<GithubSettings> {
  return defineMonitor<GithubSettings>({
    async round(context, state) {
      const memory = readMemory(state);
      const nowMs = context.now();
      if (isStillLimited(memory.limitedUntil, nowMs)) {
        return failed(context, limitFailure(memory.limitedUntil), memory);
      }
      const begunMs = performance.now();
      try {
        return await observe(context, memory, timeouts, nowMs, begunMs);
      } catch (thrown) {
        const error = thrown instanceof Limited ? thrown.cause : thrown;
        const failure = githubFailure(error, context.monitor, releasesUrl(context.settings));
        if (failure === null) throw error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        const limitedUntil = thrown instanceof Limited ? thrown.untilMs : null;
        return failed(context, failure, { ...memory, limitedUntil });
      }
    },
  });
}

export default githubMonitor();

async function observe(
  context: Context,
  memory: GithubMemory,
  timeouts: GithubTimeouts,
  nowMs: number,
  begunMs: number,
): Promise<RoundResult> {
  const { monitor, settings, signal } = context;
  const found = await findReleases(settings, memory, { timeouts, signal, nowMs });
  const requestSeconds = (performance.now() - begunMs) / 1000;
  const { published, fresh, told } = newsOf(
    memory.told,
    found.releases ?? memory.told?.releases ?? [],
    found.isWhole,
  );
  const facts: Facts = {
    release_count: published.length,
    new_releases: fresh,
    rate_limit_remaining: found.remaining,
    request_seconds: requestSeconds,
  };
  return {
    messages: [githubResult(monitor, settings.repo, context.now(), published)],
    state: writeMemory({ told, etag: found.etag, limitedUntil: found.limitedUntil }),
    facts,
  };
}

function failed(context: Context, failure: ReportedFailure, memory: GithubMemory): RoundResult {
  const { monitor, settings } = context;
  return {
    messages: [githubError(monitor, settings.repo, context.now(), failure)],
    state: writeMemory(memory),
    reported: failure,
  };
}
