/** Kind `substrate-network`: governance and finality of a chain, from one of its nodes. Runs in a worker. */
import { serialiseError } from '@vedette/contract';
import { defineMonitor, type MonitorContext, type MonitorDefinition } from '@vedette/monitor';
import { Connections } from '../chain/connections.js';
import { preload, readerOf, Runtimes } from '../chain/runtimes.js';
import { fromFirstGood, preferring, sourceNode, type SourceNode } from '../chain/source-choice.js';
import { substrateNetworkFailure } from './failures.js';
import { readMemory, remember, writeMemory, type NetworkMemory } from './memory.js';
import { substrateNetworkError, substrateNetworkFacts, substrateNetworkResult } from './messages.js';
import { readNetwork, type NetworkReadings } from './readings.js';
import type { SubstrateNetworkSettings } from './settings.js';

export interface NetworkTimeouts {
  /** For all of a round; must fit the round limit of 30 s. */
  readonly roundMs: number;
  /** Longest wait for one answer. */
  readonly callMs: number;
}

const TIMEOUTS: NetworkTimeouts = { roundMs: 24_000, callMs: 10_000 };

export function substrateNetworkMonitor(timeouts = TIMEOUTS): MonitorDefinition<SubstrateNetworkSettings> {
  // Of this thread: connections and metadata outlive a round, and monitors of one thread share them.
  const connections = new Connections();
  const runtimes = new Runtimes();

  return defineMonitor<SubstrateNetworkSettings>({
    async open({ monitor, settings, signal }) {
      connections.hold(monitor.id, nodesOf(settings));
      await preload(runtimes, connections, preferring(nodesOf(settings), null), signal);
    },
    close({ monitor }) {
      connections.release(monitor.id);
    },
    async round(context, state) {
      const { monitor, settings } = context;
      const over = new AbortController();
      const begunMs = performance.now();
      const memory = readMemory(state);
      connections.hold(monitor.id, nodesOf(settings));
      try {
        const signal = AbortSignal.any([context.signal, over.signal]);
        const patience = { byMs: begunMs + timeouts.roundMs, callMs: timeouts.callMs, signal };
        const { readings, known } = await read(context, patience, memory);
        const requestSeconds = (performance.now() - begunMs) / 1000;
        return {
          messages: [substrateNetworkResult(monitor, settings, context.now(), readings)],
          state: writeMemory(known),
          facts: substrateNetworkFacts(readings, requestSeconds),
        };
      } catch (error) {
        const failure = substrateNetworkFailure(error, monitor);
        if (failure === null) throw error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        return {
          messages: [substrateNetworkError(monitor, settings, context.now(), failure)],
          state: writeMemory(memory),
          reported: failure,
        };
      } finally {
        // Calls nobody waits for any more end with the round.
        over.abort();
      }
    },
  });

  function read(
    context: MonitorContext<SubstrateNetworkSettings>,
    patience: Parameters<typeof fromFirstGood>[2],
    memory: NetworkMemory,
  ): Promise<{ readings: NetworkReadings; known: NetworkMemory }> {
    const nodes = preferring(nodesOf(context.settings), memory.lastUrl);
    const onSkipped = (_node: SourceNode, error: unknown): void => {
      context.log('debug', 'A data source was passed over', { error: serialiseError(error) });
    };
    return fromFirstGood(connections, nodes, patience, { genesis: null, onSkipped }, async (chosen) => {
      const { genesis } = chosen.connection;
      const reader = await readerOf(runtimes, chosen.connection, patience);
      context.step();
      const finished = memory.genesis === genesis ? memory.finished : {};
      const readings = await readNetwork(reader, finished);
      const known = { lastUrl: chosen.node.url, genesis, finished: remember(readings.referenda.all) };
      return { readings, known };
    });
  }
}

export default substrateNetworkMonitor();

function nodesOf(settings: SubstrateNetworkSettings): SourceNode[] {
  return settings.dataSources.map(sourceNode);
}
