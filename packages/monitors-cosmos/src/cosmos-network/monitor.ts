/** Kind `cosmos-network`: all proposals of a chain from the first synced source. Runs in a worker. */
import { serialiseError } from '@vedette/contract';
import { defineMonitor, type MonitorContext, type MonitorDefinition } from '@vedette/monitor';
import { createClient, TIMEOUTS, type Timeouts } from '../shared/client.js';
import { askSyncing } from '../shared/rest.js';
import { firstThatServes, inOrder, SourceError, type Source } from '../shared/source-walk.js';
import { networkFailure } from './failures.js';
import { readMemory, writeMemory, type NetworkMemory } from './memory.js';
import { networkError, networkFacts, networkResult } from './messages.js';
import { PageCache } from './page-cache.js';
import { readProposals, type AllProposals } from './proposal-pages.js';
import type { CosmosNetworkSettings } from './settings.js';

type Context = MonitorContext<CosmosNetworkSettings>;

/** Of the budget, for finding a source. */
const CHOICE_PART = 0.5;

export function cosmosNetworkMonitor(
  timeouts: Timeouts = TIMEOUTS,
): MonitorDefinition<CosmosNetworkSettings> {
  const cache = new PageCache();
  return defineMonitor<CosmosNetworkSettings>({
    async round(context, state) {
      const { monitor } = context;
      const memory = readMemory(state);
      const begunMs = performance.now();
      try {
        const { all, memory: next } = await observe(context, memory, timeouts, cache);
        if (all.skipped > 0) {
          context.log('debug', 'Some proposals could not be read', { skipped: all.skipped });
        }
        return {
          messages: [networkResult(monitor, context.now(), all.proposals)],
          state: writeMemory(next),
          facts: networkFacts(all.proposals, (performance.now() - begunMs) / 1000),
        };
      } catch (error) {
        const failure = networkFailure(error, monitor);
        if (failure === null) throw error instanceof SourceError ? error.cause : error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        return {
          messages: [networkError(monitor, context.now(), failure)],
          state: writeMemory(memory),
          facts: { request_seconds: (performance.now() - begunMs) / 1000 },
          reported: failure,
        };
      }
    },
    close(context) {
      cache.forget(context.monitor.id);
    },
  });
}

export default cosmosNetworkMonitor();

async function observe(
  context: Context,
  memory: NetworkMemory,
  timeouts: Timeouts,
  cache: PageCache,
): Promise<{ all: AllProposals; memory: NetworkMemory }> {
  const { settings, signal, monitor } = context;
  const client = createClient({ isTlsVerified: settings.verifyTls, signal, timeouts });
  let syncingRoute = memory.syncingRoute;
  const sources: Source[] = settings.dataSources.map(({ restUrl, isValidator }) => ({
    url: restUrl,
    isLastResort: isValidator,
  }));
  const { source, answer } = await firstThatServes<Source, AllProposals>({
    sources: inOrder(sources, memory.source),
    probeMs: timeouts.probeMs,
    budgetMs: timeouts.budgetMs * CHOICE_PART,
    async probe({ url }, timeoutMs) {
      const { route, isSyncing } = await askSyncing(client, url, syncingRoute, timeoutMs);
      syncingRoute = route;
      return isSyncing === false ? 'usable' : 'unusable';
    },
    retrieve: ({ url }) =>
      readProposals({
        client,
        url,
        monitorId: monitor.id,
        lastRoute: memory.proposalsRoute,
        cache,
        onStep: () => {
          context.step();
        },
      }),
  });
  return { all: answer, memory: { syncingRoute, proposalsRoute: answer.route, source: source.url } };
}
