/** Kind `chainlink-node`: one metrics page per round, from the first of its URLs that answers. Runs in a worker. */
import { serialiseError } from '@vedette/contract';
import {
  defineMonitor,
  fetchMetrics,
  httpRequest,
  type MetricsPage,
  type MonitorContext,
  type MonitorDefinition,
} from '@vedette/monitor';
import { planCurrency, rememberCurrency, symbolIn, type CurrencyMemory } from './currency.js';
import { chainlinkFailure } from './failures.js';
import { readMemory, writeMemory } from './memory.js';
import { chainlinkError, chainlinkFacts, chainlinkResult } from './messages.js';
import { CHAINLINK_METRICS, readChainlink, type ChainlinkReadings } from './readings.js';
import type { ChainlinkNodeSettings } from './settings.js';
import { walkSources } from './source-walk.js';

export interface ChainlinkTimeouts {
  /** For all URLs of the node together. */
  readonly walkMs: number;
  /** Longest wait for one URL. */
  readonly urlMs: number;
  readonly symbolMs: number;
}

/** All URLs and the symbol look-up fit the default round limit of 30 s. */
const TIMEOUTS: ChainlinkTimeouts = { walkMs: 22_000, urlMs: 10_000, symbolMs: 4_000 };
/** The list holds some thousand chains, about 1 MB. */
const MAX_SYMBOL_BYTES = 4 * 1024 * 1024;

type Context = MonitorContext<ChainlinkNodeSettings>;

export function chainlinkNodeMonitor(timeouts = TIMEOUTS): MonitorDefinition<ChainlinkNodeSettings> {
  return defineMonitor<ChainlinkNodeSettings>({
    async round(context, state) {
      const { monitor, settings } = context;
      const { lastUrl, currency } = readMemory(state);
      const [first, ...rest] = settings.prometheusUrls;
      if (first === undefined) throw new RangeError('prometheusUrls is empty');
      const begunMs = performance.now();
      const walked = await walkSources(
        {
          urls: [first, ...rest],
          lastUrl,
          budgetMs: timeouts.walkMs,
          maxWaitMs: timeouts.urlMs,
          monotonic: () => performance.now(),
        },
        (url, timeoutMs) => scrape(context, url, timeoutMs),
      );
      const requestSeconds = (performance.now() - begunMs) / 1000;
      try {
        if ('error' in walked) throw walked.error;
        const readings = readChainlink(walked.answer);
        context.step();
        const { symbol, memory } = await currencyOf(context, readings, currency, timeouts.symbolMs);
        return {
          messages: [chainlinkResult(monitor, context.now(), walked.url, readings, symbol)],
          state: writeMemory(walked.url, memory),
          facts: chainlinkFacts(readings, requestSeconds),
        };
      } catch (error) {
        const failure = chainlinkFailure(error, monitor, walked.url);
        if (failure === null) throw error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        return {
          messages: [chainlinkError(monitor, context.now(), walked.url, failure)],
          state: writeMemory(walked.url, currency),
          reported: failure,
        };
      }
    },
  });
}

export default chainlinkNodeMonitor();

function scrape(context: Context, url: string, timeoutMs: number): Promise<MetricsPage> {
  const { settings, signal } = context;
  return fetchMetrics({
    url,
    wanted: CHAINLINK_METRICS,
    isTlsVerified: settings.verifyTls,
    timeoutMs,
    signal,
  });
}

/** Bounded by its own timeout, and never a reason to fail the round. */
async function currencyOf(
  context: Context,
  readings: ChainlinkReadings,
  memory: CurrencyMemory,
  timeoutMs: number,
): Promise<{ symbol: string; memory: CurrencyMemory }> {
  const { settings, signal } = context;
  if (readings.balance === null) return { symbol: '', memory };
  const plan = planCurrency(readings.balance.chainId, memory, context.now(), settings.symbolLookup);
  if ('use' in plan) return { symbol: plan.use, memory };
  let found: string | null = null;
  try {
    const answer = await httpRequest({
      url: settings.symbolUrl,
      timeoutMs,
      maxBytes: MAX_SYMBOL_BYTES,
      isKeptAlive: false,
      signal,
    });
    found = symbolIn(answer.body.toString('utf8'), plan.lookUp);
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof SyntaxError ? 'the list is no JSON' : serialiseError(error);
    context.log('warn', 'The currency symbol could not be looked up', { chainId: plan.lookUp, cause });
  }
  return {
    symbol: found ?? plan.otherwise,
    memory: rememberCurrency(memory, plan.lookUp, found, context.now()),
  };
}
