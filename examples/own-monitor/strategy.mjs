// Runs in the main thread: what settings are valid, and where the monitor is.
import { defineKind, httpUrl, z } from '@vedette/contract/kind';

export default defineKind({
  kind: 'web-page',
  title: 'A page: its status and how long it takes',
  module: new URL('./monitor.mjs', import.meta.url),
  periodMs: 5_000,
  settings: z.object({ url: httpUrl }),
  example: { url: 'https://example.org' },
  facts: { status: 'HTTP status of the answer', response_seconds: 'time to the answer' },
  keyFigure: (facts) => `status ${facts.status} in ${facts.response_seconds?.toFixed(3)} s`,
});
