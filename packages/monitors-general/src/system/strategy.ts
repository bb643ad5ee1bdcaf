/** Kind `system`: a host seen through its Prometheus node exporter. Starts nothing, loads no monitor. */
import { DEFAULT_LIMITS, type Facts } from '@vedette/contract';
import { chainOf, defineStrategy, isSwitchOff, type MonitorStrategy } from '@vedette/contract/strategy';
import { systemDocs } from './docs.js';
import { systemEntry, systemSettings, type SystemSettings } from './settings.js';

/** Kind `system`. */
export const systemStrategy: MonitorStrategy = defineStrategy<SystemSettings>({
  kind: 'system',
  title: 'Host: CPU, memory, storage, network and disk of a Prometheus node exporter',
  family: 'system',
  routingKeys: ['chains.*.*.systems_config', 'chains.*.*.nodes_config', 'general.systems_config'],
  module: new URL('./monitor.cjs', import.meta.url).href,
  period: { defaultMs: 60_000, env: 'SYSTEM_MONITOR_PERIOD_SECONDS' },
  limits: { ...DEFAULT_LIMITS, youngMb: 1, oldMb: 24 },
  defaultBaseChain: 'general',
  componentName: (name) => `System monitor (${name})`,
  settings: systemSettings,
  example: { exporterUrl: 'http://127.0.0.1:9100/metrics', verifyTls: true },
  docs: systemDocs,
  config: systemEntry,
  isWatched: (raw) => !isSwitchOff(raw['monitor_system']),
  // Chainlink's nodes carry no exporter fields: its systems come in systems_config alone.
  isIgnored: (routingKey) =>
    /\.nodes_config$/i.test(routingKey) && chainOf(routingKey).baseChain.toLowerCase() === 'chainlink',
  rawFields: { exporterUrl: 'exporter_url' },
  toConfig: ({ id, name, parentId, baseChain, chain }, settings) => [
    {
      routingKey:
        baseChain.toLowerCase() === 'general'
          ? 'general.systems_config'
          : `chains.${baseChain}.${chain}.systems_config`.toLowerCase(),
      configId: id,
      raw: {
        id,
        parent_id: parentId,
        name,
        exporter_url: settings.exporterUrl,
        monitor_system: 'true',
        ...(settings.verifyTls ? { verify_tls: 'true' } : {}),
      },
    },
  ],
  keyFigure,
});

function keyFigure(facts: Facts): string {
  const { cpu_percent: cpu, ram_percent: ram, storage_percent: storage } = facts;
  const parts: string[] = [];
  if (typeof cpu === 'number') parts.push(`cpu ${cpu.toFixed(1)} %`);
  if (typeof ram === 'number') parts.push(`ram ${ram.toFixed(0)} %`);
  if (typeof storage === 'number') parts.push(`disk ${storage.toFixed(0)} %`);
  return parts.join(' ');
}
