/** A small real strategy for the manager's tests: PANIC's EVM node entries under a kind of its own. */
import { DEFAULT_LIMITS, type JsonObject } from '@vedette/contract';
import { defineStrategy, httpUrl, isSwitchOn, label, panicUrl } from '@vedette/contract/strategy';
import { z } from 'zod';

export const probeStrategy = defineStrategy({
  kind: 'probe',
  title: 'Probes one URL',
  family: 'node',
  routingKeys: ['chains.*.*.evm_nodes_config'],
  module: 'file:///probe/monitor.cjs',
  period: { defaultMs: 10_000, env: 'NODE_MONITOR_PERIOD_SECONDS' },
  limits: DEFAULT_LIMITS,
  defaultBaseChain: 'chainlink',
  componentName: (name) => `Node monitor (${name})`,
  settings: z
    .object({ url: httpUrl, tags: z.array(z.string()).optional() })
    .transform(({ url, tags }): JsonObject => (tags === undefined ? { url } : { url, tags })),
  example: { url: 'http://127.0.0.1:8545' },
  config: z
    .object({ id: label, parent_id: label, name: label, node_http_url: panicUrl, monitor_node: z.string() })
    .transform((raw) => ({ name: raw.name, parentId: raw.parent_id, settings: { url: raw.node_http_url } })),
  isWatched: (raw) => isSwitchOn(raw['monitor_node']) || typeof raw['monitor_node'] !== 'string',
  toConfig: (monitorable, settings) => [
    {
      routingKey: `chains.${monitorable.baseChain}.${monitorable.chain}.evm_nodes_config`,
      configId: monitorable.id,
      raw: {
        id: monitorable.id,
        parent_id: monitorable.parentId,
        name: monitorable.name,
        node_http_url: String(settings['url']),
        monitor_node: 'true',
      },
    },
  ],
  keyFigure: (facts) => `value ${String(facts['value'] ?? '-')}`,
});

/** One valid entry of an `evm_nodes_config`; options replace fields. */
export function anEntry(id: string, fields: JsonObject = {}): JsonObject {
  return {
    id,
    parent_id: 'chain-1',
    name: `node ${id}`,
    node_http_url: `http://127.0.0.1:1/${id}`,
    monitor_node: 'true',
    ...fields,
  };
}

export const KEY = 'chains.chainlink.ethereum.evm_nodes_config';

export function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}
