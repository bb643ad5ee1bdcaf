/**
 * What the screenshots show: `vedette run` on real nodes, one of which is dead, one behind, and a config with a mistake
 * in it. Promise: `stop` leaves nothing.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChainlinkReplay } from '../../examples/quickstart/chainlink-replay.mjs';
import { startAnvil, type Anvil } from '../support/anvil.js';
import { eventually } from '../support/eventually.js';
import { deadPort } from '../support/stub-source.js';
import { startVedette } from '../support/vedette.js';

export interface Scene {
  /** Without a slash at its end. */
  readonly url: string;
  /** One node dies. */
  worsen(): Promise<void>;
  stop(): Promise<void>;
}

interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly chain?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function startScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'vedette-scene-'));
  const nodes: Anvil[] = [];
  const anvil = async (...args: string[]): Promise<Anvil> => {
    const node = await startAnvil(args);
    nodes.push(node);
    return node;
  };
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.reverse()) await end();
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(folder, { recursive: true });
  };
  try {
    return { ...(await play(folder, anvil, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `stops` is told how to end what was begun. */
async function play(
  folder: string,
  anvil: (...args: string[]) => Promise<Anvil>,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<Scene, 'stop'>> {
  const one = await anvil('--block-time', '1', '--chain-id', '1');
  await one.call('anvil_mine', ['0x12c']);
  // Forks stand still where they left the chain: one just now, one a while ago.
  const fork = await anvil('--fork-url', one.url, '--no-mining');
  await one.call('anvil_mine', ['0x3']);
  const other = await anvil('--block-time', '2', '--chain-id', '100');
  await other.call('anvil_mine', ['0xc8']);
  const dying = await anvil('--block-time', '2', '--chain-id', '100');
  await dying.call('anvil_mine', ['0xc8']);
  const chainlinkPort = await deadPort();
  stops.push(await startChainlinkReplay(chainlinkPort));

  const evm = (id: string, name: string, chain: string, { url }: { readonly url: string }): Entry => {
    return { kind: 'evm-node', id, name, chain, settings: { url } };
  };
  const chainlink = (id: string, name: string, chain: string): Entry => ({
    kind: 'chainlink-node',
    id,
    name,
    chain,
    settings: { prometheusUrls: [`http://127.0.0.1:${chainlinkPort}/metrics`], symbolLookup: false },
  });
  const monitors = [
    evm('eth-1', 'eth-fra-1', 'ethereum', one),
    evm('eth-2', 'eth-fra-2', 'ethereum', one),
    evm('eth-3', 'eth-sgp-1', 'ethereum', fork),
    chainlink('oracle-eth', 'oracle-ethereum', 'ethereum'),
    evm('gno-1', 'gnosis-ams-1', 'gnosis', other),
    evm('gno-2', 'gnosis-ams-2', 'gnosis', dying),
    evm('gno-3', 'gnosis-nyc-1', 'gnosis', other),
    chainlink('oracle-gno', 'oracle-gnosis', 'gnosis'),
    {
      kind: 'system',
      id: 'fra-1',
      name: 'machine fra-1',
      settings: { exporterUrl: `http://127.0.0.1:${await deadPort()}/metrics` },
    },
  ];
  const file = join(folder, 'monitors.json');
  const write = (entries: readonly Entry[]): Promise<void> =>
    writeFile(file, JSON.stringify({ monitors: entries.map((entry) => ({ period: '1s', ...entry })) }));
  await write(monitors);
  const vedette = startVedette(['run', file, '--log-format', 'json', '--allow-actions']);
  stops.push(() => vedette.stop());
  await vedette.says('Listening for operators', 60_000);
  const url = /"url":"(http:[^"]+?)\/?"/.exec(vedette.stderr())?.[1] ?? '';
  await settled(url, monitors.length);
  await post(`${url}/api/v1/monitors/evm-node%3Agno-3/pause`);
  // An edit with a mistake in it: what ran before goes on.
  await write([...monitors, evm('gno-4', 'gnosis-nyc-2', 'gnosis', { url: 'nyc-2:8545' })]);
  await post(`${url}/api/v1/reload`);
  return { url, worsen: () => dying.stop() };
}

async function settled(url: string, count: number): Promise<void> {
  const seen = async (): Promise<boolean> => {
    const answer = await fetch(`${url}/api/v1/monitors?state=running`, { headers: { connection: 'close' } });
    const { items } = (await answer.json()) as { items: { lastRound: unknown }[] };
    return items.length === count && items.every(({ lastRound }) => lastRound !== null);
  };
  await eventually(seen, { what: 'a round of every monitor', deadlineMs: 90_000, everyMs: 200 });
}

async function post(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const { status } = await fetch(url, { method: 'POST', headers, body: '{}' });
  if (status >= 300) throw new Error(`${url} was answered with ${status}`);
}
