/** Nodes a monitor may ask about the chain: settings both kinds share. Main thread only. */
import { isSwitchOff, isSwitchOn, panicWsUrl, wsUrl } from '@vedette/contract/strategy';
import { CONFIG_LIMITS } from '@vedette/contract';
import { createHash } from 'node:crypto';
import { z } from 'zod';

export const MAX_SOURCES = CONFIG_LIMITS.maxDataSources;

export const sourceSettings = z.object({
  name: z
    .string()
    .min(1)
    .max(300)
    .default('data source')
    .describe('What messages call it; any text of your choice'),
  url: wsUrl.describe('WebSocket address of its JSON-RPC'),
  isArchiveNode: z
    .boolean()
    .default(false)
    .describe('It keeps the state of all old blocks, so it is asked first about missed blocks'),
  isValidator: z
    .boolean()
    .default(false)
    .describe('It validates, so it is asked only when no other node can serve'),
  verifyTls: z.boolean().default(true).describe('Check the certificate of a wss URL'),
});

/** As it is after validation; text without a scheme can come from PANIC's form. */
export type SourceSettings = z.output<typeof sourceSettings>;

/** The part of PANIC's entry that says how a node can serve its siblings, and `verify_tls` of ours. */
export const sourceFields = {
  node_ws_url: z.string().trim().pipe(panicWsUrl),
  is_validator: z.string(),
  is_archive_node: z.string(),
  use_as_data_source: z.string(),
  verify_tls: z.string().optional(),
};

export interface OfferedSource {
  readonly source: SourceSettings;
  readonly isOffered: boolean;
}

/** PANIC's service checked certificates, so leaving `verify_tls` out means yes. */
export function offeredSource(raw: {
  readonly name: string;
  readonly node_ws_url: string;
  readonly is_validator: string;
  readonly is_archive_node: string;
  readonly use_as_data_source: string;
  readonly verify_tls?: string | undefined;
}): OfferedSource {
  return {
    source: {
      name: raw.name,
      url: raw.node_ws_url,
      isArchiveNode: isSwitchOn(raw.is_archive_node),
      isValidator: isSwitchOn(raw.is_validator),
      verifyTls: !isSwitchOff(raw.verify_tls),
    },
    isOffered: isSwitchOn(raw.use_as_data_source),
  };
}

/** Non-validators before validators; a node without a URL cannot serve. */
export function rankOfSource({ isOffered, source }: OfferedSource): number | null {
  if (!isOffered || source.url === '') return null;
  return source.isValidator ? 1 : 0;
}

/** Those that serve, equals in the message's order. */
export function inOrder(nodes: readonly OfferedSource[]): SourceSettings[] {
  return [0, 1]
    .flatMap((rank) => nodes.filter((node) => rankOfSource(node) === rank))
    .map(({ source }) => source)
    .slice(0, MAX_SOURCES);
}

/** PANIC's fields of a node that only serves its siblings. */
export function sourceRaw(source: SourceSettings): Record<string, string> {
  return {
    node_ws_url: source.url,
    is_archive_node: String(source.isArchiveNode),
    is_validator: String(source.isValidator),
    use_as_data_source: 'true',
    ...(source.verifyTls ? {} : { verify_tls: 'false' }),
  };
}

/** The same node gives the same id, so that monitors of one chain that share a source share its entry. */
export function sourceId(source: SourceSettings): string {
  const { name, url, isArchiveNode, isValidator, verifyTls } = source;
  const text = JSON.stringify([name, url, isArchiveNode, isValidator, verifyTls]);
  return `source-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}
