/** Kind `cosmos-node`: Prometheus, REST and RPC side by side; none waits for, or fails, another. Runs in a worker. */
import { serialiseError, type Facts, type WireObject } from '@vedette/contract';
import {
  defineMonitor,
  fetchMetrics,
  type MonitorContext,
  type MonitorDefinition,
  type ReportedFailure,
} from '@vedette/monitor';
import { createClient, TIMEOUTS, type Timeouts } from '../shared/client.js';
import { SourceError } from '../shared/source-walk.js';
import { prometheusFacts, restFacts, rpcFacts } from './facts.js';
import { nodeFailure, type SourceName } from './failures.js';
import { readMemory, writeMemory, type NodeMemory } from './memory.js';
import {
  cosmosNodeMessage,
  errorEnvelope,
  prometheusResult,
  restResult,
  rpcResult,
  type Subject,
} from './messages.js';
import { COSMOS_METRICS, readPrometheus } from './prometheus.js';
import { readRest } from './rest-source.js';
import { readRpc } from './rpc-source.js';
import type { CosmosNodeSettings } from './settings.js';

type Context = MonitorContext<CosmosNodeSettings>;

/** What a source came to. */
interface Observed {
  readonly envelope: WireObject;
  readonly facts: Facts;
  readonly memory: Partial<NodeMemory>;
  readonly failure: ReportedFailure | null;
}

type Good = Omit<Observed, 'failure'>;

const OFF: Observed = { envelope: {}, facts: {}, memory: {}, failure: null };

export function cosmosNodeMonitor(timeouts: Timeouts = TIMEOUTS): MonitorDefinition<CosmosNodeSettings> {
  return defineMonitor<CosmosNodeSettings>({
    async round(context, state) {
      const begunMs = performance.now();
      const memory = readMemory(state);
      // All are waited for, also when one shows a defect: no request outlives its round.
      const settled = await Promise.allSettled([
        observe(context, 'prometheus', context.settings.prometheusUrl, (url) =>
          prometheus(context, url, timeouts),
        ),
        observe(context, 'cosmos_rest', context.settings.restUrl, (url) =>
          rest(context, url, memory, timeouts),
        ),
        observe(context, 'tendermint_rpc', context.settings.rpcUrl, (url) =>
          rpc(context, url, memory, timeouts),
        ),
      ]);
      const [metrics, server, blocks] = settled.map((one) => {
        if (one.status === 'rejected') throw one.reason;
        return one.value;
      }) as [Observed, Observed, Observed];
      const reported = [metrics, server, blocks].find(({ failure }) => failure !== null)?.failure ?? null;
      return {
        messages: [
          cosmosNodeMessage({
            prometheus: metrics.envelope,
            cosmos_rest: server.envelope,
            tendermint_rpc: blocks.envelope,
          }),
        ],
        state: writeMemory({ ...memory, ...server.memory, ...blocks.memory }),
        facts: {
          ...blocks.facts,
          ...server.facts,
          ...metrics.facts,
          request_seconds: (performance.now() - begunMs) / 1000,
        },
        ...(reported === null ? {} : { reported }),
      };
    },
  });
}

export default cosmosNodeMonitor();

/** A source that is off is `{}`; one that fails is an error envelope; what is neither is thrown. */
async function observe(
  context: Context,
  name: SourceName,
  url: string | null,
  read: (url: string) => Promise<Good>,
): Promise<Observed> {
  if (url === null) return OFF;
  try {
    return { ...(await read(url)), failure: null };
  } catch (error) {
    const failure = nodeFailure(error, name, context.monitor);
    if (failure === null) throw error instanceof SourceError ? error.cause : error;
    context.log('debug', 'A source failed', {
      source: name,
      code: failure.code,
      error: serialiseError(error),
    });
    return { envelope: errorEnvelope(subjectOf(context), failure), facts: {}, memory: {}, failure };
  }
}

async function prometheus(context: Context, url: string, timeouts: Timeouts): Promise<Good> {
  const { settings, signal } = context;
  try {
    const page = await fetchMetrics({
      url,
      wanted: COSMOS_METRICS,
      isTlsVerified: settings.verifyTls,
      timeoutMs: timeouts.requestMs,
      signal,
    });
    const reading = readPrometheus(page);
    return {
      envelope: prometheusResult(subjectOf(context), reading),
      facts: prometheusFacts(reading),
      memory: {},
    };
  } catch (error) {
    throw new SourceError(url, true, error);
  }
}

async function rest(context: Context, url: string, memory: NodeMemory, timeouts: Timeouts): Promise<Good> {
  const { settings } = context;
  const { reading, memory: next } = await readRest({
    client: clientOf(context, timeouts),
    settings,
    url,
    memory: memory.rest,
    timeouts,
  });
  return {
    envelope: restResult(subjectOf(context), reading),
    facts: restFacts(reading),
    memory: { rest: next },
  };
}

async function rpc(context: Context, url: string, memory: NodeMemory, timeouts: Timeouts): Promise<Good> {
  const { settings } = context;
  const { reading, memory: next } = await readRpc({
    client: clientOf(context, timeouts),
    settings,
    url,
    memory: memory.rpc,
    timeouts,
    onStep: () => {
      context.step();
    },
  });
  if (reading.leftOver !== null) {
    const error = serialiseError(reading.leftOver);
    context.log('debug', 'Some new blocks are left for the next round', {
      checked: reading.heights.length,
      error,
    });
  }
  return {
    envelope: rpcResult(subjectOf(context), reading),
    facts: rpcFacts(reading),
    memory: { rpc: next },
  };
}

function clientOf({ settings, signal }: Context, timeouts: Timeouts): ReturnType<typeof createClient> {
  return createClient({ isTlsVerified: settings.verifyTls, signal, timeouts });
}

function subjectOf(context: Context): Subject {
  return { monitor: context.monitor, settings: context.settings, now: () => context.now() };
}
