/** Settings of kind `cosmos-network`, native and in PANIC's form. Main thread only. */
import { CONFIG_LIMITS } from '@vedette/contract';
import { httpUrl, isSwitchOn, label, panicNode } from '@vedette/contract/strategy';
import { z } from 'zod';
import { panicSourceUrl } from '../shared/node-entry.js';

const sourceSchema = z.object({
  restUrl: httpUrl.describe('Cosmos REST server of a node of the chain'),
  isValidator: z.boolean().default(false).describe('Asked only when no other node will do'),
});

export type NetworkSource = z.output<typeof sourceSchema>;

export interface CosmosNetworkSettings {
  readonly [key: string]: boolean | NetworkSource[];
  /** Validators last. Empty only in PANIC's form, where no node that offers itself has a REST URL. */
  readonly dataSources: NetworkSource[];
  readonly verifyTls: boolean;
}

export const cosmosNetworkSettings = z
  .object({
    dataSources: z
      .array(sourceSchema)
      .min(1, 'must name at least one data source')
      .max(100, 'must name at most 100 data sources')
      .describe('Nodes of the chain in order of preference; the next is asked when one is of no use'),
    verifyTls: z.boolean().default(true).describe('Check the certificates of https URLs'),
  })
  .transform((settings): CosmosNetworkSettings => ({
    ...settings,
    dataSources: ordered(settings.dataSources),
  }));

export interface CosmosNetworkEntry {
  readonly parentId: string;
  readonly isOn: boolean;
  readonly isOffered: boolean;
  readonly isValidator: boolean;
  /** Empty where the node offers none. */
  readonly restUrl: string;
  readonly verifyTls: boolean;
}

/** What the network monitor needs of a node; PANIC reads more and uses no more. */
export const cosmosNetworkEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    monitor_network: z.string(),
    use_as_data_source: z.string(),
    is_validator: z.string(),
    cosmos_rest_url: z.string(),
    verify_tls: z.string().optional(),
  })
  .transform((raw, context): CosmosNetworkEntry => {
    const isOffered = isSwitchOn(raw.use_as_data_source);
    return {
      parentId: raw.parent_id,
      isOn: isSwitchOn(raw.monitor_network),
      isOffered,
      isValidator: isSwitchOn(raw.is_validator),
      restUrl: isOffered ? panicSourceUrl(raw.cosmos_rest_url, 'cosmos_rest_url', context) : '',
      verifyTls: isSwitchOn(raw.verify_tls),
    };
  });

/** Null when the network is not to be watched. Certificates are checked if every data source asks for it. */
export function condenseNetwork(entries: readonly CosmosNetworkEntry[]): CosmosNetworkSettings | null {
  if (!entries.some(({ isOn }) => isOn)) return null;
  const offered = entries.filter(({ restUrl }) => restUrl !== '');
  return {
    dataSources: ordered(offered.map(({ restUrl, isValidator }) => ({ restUrl, isValidator }))).slice(
      0,
      CONFIG_LIMITS.maxDataSources,
    ),
    verifyTls: offered.length > 0 && offered.every(({ verifyTls }) => verifyTls),
  };
}

/** PANIC's monitor starts without any data source and then never gets ready; here the message is refused. */
export function networkProblem(
  _settings: CosmosNetworkSettings,
  entries: readonly CosmosNetworkEntry[],
): readonly [field: string, reason: string] | null {
  if (entries.some(({ isOffered }) => isOffered)) return null;
  return ['use_as_data_source', 'no node of the chain may be used as a data source for its network monitor'];
}

export function cosmosNetworkRaws(
  identity: { readonly id: string; readonly name: string; readonly parentId: string },
  settings: CosmosNetworkSettings,
): (readonly [id: string, raw: Record<string, string>])[] {
  return settings.dataSources.map(({ restUrl, isValidator }, index) => {
    const id = `${identity.id}-source-${String(index + 1)}`;
    const name = `data source ${String(index + 1)} of ${identity.name}`;
    const raw = panicNode(
      { id, name, parentId: identity.parentId },
      {
        monitor_network: 'true',
        use_as_data_source: 'true',
        is_validator: String(isValidator),
        cosmos_rest_url: restUrl,
      },
    );
    return [id, { ...raw, ...(settings.verifyTls ? { verify_tls: 'true' } : {}) }];
  });
}

function ordered(sources: readonly NetworkSource[]): NetworkSource[] {
  return [...sources.filter((one) => !one.isValidator), ...sources.filter((one) => one.isValidator)];
}
