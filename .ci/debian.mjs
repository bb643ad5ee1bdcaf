/**
 * Debian packages: installed where we are root, or unpacked into a folder of ours by anybody. Promise: no service of
 * theirs is started by that, two runs at once do not both install, and what was cut short does not look whole.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_BACKUP = '/usr/sbin/policy-rc.d.vedette-backup';
const STEP_DEADLINE_MS = 8 * 60_000;
const LOCK = join(tmpdir(), 'vedette-debian-install.lock');

export function canInstallDebian() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** True if `isThere()` afterwards. `about` names the packages for people. */
export async function installDebian({ packages, about, isThere, say }) {
  return (await withLock(async () => isThere() || (await install({ packages, about, say })))) && isThere();
}

/** What `unpackDebian` needs. */
export function canUnpackDebian() {
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');
}

/** Unpacks packages, without what they depend on, so that `folder` holds their `usr`. True if it does afterwards. */
export async function unpackDebian({ packages, folder, about, say }) {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  const step = (title, ...words) => run(title, words, { ...process.env, LC_ALL: 'C.UTF-8' }, say, fresh);
  const download = () => step(`fetching ${about}`, 'apt-get', 'download', ...packages);
  try {
    // Without package lists it is not known where a package is; only root may fetch them.
    let isHere = await download();
    if (!isHere && (await step('apt-get update', 'apt-get', 'update'))) isHere = await download();
    if (!isHere) return false;
    for (const file of readdirSync(fresh).filter((name) => name.endsWith('.deb'))) {
      if (!(await step(`unpacking ${file}`, 'dpkg-deb', '-x', file, fresh))) return false;
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function install({ packages, about, say }) {
  say(`not installed: installing ${about}`);
  const restore = forbidServiceStarts();
  const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  try {
    if (!(await run('apt-get update', ['apt-get', 'update'], quiet, say))) {
      say('apt-get update failed; trying with the package lists there are');
    }
    const words = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
    if (!(await run('apt-get install', words, quiet, say))) return false;
  } finally {
    restore();
  }
  say('installed');
  return true;
}

/** Maintainer scripts ask policy-rc.d before they start a service; 101 means no. */
function forbidServiceStarts() {
  // A backup left by a run that was killed is the true original.
  if (!existsSync(POLICY_BACKUP) && existsSync(POLICY)) renameSync(POLICY, POLICY_BACKUP);
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const restore = () => {
    rmSync(POLICY, { force: true });
    if (existsSync(POLICY_BACKUP)) renameSync(POLICY_BACKUP, POLICY);
    process.off('exit', restore);
  };
  process.on('exit', restore);
  return restore;
}

async function run(title, [command, ...args], env, say, cwd = process.cwd()) {
  const began = Date.now();
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const tail = [];
  const keep = (chunk) => {
    tail.push(...String(chunk).split('\n').filter(Boolean));
    tail.splice(0, Math.max(0, tail.length - 20));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const progress = setInterval(() => {
    say(`${title}: ${Math.round((Date.now() - began) / 1000)} s … ${tail.at(-1)?.slice(0, 80) ?? ''}`);
  }, 5_000);
  const deadline = setTimeout(() => child.kill('SIGTERM'), STEP_DEADLINE_MS);
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', resolve);
  });
  clearInterval(progress);
  clearTimeout(deadline);
  say(
    `${title}: ${code === 0 ? 'done' : `failed (${code})`} in ${Math.round((Date.now() - began) / 1000)} s`,
  );
  if (code !== 0) for (const line of tail) say(`  ${line}`);
  return code === 0;
}

/** Two test runs at once must not both install; a lock older than the longest install is stale. */
async function withLock(action) {
  const deadline = Date.now() + STEP_DEADLINE_MS;
  for (;;) {
    try {
      mkdirSync(LOCK);
      writeFileSync(join(LOCK, 'pid'), String(process.pid));
      break;
    } catch {
      if (isStale() || Date.now() > deadline) rmSync(LOCK, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  try {
    return await action();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function isStale() {
  try {
    process.kill(Number(readFileSync(join(LOCK, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'ESRCH') return true;
  }
  try {
    return Date.now() - statSync(LOCK).mtimeMs > STEP_DEADLINE_MS;
  } catch {
    return false;
  }
}
