/** The built modules, as threads load them. */
import { expect } from 'chai';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { deadPort } from '../../../test/support/stub-source.js';
import { startStubChain, type StubChain } from '../../../test/support/substrate-chain.js';
import {
  NETWORK,
  NODE,
  STASH,
  startGovernedChain,
  startStakingChain,
} from '../../../test/support/substrate-scenes.js';
import { substrateNetworkStrategy, substrateNodeStrategy } from '../dist/index.js';

interface Ended {
  readonly word: { readonly body: object; readonly reported: { readonly code: number } | null };
  readonly output: string;
  readonly code: number;
}

async function run(module: string, context: object): Promise<Ended> {
  const worker = new Worker(new URL('./fixtures/bundle-worker.cjs', import.meta.url), {
    workerData: { bundle: fileURLToPath(module), context },
    stdout: true,
    stderr: true,
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 96 },
  });
  let output = '';
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [[word], [code]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as [
    [Ended['word']],
    [number],
  ];
  return { word, output, code };
}

const nodeSettings = (url: string): object => ({
  url,
  verifyTls: true,
  isValidator: true,
  stashAddress: STASH,
  isArchiveNode: false,
  dataSources: [],
});

describe('the built Substrate monitors', function () {
  this.timeout(20_000);
  let chain: StubChain | null = null;
  afterEach(async () => {
    await chain?.close();
    chain = null;
  });

  for (const name of ['v15/kusama', 'v12/substrate'] as const) {
    it(`watch a validator of ${name} in a thread that says nothing and ends by itself`, async () => {
      chain = await startStakingChain(name);
      const { word, output, code } = await run(substrateNodeStrategy.module, {
        monitor: NODE,
        settings: nodeSettings(chain.url),
      });
      expect(word.reported).to.equal(null);
      expect([output, code]).to.deep.equal(['', 0]);
    });

    it(`watch a chain of ${name} in a thread that says nothing and ends by itself`, async () => {
      chain = await (name === 'v12/substrate' ? startGovernedChain(name) : startStubChain(name));
      const source = { name: 'a', url: chain.url, isArchiveNode: false, isValidator: false, verifyTls: true };
      const { word, output, code } = await run(substrateNetworkStrategy.module, {
        monitor: NETWORK,
        settings: { dataSources: [source], governanceAddresses: [] },
      });
      expect(word.reported).to.equal(null);
      expect([output, code]).to.deep.equal(['', 0]);
    });
  }

  it('end by themselves also when nothing could be reached', async () => {
    const settings = nodeSettings(`ws://127.0.0.1:${await deadPort()}`);
    const { word, output, code } = await run(substrateNodeStrategy.module, { monitor: NODE, settings });
    expect(word.reported?.code).to.equal(5015);
    expect([output, code]).to.deep.equal(['', 0]);
  });
});
