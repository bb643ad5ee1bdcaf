/** Settings of kind `substrate-node`, native and in PANIC's form. Main thread only. */
import {
  isSwitchOn,
  label,
  panicNode,
  wsUrl,
  type ConfigEntry,
  type Monitorable,
} from '@vedette/contract/strategy';
import { z } from 'zod';
import {
  rankOfSource,
  MAX_SOURCES,
  offeredSource,
  sourceFields,
  sourceId,
  sourceRaw,
  sourceSettings,
  type OfferedSource,
} from '../source-settings.js';

export const substrateNodeSettings = z
  .object({
    url: wsUrl.describe('WebSocket address of the node’s JSON-RPC'),
    verifyTls: z.boolean().default(true).describe('Check the certificate of a wss URL'),
    isValidator: z.boolean().default(false).describe('It validates: its stash is watched too'),
    stashAddress: z
      .string()
      .max(100)
      .default('')
      .describe('Stash account of a validator, as SS58 text or 0x and 64 hex digits'),
    isArchiveNode: z.boolean().default(false).describe('It keeps the state of all old blocks'),
    dataSources: z
      .array(sourceSettings)
      .max(MAX_SOURCES)
      .default([])
      .describe('Other nodes of the chain that are asked about it, best first; this node is the last resort'),
  })
  .superRefine(({ isValidator, stashAddress }, context) => {
    if (!isValidator || stashAddress !== '') return;
    context.addIssue({ code: 'custom', path: ['stashAddress'], message: 'must be given for a validator' });
  });

export type SubstrateNodeSettings = z.output<typeof substrateNodeSettings>;

/** What PANIC reads of its 24 fields, and `verify_tls` of ours, which it ignores. */
export const substrateNodeEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    monitor_node: z.string(),
    stash_address: z.string().trim().max(1_000),
    ...sourceFields,
  })
  .transform((raw) => {
    const offered = offeredSource(raw);
    const { url, verifyTls, isArchiveNode } = offered.source;
    return {
      id: raw.id,
      name: raw.name,
      parentId: raw.parent_id,
      settings: {
        url,
        verifyTls,
        isValidator: isSwitchOn(raw.is_validator),
        stashAddress: raw.stash_address,
        isArchiveNode,
        dataSources: [],
      } as SubstrateNodeSettings,
      offered,
    };
  });

export interface SubstrateNodeEntry {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
  readonly settings: SubstrateNodeSettings;
  readonly offered: OfferedSource;
}

export function rankOf({ offered }: SubstrateNodeEntry): number | null {
  return rankOfSource(offered);
}

/** The node itself is not among them: the monitor falls back to it by itself, whatever it offers. */
export function settingsOf(
  own: SubstrateNodeEntry,
  sources: readonly SubstrateNodeEntry[],
): SubstrateNodeSettings {
  const others = sources.filter(({ id }) => id !== own.id);
  return { ...own.settings, dataSources: others.map(({ offered }) => offered.source) };
}

/** The node, and beside it each data source as a node that is not watched. */
export function substrateNodeConfig(
  { id, name, parentId, chain }: Monitorable,
  settings: SubstrateNodeSettings,
): ConfigEntry[] {
  const routingKey = `chains.substrate.${chain}.nodes_config`.toLowerCase();
  const own = panicNode(
    { id, parentId, name },
    {
      node_ws_url: settings.url,
      monitor_node: 'true',
      is_validator: String(settings.isValidator),
      is_archive_node: String(settings.isArchiveNode),
      stash_address: settings.stashAddress,
    },
  );
  return [
    { routingKey, configId: id, raw: { ...own, ...(settings.verifyTls ? {} : { verify_tls: 'false' }) } },
    ...settings.dataSources.map((source) => {
      const identity = { id: sourceId(source), parentId, name: source.name };
      return {
        routingKey,
        configId: identity.id,
        raw: { ...panicNode(identity, {}), ...sourceRaw(source) },
      };
    }),
  ];
}
