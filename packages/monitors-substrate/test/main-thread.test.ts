import { stop } from 'esbuild';
import { expect } from 'chai';
import { librariesOf } from '../../../test/support/libraries-of.js';

describe('the package of Substrate monitors', () => {
  after(() => stop());

  it('loads nothing of @polkadot and no WebSocket library in the main thread', async () => {
    const libraries = await librariesOf('../src/index.ts', import.meta.url);
    expect(libraries).to.include('zod').and.not.include('ws');
    expect(libraries.filter((name) => name.startsWith('@polkadot'))).to.deep.equal([]);
  });

  for (const kind of ['substrate-node', 'substrate-network']) {
    it(`loads the types of @polkadot, neither its API nor a schema library, in the worker of ${kind}`, async () => {
      const libraries = await librariesOf(`../src/${kind}/monitor.ts`, import.meta.url);
      expect(libraries).to.include.members(['@polkadot/types', 'ws']);
      expect(libraries).to.not.include.members(['zod']).and.not.include('@polkadot/api');
    });
  }
});
