/** Kind `evm-node`: eth_blockNumber and eth_syncing once per round. Runs in a worker; keeps no state. */
import { serialiseError } from '@vedette/contract';
import { defineMonitor, type MonitorDefinition } from '@vedette/monitor';
import { evmFailure } from './failures.js';
import { evmError, evmFacts, evmResult } from './messages.js';
import { NodeProvider, type NodeAddress } from './node-provider.js';
import { heightOf, syncingOf, type EvmReadings } from './readings.js';
import type { EvmNodeSettings } from './settings.js';

/** `timeoutMs`: of one HTTP request; a round is at most two in a row. */
export function evmNodeMonitor(timeoutMs = 2_000): MonitorDefinition<EvmNodeSettings> {
  return defineMonitor<EvmNodeSettings>({
    async round(context) {
      const { monitor, settings, signal } = context;
      const begunMs = performance.now();
      try {
        const readings = await readNode({
          url: settings.url,
          isTlsVerified: settings.verifyTls,
          timeoutMs,
          signal,
        });
        const requestSeconds = (performance.now() - begunMs) / 1000;
        return {
          messages: [evmResult(monitor, context.now(), readings)],
          facts: evmFacts(readings, requestSeconds),
        };
      } catch (error) {
        const failure = evmFailure(error, monitor, settings.url);
        if (failure === null) throw error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        return { messages: [evmError(monitor, context.now(), failure)], reported: failure };
      }
    },
  });
}

export default evmNodeMonitor();

/** Both calls at once. If both fail, the height's failure is the one told, so that it does not flicker. */
async function readNode(address: NodeAddress): Promise<EvmReadings> {
  const provider = new NodeProvider(address);
  try {
    const [height, syncing] = await Promise.allSettled([
      provider.send('eth_blockNumber', []),
      provider.send('eth_syncing', []),
    ]);
    return { currentHeight: heightOf(valueOf(height)), isSyncing: syncingOf(valueOf(syncing)) };
  } finally {
    provider.destroy();
  }
}

function valueOf(settled: PromiseSettledResult<unknown>): unknown {
  if (settled.status === 'fulfilled') return settled.value;
  throw settled.reason;
}
