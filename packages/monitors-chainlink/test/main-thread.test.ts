import { stop } from 'esbuild';
import { expect } from 'chai';
import { librariesOf } from '../../../test/support/libraries-of.js';

describe('the package of Chainlink monitors', () => {
  after(() => stop());

  it('loads no ethers in the main thread', async () => {
    expect(await librariesOf('../src/index.ts', import.meta.url))
      .to.include('zod')
      .and.not.include('ethers');
  });

  it('loads ethers, and no schema library, in the worker', async () => {
    expect(await librariesOf('../src/chainlink-contracts/monitor.ts', import.meta.url))
      .to.include('ethers')
      .and.not.include('zod');
  });
});
