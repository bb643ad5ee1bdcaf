/**
 * Makes sure the tests find a RabbitMQ server program: Debian's package is installed where it is missing
 * and we are root. It never leaves a system-wide broker running that was not running before.
 *
 * Exit codes: 0 there is one (or VEDETTE_TEST_AMQP_URL names one), 1 there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { canInstallDebian, installDebian } from './debian.mjs';

const SERVER_PATHS = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/opt/rabbitmq/sbin/rabbitmq-server'];

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
  if (!canInstallDebian()) {
    if (process.env['VEDETTE_TEST_AMQP_URL']) return true;
    say('RabbitMQ is not installed and this is not root on Debian or Ubuntu.');
    say('Install the package rabbitmq-server, or set VEDETTE_TEST_AMQP_URL=amqp://user:password@host:5672');
    return false;
  }
  return (await install()) && findRabbit() !== null;
}

async function install() {
  const before = brokerPids();
  const about = 'Debian package rabbitmq-server (about 60 MB, a minute or two)';
  const isThere = () => findRabbit() !== null;
  if (!(await installDebian({ packages: ['rabbitmq-server'], about, isThere, say }))) return false;
  stopStarted(before);
  return true;
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensureRabbit()) ? 0 : 1;
}
