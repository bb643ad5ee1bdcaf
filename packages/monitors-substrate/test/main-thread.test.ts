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

describe('the package of Substrate monitors', () => {
  after(() => stop());

  it('loads nothing of @polkadot and no WebSocket library in the main thread', async () => {
    const libraries = await librariesOf('../src/index.ts');
    expect(libraries).to.include('zod').and.not.include('ws');
    expect(libraries.filter((name) => name.startsWith('@polkadot'))).to.deep.equal([]);
  });

  for (const kind of ['substrate-node', 'substrate-network']) {
    it(`loads the types of @polkadot, neither its API nor a schema library, in the worker of ${kind}`, async () => {
      const libraries = await librariesOf(`../src/${kind}/monitor.ts`);
      expect(libraries).to.include.members(['@polkadot/types', 'ws']);
      expect(libraries).to.not.include.members(['zod']).and.not.include('@polkadot/api');
    });
  }
});
