/**
 * Which failure of a Cosmos node is published under which code (panic-monitors-contract 11.6, 11.7).
 *
 * PANIC goes silent on the rows marked *, for all three sources at once. Its alerters react to 5003 and 5009
 * (Prometheus), 5009, 5019 and 5023 (REST), 5009, 5019 and 5029 (RPC), and call the node down only if every
 * source that is on says 5015. So an answer that is no use takes 5003, 5023 or 5029, never a code nobody reads.
 *
 * | failure | prometheus | cosmos_rest | tendermint_rpc |
 * | --- | --- | --- | --- |
 * | the node itself is unreachable (connection, TLS, deadline) | 5015 | 5015 | 5015 |
 * | a data source stops answering half way, and no other serves | | 5026 | 5026 |
 * | an answer breaks off | 5005 | 5005 | 5005 |
 * | no usable URL; a redirect to another host or in a circle * | 5009 | 5009 | 5009 |
 * | no synced data source | | 5019 | 5019 |
 * | the server says that a call failed | | 5024 | 5030 |
 * | a route that is not offered, a field that is missing or of another type | 5003 | 5023 | 5029 |
 * | no JSON or metrics: HTML, garbage, 429, 5xx *; beyond the size limit * | 5003 | 5023 | 5029 |
 */
import { maskUrl } from '@vedette/contract';
import { PANIC_ERRORS, sourceFamilyOf, type MonitorIdentity, type ReportedFailure } from '@vedette/monitor';
import { ReplyFault } from '../shared/reply.js';
import { NoSyncedSource, SourceError } from '../shared/source-walk.js';

export type SourceName = 'prometheus' | 'cosmos_rest' | 'tendermint_rpc';

interface SourceWords {
  readonly title: string;
  readonly kindOfSource: string;
  readonly call: number;
  readonly unusable: number;
}

const WORDS: Readonly<Record<SourceName, SourceWords>> = {
  prometheus: {
    title: 'Prometheus',
    kindOfSource: '',
    call: PANIC_ERRORS.metricNotFound,
    unusable: PANIC_ERRORS.metricNotFound,
  },
  cosmos_rest: {
    title: 'Cosmos REST',
    kindOfSource: 'indirect Cosmos REST node',
    call: PANIC_ERRORS.cosmosRestCall,
    unusable: PANIC_ERRORS.cosmosRestNotObtained,
  },
  tendermint_rpc: {
    title: 'Tendermint RPC',
    kindOfSource: 'archive or indirect Tendermint RPC node',
    call: PANIC_ERRORS.tendermintRpcCall,
    unusable: PANIC_ERRORS.tendermintRpcNotObtained,
  },
};

/** Null for an error that is not the source's: it must be thrown on. */
export function nodeFailure(
  error: unknown,
  name: SourceName,
  monitor: MonitorIdentity,
): ReportedFailure | null {
  const words = WORDS[name];
  if (error instanceof NoSyncedSource) {
    const message = `${monitor.componentName} could not access any synced ${words.kindOfSource}`;
    return { code: PANIC_ERRORS.noSyncedSource, message };
  }
  if (!(error instanceof SourceError)) return null;
  const { cause, isDirect } = error;
  const url = error.url === '' ? '(none)' : maskUrl(error.url);
  if (cause instanceof ReplyFault && cause.kind === 'call') {
    return { code: words.call, message: `A ${words.title} call failed: ${cause.message}` };
  }
  if (cause instanceof ReplyFault) return unusable(words, monitor, cause);
  switch (sourceFamilyOf(cause)) {
    case 'unreachable':
      return isDirect
        ? { code: PANIC_ERRORS.nodeDown, message: `Node ${monitor.name} is unreachable` }
        : {
            code: PANIC_ERRORS.sourceUnreachable,
            message: `${monitor.componentName} lost its data source ${url}: ${(cause as Error).message}`,
          };
    case 'broken-off':
      return {
        code: PANIC_ERRORS.dataReading,
        message: `${monitor.componentName} could not read the whole answer of ${url}`,
      };
    case 'bad-url':
      return { code: PANIC_ERRORS.invalidUrl, message: `The ${words.title} URL ${url} cannot be used` };
    case 'unusable':
      return unusable(words, monitor, cause as Error);
    case null:
      return null;
  }
}

function unusable(words: SourceWords, monitor: MonitorIdentity, { message }: Error): ReportedFailure {
  if (words.unusable === PANIC_ERRORS.metricNotFound) return { code: words.unusable, message };
  const text = `The ${words.title} data of node ${monitor.name} could not be obtained: ${message}`;
  return { code: words.unusable, message: text };
}
