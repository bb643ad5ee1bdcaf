/** Settings of kind `chainlink-node`, native and in PANIC's form. Main thread only. */
import {
  httpUrl,
  httpUrlList,
  isSwitchOff,
  isSwitchOn,
  label,
  panicNode,
  panicUrlList,
} from '@vedette/contract/strategy';
import { z } from 'zod';

/** Where PANIC looks up the native currency of a chain. */
const SYMBOL_URL = 'https://chainid.network/chains_mini.json';

export const chainlinkNodeSettings = z.object({
  prometheusUrls: httpUrlList.describe(
    'Metrics pages of one node, in order of preference; the next is asked when one is unreachable',
  ),
  verifyTls: z.boolean().default(true).describe('Check the certificates of https URLs'),
  symbolLookup: z
    .boolean()
    .default(true)
    .describe('Ask symbolUrl for the currency of a chain that is not in the built-in table'),
  symbolUrl: httpUrl.default(SYMBOL_URL).describe('List of chains in the form of chains_mini.json'),
});

export type ChainlinkNodeSettings = z.output<typeof chainlinkNodeSettings>;

/** What PANIC reads of its 24 fields, and three of ours, which it ignores; PANIC does not verify. */
export const chainlinkNodeEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    node_prometheus_urls: panicUrlList,
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

/** PANIC's common node, and three fields of ours, which PANIC ignores. */
export function chainlinkRaw(
  identity: { readonly id: string; readonly name: string; readonly parentId: string },
  settings: ChainlinkNodeSettings,
): Record<string, string> {
  return {
    ...panicNode(identity, {
      monitor_node: 'true',
      monitor_prometheus: 'true',
      node_prometheus_urls: settings.prometheusUrls.join(','),
    }),
    ...(settings.verifyTls ? { verify_tls: 'true' } : {}),
    ...(settings.symbolLookup ? {} : { symbol_lookup: 'false' }),
    ...(settings.symbolUrl === SYMBOL_URL ? {} : { symbol_url: settings.symbolUrl }),
  };
}
