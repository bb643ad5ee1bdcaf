/**
 * Fetches what tests and demos run beside Vedette but must not install with it: chopsticks (300 MB), and raw
 * specs of two chains, which are under the GPL and so are not in this repository. All of it goes into
 * `.cache/counterparts`, pinned; what is there already is used again.
 *
 * Exit codes: 0 all is there, 1 something could not be fetched.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runStep } from './steps.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDER = join(ROOT, '.cache', 'counterparts');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const CHOPSTICKS = { name: '@acala-network/chopsticks', version: '1.1.0' };

/** Raw chain specs with runtime code, in old npm packages. Hashes are of the files themselves. */
const SPECS = {
  'polkadot.json': {
    from: '@substrate/connect@0.4.7',
    path: 'package/dist/specs/polkadot.json',
    sha256: '668764015bd6486fc43a1a80b420012ebc5839ca9ab43dbf6d71827aad3b19ea',
  },
  'rococo.json': {
    from: '@substrate/connect@0.6.5',
    path: 'package/dist/connector/specs/rococo_v2_1.json',
    sha256: 'b314fb7613bba9799776648fe3942c3974281374d8293bb9959aa7315afad361',
  },
};

export const counterparts = {
  chopsticks: join(FOLDER, 'chopsticks'),
  polkadotSpec: join(FOLDER, 'polkadot.json'),
  rococoSpec: join(FOLDER, 'rococo.json'),
};

/** True if all of them are there afterwards. */
export async function ensureCounterparts(
  say = (line) => void process.stderr.write(`counterparts: ${line}\n`),
) {
  mkdirSync(FOLDER, { recursive: true });
  const done = await Promise.all([
    ensureChopsticks(say),
    ...Object.entries(SPECS).map(([file, spec]) => ensureSpec(file, spec, say)),
  ]);
  if (done.every(Boolean))
    say(`chopsticks ${CHOPSTICKS.version} and ${done.length - 1} chain specs are here`);
  return done.every(Boolean);
}

async function ensureChopsticks(say) {
  const { name, version } = CHOPSTICKS;
  const manifest = join(counterparts.chopsticks, 'node_modules', name, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version) return true;
  // Beside its place first: an install cut short must not look whole.
  const folder = mkdtempSync(join(FOLDER, 'installing-'));
  const { isOk } = await runStep({
    title: `fetching chopsticks ${version} (300 MB)`,
    command: NPM,
    // Without scripts no database driver is compiled; none is needed.
    args: ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--prefix', folder].concat(
      `${name}@${version}`,
    ),
    cwd: folder,
    env: { npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
    onFailure: 'Check that the npm registry can be reached (`npm ping`), then try again.',
    say,
  });
  if (isOk) {
    rmSync(counterparts.chopsticks, { recursive: true, force: true });
    renameSync(folder, counterparts.chopsticks);
  } else rmSync(folder, { recursive: true, force: true });
  return isOk;
}

async function ensureSpec(file, { from, path, sha256 }, say) {
  const place = join(FOLDER, file);
  if (existsSync(place) && hashOf(place) === sha256) return true;
  const folder = mkdtempSync(join(FOLDER, 'unpacking-'));
  try {
    const steps = [
      [NPM, ['pack', from, '--pack-destination', folder, '--silent']],
      ['tar', ['-xzf', join(folder, `${from.slice(1).replace(/[/@]/g, '-')}.tgz`), '-C', folder, path]],
    ];
    for (const [command, args] of steps) {
      const { isOk } = await runStep({
        title: `${command} ${from}`,
        command,
        args,
        cwd: folder,
        say,
        isQuiet: true,
      });
      if (!isOk) return false;
    }
    const found = hashOf(join(folder, path));
    if (found !== sha256) {
      say(`${path} of ${from} has the SHA-256 ${found}, not ${sha256}: it is not used`);
      return false;
    }
    renameSync(join(folder, path), place);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensureCounterparts()) ? 0 : 1;
}
