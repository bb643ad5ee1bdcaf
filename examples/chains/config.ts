/** What the demo watches, as a config file an operator could have written. */
import { stringify } from 'yaml';

export interface Addresses {
  readonly anvil: string;
  readonly pages: string;
  readonly polkadot: string;
  /** Of a validator of the Polkadot chain. */
  readonly stash: string;
}

/** Which routing key tells of which entry: each is there once. */
export const WATCHED = [
  { id: 'anvil', kind: 'evm-node', routingKey: 'node.evm', periodMs: 2_000 },
  { id: 'chainlink', kind: 'chainlink-node', routingKey: 'node.chainlink', periodMs: 5_000 },
  { id: 'feeds', kind: 'chainlink-contracts', routingKey: 'contracts.chainlink', periodMs: 3_000 },
  { id: 'validator', kind: 'substrate-node', routingKey: 'node.substrate', periodMs: 2_000 },
  { id: 'governance', kind: 'substrate-network', routingKey: 'network.substrate', periodMs: 5_000 },
] as const;

export type Watched = (typeof WATCHED)[number];

export function configOf({ anvil, pages, polkadot, stash }: Addresses): string {
  const prometheusUrls = [`${pages}/metrics`];
  const settings: Readonly<Record<Watched['id'], object>> = {
    anvil: { url: anvil },
    chainlink: { prometheusUrls, symbolLookup: false },
    feeds: {
      weiwatchersUrl: `${pages}/feeds.json`,
      evmUrls: [anvil],
      nodes: [{ id: 'chainlink', name: 'chainlink', prometheusUrls }],
    },
    validator: { url: polkadot, isValidator: true, stashAddress: stash },
    governance: { dataSources: [{ name: 'chopsticks', url: polkadot }] },
  };
  const monitors = WATCHED.map(({ id, kind, periodMs }) => ({
    kind,
    id,
    name: id,
    chain: kind.startsWith('substrate') ? 'polkadot' : 'anvil',
    period: `${periodMs}ms`,
    settings: settings[id],
  }));
  return `# Made by \`npm run demo:chains\`.\n${stringify({ monitors })}`;
}
