/** Kind `system`: one scrape of a node exporter per round. Runs in a worker; keeps no state. */
import { serialiseError } from '@vedette/contract';
import { defineMonitor, fetchMetrics, type MonitorDefinition } from '@vedette/monitor';
import { systemFailure } from './failures.js';
import { systemError, systemFacts, systemResult } from './messages.js';
import { readSystem, SYSTEM_METRICS } from './readings.js';
import type { SystemSettings } from './settings.js';

/** `timeoutMs`: from the request to the last byte of the page. */
export function systemMonitor(timeoutMs = 10_000): MonitorDefinition<SystemSettings> {
  return defineMonitor<SystemSettings>({
    async round(context) {
      const { monitor, settings, signal } = context;
      const begunMs = performance.now();
      try {
        const page = await fetchMetrics({
          url: settings.exporterUrl,
          wanted: SYSTEM_METRICS,
          isTlsVerified: settings.verifyTls,
          timeoutMs,
          // A minute passes between rounds: exporters close idle connections long before.
          isKeptAlive: false,
          signal,
        });
        const requestSeconds = (performance.now() - begunMs) / 1000;
        const readings = readSystem(page);
        return {
          messages: [systemResult(monitor, context.now(), readings)],
          facts: systemFacts(readings, requestSeconds),
        };
      } catch (error) {
        const failure = systemFailure(error, monitor, settings.exporterUrl);
        if (failure === null) throw error;
        context.log('debug', 'A source failed', { code: failure.code, error: serialiseError(error) });
        return { messages: [systemError(monitor, context.now(), failure)], reported: failure };
      }
    },
  });
}

export default systemMonitor();
