/**
 * The two chains of the demo: anvil with price feeds, and Polkadot's own runtime of its first day in chopsticks.
 * Promise: what is started is put into `cleanups` before it is waited for.
 */
import { fileURLToPath } from 'node:url';
import { counterparts, ensureCounterparts } from '../../.ci/counterparts.mjs';
import { chainlinkContracts } from '../../.ci/chainlink-contracts.mjs';
import { findAnvil } from '../quickstart/programs.mjs';
import { freePort } from '../quickstart/ports.mjs';
import { Target } from '../quickstart/target.mjs';
import type { Addresses } from './config.js';
import { startFeeds } from './feeds.js';
import { startPages } from './pages.js';
import { rpcOf } from './rpc.js';

const CHOPSTICKS = fileURLToPath(new URL('../../.ci/chopsticks-chain.mjs', import.meta.url));
const READY_DEADLINE_MS = 60_000;
const BLOCK_SECONDS = 1;
/** Storage key of `Session.Validators`. */
const VALIDATORS = '0xcec5070d609dd3497f72bde07fc96ba088dcde934c658227ee1dfafcd6e16903';

export interface Stage {
  readonly say: (line: string) => void;
  /** Run in reverse order at the end. */
  readonly cleanups: (() => Promise<void>)[];
}

export async function startChains(stage: Stage): Promise<Addresses> {
  const [evm, polkadot] = await Promise.all([startEvm(stage), startPolkadot(stage)]);
  return { ...evm, ...polkadot };
}

async function startEvm(stage: Stage): Promise<Pick<Addresses, 'anvil' | 'pages'>> {
  const { say, cleanups } = stage;
  const program = findAnvil();
  if (program === null)
    throw new Error('there is no anvil for this platform in node_modules: run `npm run setup`');
  say("Chainlink's contracts: looking, else fetching …");
  await chainlinkContracts();
  const port = await freePort(18_555);
  const url = `http://127.0.0.1:${port}`;
  const call = rpcOf(url);
  await start(stage, 'anvil', program, ['--port', `${port}`, '--silent'], async () =>
    String(await call('eth_blockNumber')).startsWith('0x'),
  );
  // Deployed while every transaction is mined at once; blocks at a steady pace from then on.
  const feeds = await startFeeds({ call }, say);
  cleanups.push(() => feeds.stop());
  await call('evm_setIntervalMining', [BLOCK_SECONDS]);
  const pagesPort = await freePort(18_556);
  cleanups.push(await startPages(pagesPort, feeds));
  return { anvil: url, pages: `http://127.0.0.1:${pagesPort}` };
}

async function startPolkadot(stage: Stage): Promise<Pick<Addresses, 'polkadot' | 'stash'>> {
  const { say } = stage;
  if (!(await ensureCounterparts(say)))
    throw new Error('chopsticks could not be fetched; see the lines above');
  const port = await freePort(18_557);
  const call = rpcOf(`http://127.0.0.1:${port}`);
  const args = [counterparts.chopsticks, counterparts.polkadotSpec, `${port}`, `${BLOCK_SECONDS * 1_000}`];
  say('Polkadot: its runtime of May 2020 comes up in chopsticks (some seconds) …');
  await start(stage, 'chopsticks', process.execPath, [CHOPSTICKS, ...args], async () => {
    const header = (await call('chain_getHeader')) as { number: string };
    return Number(header.number) > 0;
  });
  const validators = String(await call('state_getStorage', [VALIDATORS]));
  // A length of one byte, then the keys.
  const stash = `0x${validators.slice(4, 68)}`;
  await stake(call, stash);
  return { polkadot: `ws://127.0.0.1:${port}`, stash };
}

/** At its genesis Polkadot's validators were appointed, and had nothing at stake; a monitor wants to see some. */
async function stake(call: ReturnType<typeof rpcOf>, stash: string): Promise<void> {
  const controller = '14E5nqKAp3oAJcmzgZhUD2RcptBeUBScxKHgJKU4HPNcKVf3';
  const ledger = { stash, total: 1, active: 1, unlocking: [], claimedRewards: [] };
  const exposure = { total: '20000000000000', own: '5000000000000', others: [] };
  await call('dev_setStorage', [
    {
      Staking: {
        Bonded: [[[stash], controller]],
        Ledger: [[[controller], ledger]],
        ErasStakers: [[[0, stash], exposure]],
      },
    },
  ]);
}

async function start(
  { say, cleanups }: Stage,
  name: string,
  program: string,
  args: readonly string[],
  probe: () => Promise<boolean>,
): Promise<void> {
  const target = new Target(name, program, args, () => {
    say(`${name} has ended; its monitors will say so`);
  });
  cleanups.push(() => target.stop());
  // The last resort, if the demo itself breaks.
  process.once('exit', () => {
    target.kill();
  });
  await target.ready(probe, READY_DEADLINE_MS);
  say(`${name}: up (pid ${String(target.pid)})`);
}
