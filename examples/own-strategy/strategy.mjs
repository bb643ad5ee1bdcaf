// Main thread: a kind of its own, with settings that are checked before anything runs.
import { defineKind, z } from '@vedette/contract/kind';

export default defineKind({
  kind: 'file-age',
  title: 'How long ago a file was written, for example a backup',
  module: new URL('monitor.mjs', import.meta.url),
  periodMs: 60_000,
  settings: z.object({ path: z.string().min(1), staleAfterSeconds: z.number().positive() }),
  example: { path: '/var/backups/panic.tar.gz', staleAfterSeconds: 86_400 },
});
