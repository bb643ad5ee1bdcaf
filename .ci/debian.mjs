/**
 * Installs Debian packages where we are root. Promise: no service of theirs is started by that, and two runs at
 * once do not both install.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

async function run(title, [command, ...args], env, say) {
  const began = Date.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
