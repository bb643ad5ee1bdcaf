/** The counterparts of each family of kinds, and the settings that lead to them. Promise: what is started has its closer. */
import { readFileSync } from 'node:fs';
import { startFeeds } from '../../examples/chains/feeds.js';
import { startPages } from '../../examples/chains/pages.js';
import { freePort } from '../../examples/quickstart/ports.mjs';
import { startAnvil } from '../support/anvil.js';
import { CosmosChain } from '../support/cosmos-chain.js';
import { OPERATOR, type ProposalSeed } from '../support/cosmos-rest.js';
import { PAGE, startRest, startRpc } from '../support/cosmos-stub.js';
import { startRegistry } from '../support/docker-registry.js';
import { STASH, startGovernedChain, startStakingChain } from '../support/substrate-scenes.js';

const FIXTURES = new URL('../../packages/monitors-general/test/fixtures/', import.meta.url);
const BLOCK_MS = 1_000;
const PROPOSALS: readonly ProposalSeed[] = [1, 2, 3].map((id) => ({
  id,
  title: `Proposal ${id}`,
  status: 2,
}));

export type Closers = (() => unknown)[];
export type Through = (name: string, url: string) => Promise<string>;
export type Serve = (name: string, body: string, type?: string) => Promise<string>;

export async function chainlinkSettings(closers: Closers, through: Through, say: (line: string) => void) {
  const anvil = await startAnvil();
  closers.push(() => anvil.stop());
  const feeds = await startFeeds(anvil, say);
  closers.push(() => feeds.stop());
  await anvil.call('evm_setIntervalMining', [BLOCK_MS / 1_000]);
  const port = await freePort(0);
  closers.push(await startPages(port, feeds));
  const pages = await through('chainlink pages', `http://127.0.0.1:${port}`);
  const metrics = await through('chainlink metrics', `http://127.0.0.1:${port}`);
  const nodes = [{ id: 'cl', name: 'cl', prometheusUrls: [`${pages}/metrics`] }];
  return {
    'evm-node': { url: await through('evm node', anvil.url) },
    'chainlink-node': { prometheusUrls: [`${metrics}/metrics`], symbolLookup: false },
    'chainlink-contracts': {
      weiwatchersUrl: `${pages}/feeds.json`,
      evmUrls: [await through('evm of feeds', anvil.url)],
      nodes,
    },
  };
}

export async function cosmosSettings(closers: Closers, through: Through, serve: Serve) {
  const chain = new CosmosChain({ height: 1_000 });
  const [rpc, rest] = [await startRpc(chain), await startRest({ proposals: PROPOSALS })];
  const blocks = setInterval(() => (chain.height += 1), BLOCK_MS);
  closers.push(
    () => rpc.source.close(),
    () => rest.source.close(),
    () => {
      clearInterval(blocks);
    },
  );
  return {
    'cosmos-node': {
      prometheusUrl: `${await serve('cosmos metrics', PAGE)}/metrics`,
      restUrl: await through('cosmos rest', rest.url),
      rpcUrl: await through('cosmos rpc', rpc.url),
      isValidator: true,
      operatorAddress: OPERATOR,
    },
    'cosmos-network': { dataSources: [{ restUrl: await through('cosmos governance', rest.url) }] },
  };
}

export async function substrateSettings(closers: Closers, through: Through) {
  const staking = await startStakingChain('v15/polkadot', 1);
  closers.push(() => staking.close());
  const governed = await startGovernedChain('v15/substrate', 2);
  closers.push(() => governed.close());
  const blocks = setInterval(() => {
    for (const chain of [staking, governed]) {
      chain.best += 1;
      chain.finalized += 1;
      if (chain.target !== null) chain.target += 1;
    }
  }, BLOCK_MS);
  closers.push(() => {
    clearInterval(blocks);
  });
  return {
    'substrate-node': {
      url: await through('substrate node', staking.url),
      isValidator: true,
      stashAddress: STASH,
    },
    'substrate-network': {
      dataSources: [{ name: 'a', url: await through('substrate chain', governed.url) }],
    },
  };
}

export async function generalSettings(closers: Closers, through: Through, serve: Serve) {
  const fixture = (file: string): string => readFileSync(new URL(file, FIXTURES), 'utf8');
  const registry = await startRegistry();
  closers.push(() => registry.close());
  for (const tag of ['7.0', '7.2']) registry.push('acme/node', tag, '2023-11-14T22:13:20.123456Z');
  const github = await serve('github', fixture('github-releases.json'), 'application/json');
  return {
    system: { exporterUrl: `${await serve('node exporter', fixture('node-exporter.txt'))}/metrics` },
    github: { repo: 'acme/node', urlTemplate: `${github}/repos/{}releases` },
    dockerhub: {
      namespace: 'acme',
      name: 'node',
      urlTemplate: `${await through('dockerhub', registry.url)}/v2/repositories/{}/{}/tags`,
    },
  };
}
