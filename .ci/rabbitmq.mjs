/**
 * Makes sure the tests find a RabbitMQ server program: Debian's package is installed where it is missing
 * and we are root. It never leaves a system-wide broker running that was not running before.
 *
 * Exit codes: 0 there is one (or VEDETTE_TEST_AMQP_URL names one), 1 there is none.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SERVER_PATHS = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/opt/rabbitmq/sbin/rabbitmq-server'];
const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_BACKUP = '/usr/sbin/policy-rc.d.vedette-backup';
const STEP_DEADLINE_MS = 8 * 60_000;
const LOCK = join(tmpdir(), 'vedette-rabbitmq-install.lock');

const say = (line) => process.stderr.write(`rabbitmq: ${line}\n`);

/** Path of the server program, or null. */
export function findRabbit() {
  const named = process.env['VEDETTE_RABBITMQ_SERVER'];
  const path = [named, ...SERVER_PATHS].find((candidate) => candidate && existsSync(candidate));
  return path ?? null;
}

/** True if tests have a broker afterwards. Prints what it does and, if it cannot, what to do. */
export async function ensureRabbit() {
  if (process.env['VEDETTE_TEST_AMQP_URL']) {
    say('using the broker named by VEDETTE_TEST_AMQP_URL');
    if (findRabbit() === null) say('no server program here: tests that kill a broker need one');
  }
  if (findRabbit() !== null) {
    say(`server program found: ${findRabbit()}`);
    return true;
  }
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    if (process.env['VEDETTE_TEST_AMQP_URL']) return true;
    say('RabbitMQ is not installed and this is not root on Debian or Ubuntu.');
    say('Install the package rabbitmq-server, or set VEDETTE_TEST_AMQP_URL=amqp://user:password@host:5672');
    return false;
  }
  return (await withLock(install)) && findRabbit() !== null;
}

async function install() {
  if (findRabbit() !== null) return true;
  const before = brokerPids();
  say('not installed: installing Debian package rabbitmq-server (about 60 MB, a minute or two)');
  const restore = forbidServiceStarts();
  const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  try {
    if (!(await run('apt-get update', ['apt-get', 'update'], quiet))) {
      say('apt-get update failed; trying with the package lists there are');
    }
    const words = ['apt-get', 'install', '-y', '--no-install-recommends', 'rabbitmq-server'];
    if (!(await run('apt-get install', words, quiet))) return false;
  } finally {
    restore();
  }
  stopStarted(before);
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

/** Stops a system-wide broker the package started in spite of the policy; one that ran before is left alone. */
function stopStarted(before) {
  if ([...brokerPids()].every((pid) => before.has(pid))) return;
  say('the package started a system-wide broker: stopping it');
  spawnSync('rabbitmqctl', ['shutdown'], { timeout: 60_000, stdio: 'ignore' });
  for (const pid of brokerPids()) {
    if (before.has(pid)) continue;
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It ended meanwhile.
    }
  }
}

function brokerPids() {
  const found = spawnSync('ps', ['-eo', 'pid=,user=,comm='], { encoding: 'utf8' });
  const rows = (found.stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  return new Set(rows.filter((row) => row[1] === 'rabbitmq').map((row) => Number(row[0])));
}

async function run(title, [command, ...args], env) {
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensureRabbit()) ? 0 : 1;
}
