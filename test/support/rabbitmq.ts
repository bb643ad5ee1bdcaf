/**
 * A private throw-away RabbitMQ for tests. Promise: it listens on 127.0.0.1 only, touches no other
 * broker of the machine, and neither it nor its epmd outlives the test run, even a killed one.
 */
import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from 'amqplib';
import { eventually } from './eventually.js';

const GUARD = fileURLToPath(new URL('./rabbit-guard.sh', import.meta.url));
const SERVERS = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/opt/rabbitmq/sbin/rabbitmq-server'];
const START_DEADLINE_MS = 60_000;
const CTL_DEADLINE_MS = 30_000;

export interface Rabbit {
  /** `amqp://guest:guest@127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Of the Erlang VM; another one after `start`. */
  readonly pid: number;
  /** Runs `rabbitmqctl` and gives its output without the chatter. */
  ctl(...args: string[]): Promise<string>;
  /** SIGKILL; durable queues and persistent messages stay on disk. */
  kill(): Promise<void>;
  /** Starts again after `kill`, on the same port and data. */
  start(): Promise<void>;
  /** SIGSTOP: sockets stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it for good and removes its data. Idempotent. */
  stop(): Promise<void>;
}

/** Starts a broker of its own, ready for connections (about 4 s). The caller stops it. */
export async function startRabbit(): Promise<Rabbit> {
  const server = serverScript();
  for (let attempt = 1; ; attempt += 1) {
    const rabbit = await launch(server);
    try {
      await rabbit.start();
      return rabbit;
    } catch (error) {
      await rabbit.stop();
      // Another process may have taken a port between our look and the server's start.
      if (attempt === 3) throw error;
    }
  }
}

let shared: Promise<Rabbit> | null = null;

/** One broker for all test files of a run: started when first asked for, stopped after the last test. */
export function sharedRabbit(): Promise<Rabbit> {
  shared ??= startRabbit();
  return shared;
}

/** URL of the broker to test on: VEDETTE_TEST_AMQP_URL, else the shared private one. */
export async function testAmqpUrl(): Promise<string> {
  return process.env['VEDETTE_TEST_AMQP_URL'] ?? (await sharedRabbit()).url;
}

// A root hook where mocha loads this file; benchmarks, which have no mocha, stop theirs themselves.
if (typeof after === 'function') {
  after(async function stopSharedRabbit() {
    const starting = shared;
    shared = null;
    if (starting !== null) await (await starting.catch(() => null))?.stop();
  });
}

/** Path of the server program, or an error that says what to do. */
function serverScript(): string {
  const found = [process.env['VEDETTE_RABBITMQ_SERVER'], ...SERVERS].find(
    (path): path is string => path !== undefined && existsSync(path),
  );
  if (found !== undefined) return found;
  throw new Error(
    'RabbitMQ is not installed: run `node .ci/rabbitmq.mjs` as root, or install rabbitmq-server, ' +
      'or set VEDETTE_TEST_AMQP_URL for the tests that need no broker of their own',
  );
}

async function launch(server: string): Promise<Rabbit> {
  const [port, distPort, epmdPort] = await freePorts(3);
  const dir = mkdtempSync(join(tmpdir(), 'vedette-rabbit-'));
  const env = environment(server, dir, Number(port), Number(distPort), Number(epmdPort));
  const url = `amqp://guest:guest@127.0.0.1:${String(port)}`;
  const ctlPath = join(dirname(server), 'rabbitmqctl');
  const guardPid = await startGuard([String(process.pid), dir, server], env);
  const beam = () => Number(readFileSync(join(dir, 'beam.pid'), 'utf8').trim());
  let isStopped = false;
  let hasStarted = false;

  return {
    url,
    port: Number(port),
    get pid() {
      return beam();
    },
    ctl: (...args) =>
      new Promise((resolve, reject) => {
        const words = ['-q', '-n', String(env['RABBITMQ_NODENAME']), ...args];
        const options = { env, timeout: CTL_DEADLINE_MS };
        execFile(ctlPath, words, options, (error, out, err) => {
          if (error === null) resolve(out.trim());
          else reject(new Error(`rabbitmqctl ${args.join(' ')}: ${err.trim() || error.message}`));
        });
      }),
    async kill() {
      const pid = beam();
      signal(pid, 'SIGKILL');
      await eventually(() => !isAlive(pid), { what: 'the end of the killed broker' });
    },
    async start() {
      if (hasStarted) writeFileSync(join(dir, 'start'), '');
      hasStarted = true;
      const what = `the start of RabbitMQ (log: ${join(dir, 'server.log')})`;
      await eventually(() => canHandshake(url), { deadlineMs: START_DEADLINE_MS, everyMs: 100, what });
    },
    freeze: () => void signal(beam(), 'SIGSTOP'),
    thaw: () => void signal(beam(), 'SIGCONT'),
    async stop() {
      if (isStopped) return;
      isStopped = true;
      signal(guardPid, 'SIGTERM');
      await eventually(() => !isAlive(guardPid), { what: 'the end of the broker guard' });
    },
  };
}

/**
 * The guard is a grandchild: the tests' leak check follows children, and a broker shared by several
 * files is no leak of the file that happened to need it first.
 */
function startGuard(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const script = 'setsid "$0" "$@" >/dev/null 2>&1 </dev/null & echo $!';
  const child = spawn('sh', ['-c', script, GUARD, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.once('error', reject);
    child.once('close', () => {
      if (/^\d+\s*$/.test(out)) resolve(Number(out));
      else reject(new Error('the broker guard did not start'));
    });
  });
}

function environment(
  server: string,
  dir: string,
  port: number,
  distPort: number,
  epmdPort: number,
): NodeJS.ProcessEnv {
  for (const folder of ['home', 'mnesia', 'log', 'generated', 'schema', 'plugins'])
    mkdirSync(join(dir, folder));
  writeFileSync(join(dir, 'home', '.erlang.cookie'), `vedette${process.pid}x${port}`, { mode: 0o400 });
  writeFileSync(join(dir, 'enabled_plugins'), '[].\n');
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'vm_memory_high_watermark.absolute = 1GB',
    'disk_free_limit.absolute = 50MB',
    'log.console = false',
    'log.file.level = warning',
  ];
  writeFileSync(join(dir, 'rabbitmq.conf'), `${settings.join('\n')}\n`);
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    HOME: join(dir, 'home'),
    ERL_CRASH_DUMP: join(dir, 'erl_crash.dump'),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `vedette${port}@localhost`,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: join(dir, 'mnesia'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(dir, 'generated'),
    RABBITMQ_SCHEMA_DIR: join(dir, 'schema'),
    // None is used, and to look at the sixty the package has takes a second and a half.
    ...(linkServerAlone(server, join(dir, 'plugins')) ? { RABBITMQ_PLUGINS_DIR: join(dir, 'plugins') } : {}),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
    RABBITMQ_PID_FILE: join(dir, 'beam.pid'),
    // Idle schedulers must not spin: the cores are shared.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CTL_ERL_ARGS: '+S 1:1 +sbwt none',
  };
}

/**
 * Makes a folder of plugins that holds the server itself, whose description of settings is looked for there. False
 * where its own are not found beside the script.
 */
function linkServerAlone(server: string, folder: string): boolean {
  const all = join(dirname(realpathSync(server)), '../plugins');
  const name = existsSync(all) ? readdirSync(all).find((one) => /^rabbit-[0-9.]+$/.test(one)) : undefined;
  if (name === undefined) return false;
  symlinkSync(join(all, name), join(folder, name));
  return true;
}

async function canHandshake(url: string): Promise<boolean> {
  const connection = await connect(url, { timeout: 2_000 });
  connection.on('error', () => undefined);
  await connection.close();
  return true;
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
