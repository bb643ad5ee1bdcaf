/** Which libraries end up loaded when a file is imported, so that tests can keep threads and the main thread lean. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** `entry` is relative to `from`, the address of the test. Call esbuild's `stop` when done. */
export async function librariesOf(entry: string, from: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(entry, from))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  });
  const names = Object.keys(metafile.inputs).map(
    (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1],
  );
  return [...new Set(names)].filter((name) => name !== undefined);
}
