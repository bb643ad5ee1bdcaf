/** Settings of kind `chainlink-contracts`, native and in PANIC's form. Main thread only. */
import {
  httpUrl,
  httpUrlList,
  isSwitchOn,
  label,
  panicNode,
  panicUrl,
  panicUrlList,
} from '@vedette/contract/strategy';
import { z } from 'zod';

const MAX_NODES = 100;

const node = z.object({
  id: label.describe('Its id in messages'),
  name: label.describe('Its name in messages'),
  prometheusUrls: httpUrlList.describe(
    'Its metrics pages, in order of preference; they tell the address it sends from',
  ),
  verifyTls: z.boolean().default(true).describe('Check the certificates of its https pages'),
});

export const chainlinkContractsSettings = z.object({
  weiwatchersUrl: httpUrl.describe(
    "List of the chain's price feeds: a JSON array of contractAddress, proxyAddress, contractVersion",
  ),
  evmUrls: httpUrlList.describe(
    'JSON-RPC addresses of nodes of the chain, in order of preference; one that is synced serves a round',
  ),
  nodes: z
    .array(node)
    .min(1, 'must name at least one node')
    .max(MAX_NODES, `must name at most ${String(MAX_NODES)} nodes`)
    .describe('The Chainlink nodes whose feeds are read'),
});

export type ChainlinkContractsSettings = z.output<typeof chainlinkContractsSettings>;

/** One node of a message; `isPart` is false for one whose contracts are not watched. */
export interface ContractsEntry {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
  readonly weiwatchersUrl: string;
  readonly evmUrls: string[];
  readonly prometheusUrls: string[];
  readonly verifyTls: boolean;
  readonly isPart: boolean;
}

const MAX_LIST = 20_000;

/** PANIC starts its monitor with blank URLs too, and publishes 5018 or 5019 then; so does this. */
export const chainlinkContractsEntry: z.ZodType<ContractsEntry> = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    weiwatchers_url: z.string().trim().pipe(panicUrl),
    evm_nodes_urls: listOrNothing(),
    node_prometheus_urls: z.string().max(MAX_LIST, `must be at most ${String(MAX_LIST)} characters`),
    monitor_prometheus: z.string(),
    monitor_contracts: z.string(),
    verify_tls: z.string().optional(),
  })
  .superRefine((raw, context) => {
    if (!isPart(raw)) return;
    for (const { message, params } of issuesOf(panicUrlList, raw.node_prometheus_urls)) {
      context.addIssue({ code: 'custom', message, params, path: ['node_prometheus_urls'] });
    }
  })
  .transform((raw) => ({
    id: raw.id,
    name: raw.name,
    parentId: raw.parent_id,
    weiwatchersUrl: raw.weiwatchers_url,
    evmUrls: raw.evm_nodes_urls,
    prometheusUrls: isPart(raw) ? itemsOf(raw.node_prometheus_urls) : [],
    verifyTls: isSwitchOn(raw.verify_tls),
    isPart: isPart(raw),
  }));

/** PANIC's common node, one per Chainlink node, and `verify_tls` of ours, which PANIC ignores. */
export function contractsRaw(
  { weiwatchersUrl, evmUrls, nodes }: ChainlinkContractsSettings,
  parentId: string,
): (readonly [configId: string, raw: Record<string, string>])[] {
  return nodes.map(({ id, name, prometheusUrls, verifyTls }) => [
    id,
    {
      ...panicNode(
        { id, parentId, name },
        {
          monitor_prometheus: 'true',
          node_prometheus_urls: prometheusUrls.join(','),
          evm_nodes_urls: evmUrls.join(','),
          weiwatchers_url: weiwatchersUrl,
          monitor_contracts: 'true',
        },
      ),
      ...(verifyTls ? { verify_tls: 'true' } : {}),
    },
  ]);
}

/** Both switches on, and a Prometheus page; `monitor_node` does not matter. */
function isPart(raw: {
  readonly monitor_contracts: string;
  readonly monitor_prometheus: string;
  readonly node_prometheus_urls: string;
}): boolean {
  return (
    isSwitchOn(raw.monitor_contracts) &&
    isSwitchOn(raw.monitor_prometheus) &&
    itemsOf(raw.node_prometheus_urls).length > 0
  );
}

function listOrNothing(): z.ZodType<string[]> {
  return z
    .string()
    .max(MAX_LIST, `must be at most ${String(MAX_LIST)} characters`)
    .superRefine((text, context) => {
      if (itemsOf(text).length === 0) return;
      for (const { message, params } of issuesOf(panicUrlList, text)) {
        context.addIssue({ code: 'custom', message, params });
      }
    })
    .transform(itemsOf);
}

function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function issuesOf(schema: z.ZodType, text: string): { message: string; params: Record<string, unknown> }[] {
  const { error } = schema.safeParse(text);
  return (error?.issues ?? []).map((issue) => ({
    message: issue.message,
    params: issue.code === 'custom' ? (issue.params ?? {}) : {},
  }));
}
