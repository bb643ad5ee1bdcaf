/**
 * A Substrate chain that runs its real runtime from a raw spec, offline. Promise: it ends with its parent.
 *
 *   node .ci/chopsticks-chain.mjs FOLDER SPEC PORT [BLOCK_MS]
 *
 * FOLDER: where chopsticks is installed. BLOCK_MS: a block each so many milliseconds; without it, blocks are
 * made by the RPC `dev_newBlock`. Says `ready` on stdout once it answers and has made its first block.
 */
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, spec, port, blockMs] = process.argv.slice(2);
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500).unref();

const require = createRequire(join(resolve(folder), 'any.js'));
const load = (path) => import(pathToFileURL(path).href);
const { GenericExtrinsic } = await load(require.resolve('@polkadot/types').replace('/cjs/', '/'));
const chopsticks = resolve(require.resolve('@acala-network/chopsticks'), '../../..');
const core = resolve(require.resolve('@acala-network/chopsticks-core'), '../../..');
const { setupWithServer } = await load(join(chopsticks, 'dist/esm/index.js'));
const { loadRpcMethodsByScripts } = await load(join(chopsticks, 'dist/esm/plugins/index.js'));
const { inherentProviders } = await load(join(core, 'dist/esm/blockchain/inherent/index.js'));

// Relay runtimes of 2020 want it in each block: "Parachain heads must be updated once in the block".
inherentProviders.push({
  async createInherents(block) {
    const { registry, tx } = await (await block.parentBlock).meta;
    const setHeads = tx.parachains?.setHeads;
    return setHeads ? [new GenericExtrinsic(registry, setHeads([])).toHex()] : [];
  },
});
const scripts = mkdtempSync(join(tmpdir(), 'vedette-chopsticks-'));
const script = join(scripts, 'rpc.js');
writeFileSync(
  script,
  `return { system_syncState: async (context) => {
    const { number } = context.chain.head;
    return { startingBlock: 0, currentBlock: number, highestBlock: number };
  } };`,
);
await loadRpcMethodsByScripts(script);
rmSync(scripts, { recursive: true, force: true });

const { chain } = await setupWithServer({
  genesis: JSON.parse(readFileSync(spec, 'utf8')),
  host: '127.0.0.1',
  port: Number(port),
  'build-block-mode': 'Instant',
  'mock-signature-host': true,
});
await chain.newBlock();
if (blockMs !== undefined) {
  const next = async () => {
    await chain.newBlock();
    setTimeout(next, Number(blockMs));
  };
  setTimeout(next, Number(blockMs));
}
process.stdout.write('ready\n');
