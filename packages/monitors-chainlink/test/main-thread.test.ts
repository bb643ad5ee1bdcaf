import { build, stop } from 'esbuild';
import { expect } from 'chai';
import { fileURLToPath } from 'node:url';

/** Libraries that end up loaded when `entry` is imported. */
async function librariesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
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

describe('the package of Chainlink monitors', () => {
  after(() => stop());

  it('loads no ethers in the main thread', async () => {
    expect(await librariesOf('../src/index.ts'))
      .to.include('zod')
      .and.not.include('ethers');
  });

  it('loads ethers, and no schema library, in the worker', async () => {
    expect(await librariesOf('../src/chainlink-contracts/monitor.ts'))
      .to.include('ethers')
      .and.not.include('zod');
  });
});
