/**
 * Installs and builds the workspace. Promise: afterwards everything is up to date, and what was up to
 * date already costs no child process. All words go to stderr; with --quiet only failures do.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { filesUnder } from './files.mjs';
import { runStep } from './steps.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const PNPM = 'pnpm@10.34.8';
const OLDEST_NODE = [20, 19];
const INSTALL_STAMP = join(ROOT, 'node_modules', '.vedette-install');
const BUILD_STAMP = join(ROOT, '.cache', 'build.json');
const BUILD_FILES = ['tsconfig.base.json', 'tsconfig.json', '.ci/bundle.mjs'];
const PACKAGES = join(ROOT, 'packages');
const WEB = 'packages/operator/web';
const DASHBOARD = 'packages/operator/dashboard';

/** True if the workspace is installed and built afterwards. */
export async function setup({ isQuiet = false } = {}) {
  const say = (line) => void process.stderr.write(`setup: ${line}\n`);
  if (!isNodeNewEnough(process.versions.node)) {
    say(
      `Node ${OLDEST_NODE.join('.')} or later is needed; this is ${process.versions.node} (${process.execPath}).`,
    );
    say(
      '  → Install a newer Node (https://nodejs.org), for example with your version manager, and try again.',
    );
    return false;
  }
  return (await install(say, isQuiet)) && (await build(say, isQuiet));
}

export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

async function install(say, isQuiet) {
  const folders = packageFolders();
  const manifests = ['package.json', ...folders.map((folder) => `packages/${folder}/package.json`)];
  const wanted = hashFiles(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]);
  const isPresent = folders.every((folder) => existsSync(join(PACKAGES, folder, 'node_modules')));
  if (isPresent && readText(INSTALL_STAMP) === wanted) {
    if (!isQuiet) say('install: up to date');
    return true;
  }
  if (!isQuiet) say('install: fetching dependencies with pnpm (first time: about half a minute) …');
  const { isOk } = await runStep({
    title: 'install',
    command: process.platform === 'win32' ? 'npx.cmd' : 'npx',
    args: ['--yes', PNPM, 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'],
    cwd: ROOT,
    // CI: pnpm must never ask. loglevel: npm warns about settings of the machine that it does not know.
    env: { CI: 'true', npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
    onFailure: 'Check that the npm registry can be reached (`npm ping`), then run `npm run setup` again.',
    say,
    isQuiet,
  });
  if (isOk) writeFileSync(INSTALL_STAMP, wanted);
  return isOk;
}

async function build(say, isQuiet) {
  const inputs = buildInputs();
  const last = readStamp();
  const missing = Object.keys(last.outputs).filter((file) => !existsSync(join(ROOT, file)));
  if (last.inputs === inputs && missing.length === 0 && areUnchanged(last.outputs)) {
    if (!isQuiet) say('build: up to date');
    return true;
  }
  // tsc trusts its own record and would not write again what someone deleted.
  const isRebuild = missing.length > 0 || packageFolders().some((folder) => !hasOutput(folder));
  if (isRebuild) forgetBuilds();
  const compiled = await runStep({
    title: 'compile',
    command: process.execPath,
    args: [join(ROOT, 'node_modules/typescript/lib/tsc.js'), '-b', '--pretty', 'false'],
    cwd: ROOT,
    onFailure: 'Correct the lines named above, then run `npm run setup` again.',
    say,
    isQuiet,
  });
  if (!compiled.isOk) return false;
  const bundled = await runStep({
    title: 'bundle',
    command: process.execPath,
    args: [join(ROOT, '.ci/bundle.mjs')],
    cwd: ROOT,
    onFailure: 'The worker entry or a monitor module could not be bundled; see the lines above.',
    say,
    isQuiet,
  });
  if (!bundled.isOk) return false;
  const page = await runStep({
    title: 'dashboard',
    command: process.execPath,
    args: [
      join(ROOT, 'packages/operator/node_modules/vite/bin/vite.js'),
      'build',
      '--config',
      join(ROOT, WEB, 'vite.config.mjs'),
    ],
    cwd: ROOT,
    onFailure: 'Correct the lines named above, then run `npm run setup` again.',
    say,
    isQuiet,
  });
  if (!page.isOk) return false;
  // Inputs as they were before the build: an edit made meanwhile leads to one more build.
  mkdirSync(dirname(BUILD_STAMP), { recursive: true });
  writeFileSync(BUILD_STAMP, JSON.stringify({ inputs, outputs: buildOutputs() }));
  return true;
}

function packageFolders() {
  return readdirSync(PACKAGES).filter((folder) => existsSync(join(PACKAGES, folder, 'package.json')));
}

/** Sources by path, size and time of change: stat calls only. */
function buildInputs() {
  const files = [...BUILD_FILES];
  for (const folder of packageFolders()) {
    files.push(`packages/${folder}/tsconfig.json`, `packages/${folder}/package.json`);
    files.push(...filesUnder(ROOT, `packages/${folder}/src`));
  }
  files.push(...filesUnder(ROOT, WEB));
  const hash = createHash('sha256').update(readText(INSTALL_STAMP));
  for (const file of files.sort()) hash.update(`${file} ${fingerprint(file)}\n`);
  return hash.digest('hex');
}

function buildOutputs() {
  const compiled = packageFolders().flatMap((folder) => filesUnder(ROOT, `packages/${folder}/dist`));
  const files = [...compiled, ...filesUnder(ROOT, DASHBOARD)];
  return Object.fromEntries(files.map((file) => [file, fingerprint(file)]));
}

function areUnchanged(outputs) {
  return Object.entries(outputs).every(([file, was]) => fingerprint(file) === was);
}

function hasOutput(folder) {
  return existsSync(join(PACKAGES, folder, 'dist', 'index.js'));
}

function forgetBuilds() {
  for (const folder of packageFolders())
    rmSync(join(PACKAGES, folder, 'tsconfig.tsbuildinfo'), { force: true });
}

function fingerprint(file) {
  const stats = statSync(join(ROOT, file), { throwIfNoEntry: false });
  return stats === undefined ? 'none' : `${stats.size}:${stats.mtimeMs}`;
}

function hashFiles(files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of files) hash.update(`${file}\n${readText(join(ROOT, file))}\n`);
  return hash.digest('hex');
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function readStamp() {
  try {
    const stamp = JSON.parse(readText(BUILD_STAMP));
    return { inputs: String(stamp.inputs), outputs: Object(stamp.outputs) };
  } catch {
    // No stamp, or one cut short: build.
    return { inputs: '', outputs: {} };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await setup({ isQuiet: process.argv.includes('--quiet') })) ? 0 : 1;
}
