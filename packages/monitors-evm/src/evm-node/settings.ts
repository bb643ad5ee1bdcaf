/** Settings of kind `evm-node`, native and in PANIC's form. Main thread only. */
import { httpUrl, isSwitchOff, label, panicUrl } from '@vedette/contract/strategy';
import { z } from 'zod';

export const evmNodeSettings = z.object({
  url: httpUrl.describe('JSON-RPC address of the node'),
  verifyTls: z.boolean().default(true).describe('Check the certificate of an https URL'),
});

export type EvmNodeSettings = z.output<typeof evmNodeSettings>;

/** The five fields PANIC reads, and `verify_tls` of ours, which PANIC ignores; PANIC verifies here. */
export const evmNodeEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    node_http_url: z.string().trim().pipe(panicUrl),
    monitor_node: z.string(),
    verify_tls: z.string().optional(),
  })
  .transform((raw) => ({
    id: raw.id,
    name: raw.name,
    parentId: raw.parent_id,
    settings: { url: raw.node_http_url, verifyTls: !isSwitchOff(raw.verify_tls) },
  }));
