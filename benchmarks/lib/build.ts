/**
 * Builds what runs outside this process: measuring scripts without tsx, and the floor worker with amqplib in
 * it, bundled and minified as the real workers are.
 */
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { ROOT } from '../../test/support/root.js';

export const SCRIPTS = [
  'ready',
  'memory',
  'recover',
  'reconcile',
  'vitals',
  'catch-up',
  'contracts',
  'throughput',
  'sources',
  'metrics',
  'events',
] as const;
export type Script = (typeof SCRIPTS)[number];

/** Plain paths, to be handed to children. */
export interface WorkerFiles {
  readonly empty: string;
  readonly amqp: string;
  readonly faultyMonitor: string;
  readonly beatWriter: string;
  readonly bareSubstrate: string;
  readonly trivialMonitor: string;
  readonly rawRound: string;
}

/** What runs in threads with amqplib in it. */
const BUNDLED = ['amqp-worker', 'raw-round'] as const;

const HERE = join(ROOT, 'benchmarks');

export async function buildInto(folder: string): Promise<WorkerFiles> {
  const common = { absWorkingDir: ROOT, bundle: true, platform: 'node', target: 'node20' } as const;
  await Promise.all([
    build({
      ...common,
      entryPoints: SCRIPTS.map((name) => join(HERE, 'measured', `${name}.ts`)),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      format: 'esm',
      packages: 'external',
      sourcemap: 'inline',
    }),
    ...BUNDLED.map((name) =>
      build({
        ...common,
        entryPoints: [join(HERE, 'fixtures', `${name}.mjs`)],
        outfile: join(folder, `${name}.cjs`),
        format: 'cjs',
        minify: true,
        legalComments: 'none',
      }),
    ),
  ]);
  await stop();
  return {
    empty: join(HERE, 'fixtures', 'empty-worker.cjs'),
    amqp: join(folder, 'amqp-worker.cjs'),
    faultyMonitor: join(HERE, 'fixtures', 'faulty-monitor.cjs'),
    beatWriter: join(HERE, 'fixtures', 'beat-writer.mjs'),
    bareSubstrate: join(HERE, 'fixtures', 'bare-substrate.mjs'),
    trivialMonitor: join(HERE, 'fixtures', 'trivial-monitor.cjs'),
    rawRound: join(folder, 'raw-round.cjs'),
  };
}
