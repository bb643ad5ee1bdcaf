/** Settings of kind `substrate-network`, native and in PANIC's form. Main thread only. */
import { isSwitchOn, label, panicNode, type ConfigEntry, type Monitorable } from '@vedette/contract/strategy';
import { z } from 'zod';
import {
  inOrder,
  MAX_SOURCES,
  offeredSource,
  sourceFields,
  sourceId,
  sourceRaw,
  sourceSettings,
  type OfferedSource,
} from '../source-settings.js';

const NO_SOURCES = 'must name at least one node: this kind reads the chain only through its data sources';

export const substrateNetworkSettings = z.object({
  dataSources: z
    .array(sourceSettings)
    .min(1, NO_SOURCES)
    .max(MAX_SOURCES)
    .describe('Nodes of the chain that are asked about it, best first'),
  governanceAddresses: z
    .array(
      z
        .string()
        .max(300)
        .regex(/^[^,]*$/, 'must not hold a comma'),
    )
    .max(1_000)
    .default([])
    .describe('Accounts whose votes are watched; only passed on with each message'),
});

export type SubstrateNetworkSettings = z.output<typeof substrateNetworkSettings>;

/** What PANIC reads of its 24 fields, and `verify_tls` of ours, which it ignores. */
export const substrateNetworkEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    monitor_node: z.string(),
    stash_address: z.string(),
    monitor_network: z.string(),
    governance_addresses: z.string().max(20_000),
    ...sourceFields,
  })
  .transform((raw) => ({
    parentId: raw.parent_id,
    isWatched: isSwitchOn(raw.monitor_network),
    governanceAddresses: raw.governance_addresses,
    offered: offeredSource(raw),
  }));

export interface SubstrateNetworkEntry {
  readonly parentId: string;
  readonly isWatched: boolean;
  /** As received: the nodes must agree on the very text. */
  readonly governanceAddresses: string;
  readonly offered: OfferedSource;
}

/** Null if the chain is not watched. */
export function condenseNetwork(entries: readonly SubstrateNetworkEntry[]): SubstrateNetworkSettings | null {
  const [first] = entries;
  if (first?.isWatched !== true) return null;
  return {
    dataSources: inOrder(entries.map(({ offered }) => offered)),
    governanceAddresses: first.governanceAddresses === '' ? [] : first.governanceAddresses.split(','),
  };
}

/** PANIC starts such a monitor too, which then never says a word. */
export function networkProblem(
  settings: SubstrateNetworkSettings,
): readonly [rawField: string, reason: string] | null {
  if (settings.dataSources.length > 0) return null;
  return [
    'use_as_data_source',
    'no node with a node_ws_url has use_as_data_source on, so the network monitor has nothing to read',
  ];
}

/** One node that is not watched for each data source. */
export function substrateNetworkConfig(
  { parentId, chain }: Monitorable,
  settings: SubstrateNetworkSettings,
): ConfigEntry[] {
  return settings.dataSources.map((source) => {
    const identity = { id: sourceId(source), parentId, name: source.name };
    const fields = {
      monitor_network: 'true',
      governance_addresses: settings.governanceAddresses.join(','),
    };
    return {
      routingKey: `chains.substrate.${chain}.nodes_config`.toLowerCase(),
      configId: identity.id,
      raw: { ...panicNode(identity, fields), ...sourceRaw(source) },
    };
  });
}
