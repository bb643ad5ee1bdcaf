/**
 * Fetches Chainlink's own price-feed contracts, compiled, with `npm pack`: for tests that run them on anvil.
 * Promise: what it gives has the hash below, and a second call costs no download. Nothing of it is committed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { ROOT } from './setup.mjs';

const PACKAGE = '@chainlink/contracts@0.1.7';
const TARBALL = 'chainlink-contracts-0.1.7.tgz';
const SHA512 = 'txVkGrwFYnyLUC/I5hTe7yZK7fjmB6YFULfBHqryRuREUmGd4bdpXfrcUUsZycmWibanp69QVyQBpsDrPhWsjw==';
const FILES = {
  LinkToken: 'package/abi/v0.4/LinkToken.json',
  FluxAggregator: 'package/abi/v0.6/FluxAggregator.json',
  EACAggregatorProxy: 'package/abi/v0.6/EACAggregatorProxy.json',
};
const DEADLINE_MS = 120_000;

/** Name to ABI and bytecode. */
export async function chainlinkContracts() {
  const tar = gunzipSync(await tarball());
  return Object.fromEntries(
    Object.entries(FILES).map(([name, path]) => {
      const { abi, evm } = JSON.parse(fileIn(tar, path).toString('utf8')).compilerOutput;
      const code = evm.bytecode.object;
      return [name, { abi, bytecode: code.startsWith('0x') ? code : `0x${code}` }];
    }),
  );
}

async function tarball() {
  const folder = join(ROOT, '.cache', 'counterparts');
  const path = join(folder, TARBALL);
  mkdirSync(folder, { recursive: true });
  if (existsSync(path) && isGenuine(path)) return readFileSync(path);
  // In a folder of its own first: two test files may fetch at once.
  const fresh = await mkdtemp(join(folder, 'fetch-'));
  try {
    await npmPack(fresh);
    const fetched = join(fresh, TARBALL);
    if (!isGenuine(fetched)) throw new Error(`${PACKAGE} does not have the expected hash: it is not used`);
    renameSync(fetched, path);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return readFileSync(path);
}

function isGenuine(path) {
  return createHash('sha512').update(readFileSync(path)).digest('base64') === SHA512;
}

function npmPack(folder) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', PACKAGE, '--pack-destination', folder, '--silent', '--ignore-scripts'];
  return new Promise((resolve, reject) => {
    const child = spawn(npm, args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: DEADLINE_MS,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(new Error(`npm pack ${PACKAGE} failed; can the npm registry be reached?\n${said.trimEnd()}`));
    });
  });
}

/** One file of a tar archive: headers of 512 bytes, bodies padded to as many. */
function fileIn(tar, path) {
  for (let at = 0; at + 512 <= tar.length;) {
    const text = (from, length) => tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = parseInt(text(124, 12), 8) || 0;
    if (text(0, 100) === path) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${PACKAGE} holds no ${path}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(`${PACKAGE}: ${Object.keys(await chainlinkContracts()).join(', ')}`);
}
