/** Settings of kind `chainlink-node`, native and in PANIC's form. Main thread only. */
import { httpUrl, isSwitchOff, isSwitchOn, label, panicUrl } from '@vedette/contract/strategy';
import { z } from 'zod';

/** Where PANIC looks up the native currency of a chain. */
const SYMBOL_URL = 'https://chainid.network/chains_mini.json';
const MAX_URLS = 100;

export const chainlinkNodeSettings = z.object({
  prometheusUrls: z
    .array(httpUrl)
    .min(1, 'must name at least one URL')
    .max(MAX_URLS, `must name at most ${String(MAX_URLS)} URLs`)
    .describe('Metrics pages of one node, in order of preference; the next is asked when one is unreachable'),
  verifyTls: z.boolean().default(true).describe('Check the certificates of https URLs'),
  symbolLookup: z
    .boolean()
    .default(true)
    .describe('Ask symbolUrl for the currency of a chain that is not in the built-in table'),
  symbolUrl: httpUrl.default(SYMBOL_URL).describe('List of chains in the form of chains_mini.json'),
});

export type ChainlinkNodeSettings = z.output<typeof chainlinkNodeSettings>;

/** PANIC's rule: split on commas, blank items dropped. Trimming is ours: URLs hold no blanks. */
const urlList = z
  .string()
  .max(20_000, 'must be at most 20000 characters')
  .transform((text) => text.split(',').map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ''))
  .superRefine((urls, context) => {
    if (urls.length === 0) context.addIssue({ code: 'custom', message: 'must name at least one URL' });
    if (urls.length > MAX_URLS) {
      context.addIssue({ code: 'custom', message: `must name at most ${String(MAX_URLS)} URLs` });
    }
    for (const [index, url] of urls.slice(0, MAX_URLS).entries()) {
      const problem = panicUrl.safeParse(url).error?.issues[0];
      if (problem === undefined) continue;
      const message = `item ${String(index + 1)} ${problem.message}`;
      context.addIssue({ code: 'custom', message, params: { code: 'CONFIG_INVALID_URL' } });
    }
  });

/** What PANIC reads of its 24 fields, and three of ours, which it ignores; PANIC does not verify. */
export const chainlinkNodeEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    node_prometheus_urls: urlList,
    monitor_node: z.string(),
    monitor_prometheus: z.string(),
    verify_tls: z.string().optional(),
    symbol_lookup: z.string().optional(),
    symbol_url: httpUrl.default(SYMBOL_URL),
  })
  .transform((raw) => ({
    id: raw.id,
    name: raw.name,
    parentId: raw.parent_id,
    settings: {
      prometheusUrls: raw.node_prometheus_urls,
      verifyTls: isSwitchOn(raw.verify_tls),
      symbolLookup: !isSwitchOff(raw.symbol_lookup),
      symbolUrl: raw.symbol_url,
    },
  }));

/** PANIC's common node shape of 24 fields, in its order, so that PANIC's own managers take it too. */
export function chainlinkRaw(
  identity: { readonly id: string; readonly name: string; readonly parentId: string },
  settings: ChainlinkNodeSettings,
): Record<string, string> {
  return {
    id: identity.id,
    parent_id: identity.parentId,
    name: identity.name,
    node_ws_url: '',
    exporter_url: '',
    monitor_system: 'false',
    monitor_node: 'true',
    is_validator: 'false',
    is_archive_node: 'false',
    use_as_data_source: 'false',
    stash_address: '',
    governance_addresses: '',
    monitor_network: 'false',
    cosmos_rest_url: '',
    monitor_cosmos_rest: 'false',
    tendermint_rpc_url: '',
    monitor_tendermint_rpc: 'false',
    operator_address: '',
    monitor_prometheus: 'true',
    prometheus_url: '',
    node_prometheus_urls: settings.prometheusUrls.join(','),
    evm_nodes_urls: '',
    weiwatchers_url: '',
    monitor_contracts: 'false',
    ...(settings.verifyTls ? { verify_tls: 'true' } : {}),
    ...(settings.symbolLookup ? {} : { symbol_lookup: 'false' }),
    ...(settings.symbolUrl === SYMBOL_URL ? {} : { symbol_url: settings.symbolUrl }),
  };
}
