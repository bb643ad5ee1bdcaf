/** Settings of kind `cosmos-node`, native and in PANIC's form. Main thread only. */
import type { JsonObject } from '@vedette/contract';
import { httpUrl, isSwitchOff, isSwitchOn, label, panicNode } from '@vedette/contract/strategy';
import { z } from 'zod';
import { panicSourceUrl } from '../shared/node-entry.js';

const sourceSchema = z
  .object({
    restUrl: httpUrl.nullable().default(null).describe('Its Cosmos REST server'),
    rpcUrl: httpUrl.nullable().default(null).describe('Its Tendermint or CometBFT RPC server'),
    isValidator: z.boolean().default(false).describe('Asked only when no other data source will do'),
    isArchive: z.boolean().default(false).describe('Keeps all blocks: asked first for missed ones'),
  })
  .refine(({ restUrl, rpcUrl }) => restUrl !== null || rpcUrl !== null, 'must have a restUrl or an rpcUrl');

export type DataSource = z.output<typeof sourceSchema>;

export const cosmosNodeSettings = z
  .object({
    prometheusUrl: httpUrl.nullable().default(null).describe('Metrics page of the node; none: not read'),
    restUrl: httpUrl
      .nullable()
      .default(null)
      .describe('Cosmos REST server of the node; none: bond status is not watched'),
    rpcUrl: httpUrl
      .nullable()
      .default(null)
      .describe('Tendermint or CometBFT RPC server of the node; none: blocks are not watched'),
    isValidator: z.boolean().default(false).describe('Watch signatures, slashes and bond status too'),
    operatorAddress: z
      .string()
      .max(200)
      .default('')
      .describe('The validator as the chain names it, for example cosmosvaloper1…'),
    isArchive: z.boolean().default(false).describe('The node keeps all blocks'),
    dataSources: z
      .array(sourceSchema)
      .max(100, 'must name at most 100 data sources')
      .default([])
      .describe('Other nodes of the chain, asked before the node itself for what all of them know'),
    verifyTls: z.boolean().default(true).describe('Check the certificates of https URLs'),
  })
  .refine(
    ({ prometheusUrl, restUrl, rpcUrl }) => prometheusUrl !== null || restUrl !== null || rpcUrl !== null,
    { message: 'must have a prometheusUrl, a restUrl or an rpcUrl', path: ['rpcUrl'] },
  )
  .refine(
    ({ isValidator, restUrl, operatorAddress }) => !isValidator || restUrl === null || operatorAddress !== '',
    {
      message: 'is needed to ask for the bond status of a validator',
      path: ['operatorAddress'],
    },
  )
  .transform((settings) => withNeededSources(settings, settings.dataSources));

export interface CosmosNodeSettings {
  readonly [key: string]: string | boolean | null | DataSource[];
  /** A source is off where its URL is null. PANIC's form can switch one on without a URL: then it is empty. */
  readonly prometheusUrl: string | null;
  readonly restUrl: string | null;
  readonly rpcUrl: string | null;
  readonly isValidator: boolean;
  readonly operatorAddress: string;
  readonly isArchive: boolean;
  /** Others only, validators last; the node itself is asked after all of them. */
  readonly dataSources: DataSource[];
  readonly verifyTls: boolean;
}

/** In PANIC's order, without what this node never asks for: a change of that must not restart it. */
export function withNeededSources(
  own: CosmosNodeSettings,
  others: readonly DataSource[],
): CosmosNodeSettings {
  const needed = others
    .map((source) => ({
      restUrl: own.restUrl === null ? null : source.restUrl,
      rpcUrl: own.rpcUrl === null ? null : source.rpcUrl,
      isValidator: source.isValidator,
      isArchive: own.rpcUrl !== null && source.rpcUrl !== null && source.isArchive,
    }))
    .filter(({ restUrl, rpcUrl }) => restUrl !== null || rpcUrl !== null);
  return {
    ...own,
    dataSources: [
      ...needed.filter(({ isValidator }) => !isValidator),
      ...needed.filter(({ isValidator }) => isValidator),
    ],
  };
}

/** What an entry of PANIC's form says, before its siblings are known. */
export interface CosmosNodeEntry {
  readonly parentId: string;
  readonly id: string;
  readonly name: string;
  readonly isRestOn: boolean;
  readonly isRpcOn: boolean;
  readonly isOffered: boolean;
  /** URLs stand here also where the own switch is off, as offered to siblings; `settingsOf` takes them out. */
  readonly settings: CosmosNodeSettings;
}

/** The fields PANIC's node manager reads, all required as there, and `verify_tls` of ours; PANIC does not verify. */
export const cosmosNodeEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    monitor_node: z.string(),
    monitor_prometheus: z.string(),
    prometheus_url: z.string(),
    monitor_cosmos_rest: z.string(),
    cosmos_rest_url: z.string(),
    monitor_tendermint_rpc: z.string(),
    tendermint_rpc_url: z.string(),
    is_validator: z.string(),
    is_archive_node: z.string(),
    use_as_data_source: z.string(),
    operator_address: z.string().max(200),
    verify_tls: z.string().optional(),
  })
  .transform((raw, context): CosmosNodeEntry => {
    const isOffered = isSwitchOn(raw.use_as_data_source);
    const urlOf = (
      field: 'prometheus_url' | 'cosmos_rest_url' | 'tendermint_rpc_url',
      isOn: boolean,
    ): string | null => {
      const isShared = isOffered && field !== 'prometheus_url';
      if (!isOn && !isShared) return null;
      const url = panicSourceUrl(raw[field], field, context);
      return !isOn && url === '' ? null : url;
    };
    const isRestOn = isSwitchOn(raw.monitor_cosmos_rest);
    const isRpcOn = isSwitchOn(raw.monitor_tendermint_rpc);
    return {
      id: raw.id,
      name: raw.name,
      parentId: raw.parent_id,
      isRestOn,
      isRpcOn,
      isOffered,
      settings: {
        prometheusUrl: urlOf('prometheus_url', isSwitchOn(raw.monitor_prometheus)),
        restUrl: urlOf('cosmos_rest_url', isRestOn),
        rpcUrl: urlOf('tendermint_rpc_url', isRpcOn),
        isValidator: isSwitchOn(raw.is_validator),
        operatorAddress: raw.operator_address.trim(),
        isArchive: isSwitchOn(raw.is_archive_node),
        dataSources: [],
        verifyTls: isSwitchOn(raw.verify_tls),
      },
    };
  });

/** PANIC's data sources: nodes that offer themselves, whatever is watched of them; validators last. */
export function rankOf({ isOffered, settings }: CosmosNodeEntry): number | null {
  const hasUrl = [settings.restUrl, settings.rpcUrl].some((url) => url !== null && url !== '');
  if (!isOffered || !hasUrl) return null;
  return settings.isValidator ? 1 : 0;
}

/** Of the sources those with a URL of the kind asked for. */
export function settingsOf(own: CosmosNodeEntry, sources: readonly CosmosNodeEntry[]): CosmosNodeSettings {
  const { settings, isRestOn, isRpcOn } = own;
  const watched = {
    ...settings,
    restUrl: isRestOn ? settings.restUrl : null,
    rpcUrl: isRpcOn ? settings.rpcUrl : null,
  };
  const offered = sources.map(({ settings: { restUrl, rpcUrl, isValidator, isArchive } }) => ({
    restUrl: restUrl === '' ? null : restUrl,
    rpcUrl: rpcUrl === '' ? null : rpcUrl,
    isValidator,
    isArchive,
  }));
  return withNeededSources(watched, offered);
}

/** PANIC starts a node's monitor if the node and at least one of its sources are on. */
export function isNodeWatched(raw: JsonObject): boolean {
  const sources = ['monitor_prometheus', 'monitor_cosmos_rest', 'monitor_tendermint_rpc'];
  return !isSwitchOff(raw['monitor_node']) && !sources.every((field) => isSwitchOff(raw[field]));
}

interface Identity {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
}

/** The node, then its data sources as nodes nobody watches. */
export function cosmosNodeRaws(
  identity: Identity,
  settings: CosmosNodeSettings,
): (readonly [id: string, raw: Record<string, string>])[] {
  const own = rawNode(identity, settings, {
    monitor_node: 'true',
    monitor_prometheus: String(settings.prometheusUrl !== null),
    prometheus_url: settings.prometheusUrl ?? '',
    monitor_cosmos_rest: String(settings.restUrl !== null),
    monitor_tendermint_rpc: String(settings.rpcUrl !== null),
    operator_address: settings.operatorAddress,
    ...(settings.verifyTls ? { verify_tls: 'true' } : {}),
  });
  const others = settings.dataSources.map((source, index): [string, Record<string, string>] => {
    const id = `${identity.id}-source-${String(index + 1)}`;
    const name = `data source ${String(index + 1)} of ${identity.name}`;
    return [id, rawNode({ id, name, parentId: identity.parentId }, source, { use_as_data_source: 'true' })];
  });
  return [[identity.id, own], ...others];
}

function rawNode(
  identity: Identity,
  source: DataSource | CosmosNodeSettings,
  fields: Record<string, string>,
): Record<string, string> {
  return panicNode(identity, {
    is_validator: String(source.isValidator),
    is_archive_node: String(source.isArchive),
    cosmos_rest_url: source.restUrl ?? '',
    tendermint_rpc_url: source.rpcUrl ?? '',
    ...fields,
  });
}
