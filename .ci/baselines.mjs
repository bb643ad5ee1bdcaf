/**
 * Fetches what `npm run bench -- baselines` compares with, pinned: PM2, BullMQ and piscina into
 * `.cache/baselines`, Redis and Python's pika from Debian. Nothing of it is installed with Vedette.
 *
 * Exit code 0 whatever could be had: the bench says which program is missing, and why.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { canInstallDebian, installDebian } from './debian.mjs';
import { runStep } from './steps.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const LIBRARIES = { pm2: '7.0.4', bullmq: '6.7.0', ioredis: '5.11.1', piscina: '5.3.2' };
const DEADLINE_MS = 240_000;

export const baselines = {
  /** Holds `node_modules`. */
  libraries: join(ROOT, '.cache', 'baselines'),
  redis: '/usr/bin/redis-server',
  python: '/usr/bin/python3',
};

const say = (line) => void process.stderr.write(`baselines: ${line}\n`);

/** Names of what is missing: `libraries`, `redis`, `pika`. */
export function missingBaselines() {
  return [
    ...(haveLibraries() ? [] : ['libraries']),
    ...(existsSync(baselines.redis) ? [] : ['redis']),
    ...(havePika() ? [] : ['pika']),
  ];
}

export async function ensureBaselines() {
  if (!haveLibraries()) await fetchLibraries();
  const missing = missingBaselines().filter((name) => name !== 'libraries');
  if (missing.length === 0) return;
  if (!canInstallDebian()) {
    say('install the Debian packages redis-server and python3-pika, or run as root');
    return;
  }
  await installDebian({
    packages: ['redis-server', 'python3-pika'],
    about: 'Debian packages redis-server and python3-pika (about 5 MB)',
    isThere: () => existsSync(baselines.redis) && havePika(),
    say,
  });
}

function haveLibraries() {
  return Object.entries(LIBRARIES).every(([name, version]) => {
    const manifest = join(baselines.libraries, 'node_modules', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  });
}

function havePika() {
  if (!existsSync(baselines.python)) return false;
  return (
    spawnSync(baselines.python, ['-c', 'import pika'], { timeout: 20_000, stdio: 'ignore' }).status === 0
  );
}

async function fetchLibraries() {
  mkdirSync(dirname(baselines.libraries), { recursive: true });
  // Beside its place first: an install cut short must not look whole.
  const folder = mkdtempSync(join(dirname(baselines.libraries), 'baselines-installing-'));
  const { isOk } = await runStep({
    title: 'fetching PM2, BullMQ and piscina (40 MB)',
    command: NPM,
    args: ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--prefix', folder].concat(
      Object.entries(LIBRARIES).map(([name, version]) => `${name}@${version}`),
    ),
    cwd: folder,
    env: { npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
    deadlineMs: DEADLINE_MS,
    onFailure: 'Check that the npm registry can be reached (`npm ping`), then try again.',
    say,
  });
  if (isOk) {
    rmSync(baselines.libraries, { recursive: true, force: true });
    renameSync(folder, baselines.libraries);
  } else rmSync(folder, { recursive: true, force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await ensureBaselines();
