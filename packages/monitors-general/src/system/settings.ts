/** Settings of kind `system`, native and in PANIC's form. Main thread only: a schema library is too dear for a worker. */
import { httpUrl, isSwitchOn, label, panicUrl } from '@vedette/contract/strategy';
import { z } from 'zod';

export const systemSettings = z.object({
  exporterUrl: httpUrl.describe('Metrics page of the node exporter'),
  verifyTls: z.boolean().default(true).describe('Check the certificate of an https URL'),
});

export type SystemSettings = z.output<typeof systemSettings>;

/** The five fields PANIC reads, and `verify_tls` of ours, which PANIC ignores; PANIC does not verify. */
export const systemEntry = z
  .object({
    id: label,
    parent_id: label,
    name: label,
    exporter_url: z.string().trim().pipe(panicUrl),
    monitor_system: z.string(),
    verify_tls: z.string().optional(),
  })
  .transform((raw) => ({
    id: raw.id,
    name: raw.name,
    parentId: raw.parent_id,
    settings: { exporterUrl: raw.exporter_url, verifyTls: isSwitchOn(raw.verify_tls) },
  }));
