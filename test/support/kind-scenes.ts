/**
 * For each built-in kind the counterparts its success golden was made with, and the monitorable that reads them.
 * Promise: `close` ends all of them; a kind without a scene is an error that names it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STRATEGIES } from '@vedette/cli/kinds';
import type { JsonObject } from '@vedette/contract';
import { fluxFeed, listing, METRICS, ocrFeed, ONE } from './chainlink-feeds.js';
import { CosmosChain } from './cosmos-chain.js';
import { OPERATOR, PROPOSALS } from './cosmos-rest.js';
import { PAGE as COSMOS_PAGE, startRest, startRpc } from './cosmos-stub.js';
import { startRegistry } from './docker-registry.js';
import { FakeChain } from './fake-chain.js';
import { startJsonRpcNode } from './json-rpc-node.js';
import { ROOT } from './root.js';
import { answer, startStub, type Behaviour } from './stub-source.js';
import { STASH, startGovernedChain, startStakingChain } from './substrate-scenes.js';

/** Every golden shows this instant. */
const AT = '1700000000.123456';

export interface KindScene {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly chain: string;
  readonly settings: JsonObject;
  /** The one message of a first round. */
  readonly golden: string;
  /** Address that stands in the golden where the message has one of this machine. */
  readonly shownUrl: string;
}

type Parts = Omit<KindScene, 'kind' | 'golden'> & { readonly golden: string };
type Serve = (behaviour: Behaviour) => Promise<string>;
type Keep = <T extends { close(): unknown }>(starting: Promise<T>) => Promise<T>;

const fileOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const goldenOf = (family: string, file: string): string =>
  fileOf(`packages/monitors-${family}/test/goldens/${file}.golden.json`).replace(/\n$/, '');

const SCENES: Readonly<Record<string, (serve: Serve, keep: Keep) => Promise<Parts>>> = {
  system: async (serve) => ({
    ...{ id: 'sys_1', name: 'host-a', chain: 'systems', shownUrl: '' },
    golden: goldenOf('general', 'system/result'),
    settings: {
      exporterUrl: `${await serve(answer(fileOf('packages/monitors-general/test/fixtures/node-exporter.txt')))}/metrics`,
    },
  }),
  github: async (serve) => {
    const releases = fileOf('packages/monitors-general/test/fixtures/github-releases.json');
    const url = await serve(answer(releases, { type: 'application/json; charset=utf-8' }));
    return {
      ...{ id: 'repo_1', name: 'acme/node', chain: 'repositories', shownUrl: 'https://api.github.com' },
      golden: goldenOf('general', 'github/result'),
      settings: { repo: 'acme/node', urlTemplate: `${url}/repos/{}releases` },
    };
  },
  dockerhub: async (_serve, keep) => {
    const registry = await keep(startRegistry());
    registry.push('acme/node', 'v1.9.9', '2023-11-13T18:26:40.500000Z');
    registry.push('acme/node', 'v2.1.0', '2023-11-13T20:00:00Z');
    registry.push('acme/node', 'latest', '2023-11-14T19:26:40.250125Z');
    registry.largestPage = 2;
    const urlTemplate = `${registry.url}/v2/repositories/{}/{}/tags`;
    return {
      ...{ id: 'dock_1', name: 'acme/node', chain: 'images', shownUrl: 'https://hub.docker.com' },
      golden: goldenOf('general', 'dockerhub/result'),
      settings: { namespace: 'acme', name: 'node', urlTemplate },
    };
  },
  'evm-node': async (_serve, keep) => ({
    ...{ id: 'evm_1', name: 'geth-1', chain: 'evm', shownUrl: '' },
    golden: goldenOf('evm', 'evm-node/result'),
    settings: { url: (await keep(startJsonRpcNode(18_500_000))).url },
  }),
  'chainlink-node': async (serve) => ({
    ...{ id: 'node_1', name: 'cl-eth-1', chain: 'oracles', shownUrl: 'https://10.0.0.5:6688' },
    golden: goldenOf('chainlink', 'chainlink-node/result'),
    settings: {
      prometheusUrls: [`${await serve(answer(fileOf('examples/quickstart/chainlink-metrics.txt')))}/metrics`],
      symbolLookup: false,
    },
  }),
  'chainlink-contracts': async (serve) => {
    const chain = new FakeChain([ocrFeed(), fluxFeed()]);
    const list = await serve(answer(listing(chain.feeds), { type: 'application/json' }));
    const prometheusUrls = [`${await serve(answer(METRICS(ONE)))}/one`];
    const node = { id: 'node_1', name: 'cl-eth-one', prometheusUrls };
    return {
      ...{ id: 'feeds_1', name: 'ethereum', chain: 'ethereum', shownUrl: 'https://source.example' },
      golden: goldenOf('chainlink', 'chainlink-contracts/result'),
      settings: {
        weiwatchersUrl: `${list}/list.json`,
        evmUrls: [await serve(chain.behaviour)],
        nodes: [node],
      },
    };
  },
  'cosmos-node': async (serve, keep) => ({
    ...{ id: 'node_1', name: 'atom-val-1', chain: 'validators', shownUrl: 'http://10.1.0.11:1317' },
    golden: goldenOf('cosmos', 'cosmos-node/result'),
    settings: {
      prometheusUrl: await serve(answer(COSMOS_PAGE)),
      restUrl: (await keep(sourceOf(startRest()))).url,
      rpcUrl: (await keep(sourceOf(startRpc(new CosmosChain())))).url,
      isValidator: true,
      operatorAddress: OPERATOR,
    },
  }),
  'cosmos-network': async (_serve, keep) => ({
    ...{ id: 'cosmos_1', name: 'cosmoshub', chain: 'cosmoshub', shownUrl: 'http://10.1.0.11:1317' },
    golden: goldenOf('cosmos', 'cosmos-network/result'),
    settings: { dataSources: [{ restUrl: (await keep(sourceOf(startRest({ proposals: PROPOSALS })))).url }] },
  }),
  'substrate-node': async (_serve, keep) => ({
    ...{ id: 'node_1', name: 'dot-val-1', chain: 'stakers', shownUrl: 'ws://10.0.0.5:9944' },
    golden: goldenOf('substrate', 'substrate-node/validator-paged'),
    settings: {
      url: (await keep(startStakingChain('v15/polkadot', 1))).url,
      isValidator: true,
      stashAddress: STASH,
    },
  }),
  'substrate-network': async (_serve, keep) => ({
    ...{ id: 'substrate_1', name: 'polkadot', chain: 'polkadot', shownUrl: 'ws://10.0.0.5:9944' },
    golden: goldenOf('substrate', 'substrate-network/governance-bounded-calls'),
    settings: {
      dataSources: [{ name: 'source', url: (await keep(startGovernedChain('v15/substrate', 2))).url }],
      governanceAddresses: [STASH],
    },
  }),
};

/** All built-in kinds, in the order of the command. */
export async function startKindScenes(): Promise<{
  readonly scenes: readonly KindScene[];
  close(): Promise<void>;
}> {
  const closers: (() => unknown)[] = [];
  const keep: Keep = async (starting) => {
    const started = await starting;
    closers.push(() => started.close());
    return started;
  };
  const serve: Serve = async (behaviour) => (await keep(startStub(behaviour))).url;
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const scenes: KindScene[] = [];
    for (const { kind } of STRATEGIES) {
      const scene = SCENES[kind];
      if (scene === undefined) throw new Error(`test/support/kind-scenes.ts has no scene for kind ${kind}`);
      scenes.push({ kind, ...(await scene(serve, keep)) });
    }
    return { scenes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A message as its golden shows it: one instant, and one address for all of this machine. */
export function asGolden(text: string, { shownUrl }: KindScene): string {
  return text
    .replace(/"time": \d+(\.\d+)?/g, `"time": ${AT}`)
    .replace(/(?:http|ws):\/\/127\.0\.0\.1:\d+/g, shownUrl);
}

async function sourceOf<T extends { readonly source: { readonly url: string; close(): Promise<void> } }>(
  starting: Promise<T>,
): Promise<T['source']> {
  return (await starting).source;
}
