/** `vedette run` under a service manager: what it says, when, and that it says nothing where none listens. */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { startRabbit } from '../support/rabbitmq.js';
import { ROOT } from '../support/root.js';
import { startServiceManager, type ServiceManager } from '../support/service-manager.js';
import { startVedette, type Vedette } from '../support/vedette.js';

const STRATEGY = join(ROOT, 'test/support/modules/stands-still-strategy.mjs');
/** Beats each half second. */
const WATCHDOG_USEC = '1500000';
const SOON = { deadlineMs: 100_000 };

describe('vedette run under a service manager', function () {
  this.timeout(240_000);
  let folder: string;
  let file: string;
  let gate: string;
  let manager: ServiceManager | null = null;
  let vedette: Vedette | null = null;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-systemd-'));
    file = join(folder, 'monitors.yaml');
    gate = join(folder, 'gate');
    await write(1);
  });
  afterEach(async () => {
    await rm(gate, { force: true });
    await vedette?.stop();
    await manager?.close();
    [manager, vedette] = [null, null];
    await rm(folder, { recursive: true });
  });

  const write = (entries: number): Promise<void> => {
    const ids = Array.from({ length: entries }, (_, index) => `m${index}`);
    const line = (id: string): string =>
      `  - { kind: stands-still, id: ${id}, name: ${id}, chain: t, settings: { gate: '${gate}' } }\n`;
    return writeFile(file, `monitors:\n${ids.map(line).join('')}`);
  };
  const words = (): string[] => [
    'run',
    file,
    '--strategy',
    STRATEGY,
    '--host',
    'thread',
    '--watchdog',
    '100s',
  ];
  const start = (socket: string, args = words(), env = {}): Vedette =>
    startVedette(args, { cwd: folder, env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC, ...env } });

  it('says once that it is ready, beats, tells how the monitors are, and says that it stops', async () => {
    manager = await startServiceManager(join(folder, 'notify'));
    const { heard, count, last } = manager;
    vedette = start(manager.socket);
    await eventually(() => count('WATCHDOG') >= 4 && last('STATUS') === '1 monitor: 1 running', SOON);
    const ready = heard.findIndex((one) => one['READY'] === '1');
    expect(ready).to.be.greaterThan(-1);
    vedette.child.kill('SIGTERM');
    expect((await vedette.ended).code).to.equal(0);
    await eventually(() => count('STOPPING') === 1, SOON);
    expect(count('READY')).to.equal(1);
    expect(heard.at(-1)).to.deep.equal({ STOPPING: '1', STATUS: 'stopping: SIGTERM' });
    expect(count('EXTEND_TIMEOUT_USEC'), 'none after it is ready').to.equal(
      heard.slice(0, ready).filter((one) => 'EXTEND_TIMEOUT_USEC' in one).length,
    );
  });

  it('does not beat while its main loop stands still, and beats again afterwards', async () => {
    manager = await startServiceManager(`@vedette-test-${process.pid}-${Date.now()}`);
    const { heard, count, last } = manager;
    vedette = start(manager.socket);
    await eventually(() => count('WATCHDOG') >= 3 && last('STATUS') === '1 monitor: 1 running', SOON);
    await writeFile(gate, '');
    await write(2);
    // Quiet for four beats: the loop stands still. A busy machine may delay one, not four.
    let [seen, since] = [heard.length, performance.now()];
    await eventually(() => {
      if (heard.length !== seen) [seen, since] = [heard.length, performance.now()];
      return performance.now() - since > 2_000;
    }, SOON);
    await rm(gate);
    await eventually(() => count('WATCHDOG') > seen && last('STATUS') === '2 monitors: 2 running', SOON);
  });

  it('puts off the deadline of its start while the broker is away, and names what is missing', async () => {
    manager = await startServiceManager(join(folder, 'notify'));
    const { count, last } = manager;
    const broker = `amqp://guest:guest@127.0.0.1:${await closedPort()}`;
    vedette = start(manager.socket, ['run', '--broker', broker, '--host', 'thread']);
    await eventually(() => count('EXTEND_TIMEOUT_USEC') >= 3, SOON);
    expect(last('EXTEND_TIMEOUT_USEC')).to.equal(WATCHDOG_USEC);
    expect(last('STATUS')).to.match(/^not ready: .*the link to the broker is \w+; 0 monitors$/);
    expect(count('READY')).to.equal(0);
  });

  it('says of a standby that it has started, and goes on once it is at work', async () => {
    const rabbit = await startRabbit();
    const args = (name: string, ...more: string[]): string[] => {
      return ['run', '--broker', rabbit.url, '--host', 'thread', '--state', join(folder, name), ...more];
    };
    const first = startVedette(args('first'), { cwd: folder });
    try {
      await eventually(() => hasConsumers(rabbit.url), { ...SOON, everyMs: 200 });
      manager = await startServiceManager(join(folder, 'notify'));
      const { count, last } = manager;
      vedette = start(manager.socket, args('second', '--standby'));
      await eventually(() => count('WATCHDOG') >= 2 && count('READY') === 1, SOON);
      expect(last('STATUS')).to.match(/^standby: /);
      expect((await first.stop()).code).to.equal(0);
      await eventually(() => last('STATUS') === '0 monitors', SOON);
      expect([count('READY'), count('STOPPING')]).to.deep.equal([1, 0]);
      expect((await vedette.stop()).code).to.equal(0);
    } finally {
      await first.stop();
      await vedette?.stop();
      await rabbit.stop();
    }
  });

  it('starts no messenger where nobody listens', async () => {
    const messenger = await messengerThat('touch "$0.called"');
    vedette = startVedette(words(), { cwd: folder, env: { PATH: messenger.path, WATCHDOG_USEC } });
    await vedette.says(/Config applied .*started=1/);
    expect((await vedette.stop()).code).to.equal(0);
    expect(await exists(`${messenger.file}.called`)).to.be.false;
  });

  it('keeps what a messenger that failed should have said, complains once and works on', async () => {
    // Fails twice, then delivers.
    const script = `n=$(cat "$0.n" 2>/dev/null || echo 0); echo $((n+1)) > "$0.n"; [ "$n" -ge 2 ] || exit 1
exec /usr/bin/systemd-notify "$@"`;
    const messenger = await messengerThat(script);
    manager = await startServiceManager(join(folder, 'notify'));
    const { heard, count } = manager;
    vedette = start(manager.socket, words(), { PATH: `${messenger.path}:/usr/bin:/bin` });
    await eventually(() => count('WATCHDOG') >= 2, SOON);
    expect(heard[0]).to.include({ READY: '1' });
    const { code, stderr } = await vedette.stop();
    expect(code).to.equal(0);
    expect(stderr.match(/The service manager could not be told/g)).to.have.length(1);
  });

  async function messengerThat(script: string): Promise<{ path: string; file: string }> {
    const path = join(folder, 'bin');
    await mkdir(path);
    const messenger = join(path, 'systemd-notify');
    await writeFile(messenger, `#!/bin/sh\n${script}\n`);
    await chmod(messenger, 0o755);
    return { path, file: messenger };
  }
});

describe('examples/systemd/vedette.service', () => {
  it('is a unit systemd takes without a word, and of which it says that it exposes little', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vedette-unit-'));
    try {
      const text = await readFile(join(ROOT, 'examples/systemd/vedette.service'), 'utf8');
      const unit = join(folder, 'vedette.service');
      // The command is not installed here.
      await writeFile(unit, text.replaceAll('/usr/bin/vedette', '/bin/true'));
      const analyze = (...args: string[]): string => {
        const { status, stdout, stderr } = spawnSync('systemd-analyze', args, {
          encoding: 'utf8',
          timeout: 60_000,
        });
        expect(status, `${stdout}${stderr}`).to.equal(0);
        return `${stdout}${stderr}`;
      };
      expect(analyze('verify', '--man=no', unit)).to.equal('');
      // 10 is a service without any of it; the worst allowed here is 2.5.
      analyze('security', '--offline=true', '--threshold=25', '--no-pager', unit);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The first manager reads config: the second will find it at work. */
async function hasConsumers(url: string): Promise<boolean> {
  const connection = await connect(url);
  // Before the first manager declares it, there is no such queue.
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return (await channel.checkQueue('node_monitors_manager_configs_queue')).consumerCount > 0;
  } finally {
    await connection.close().catch(() => undefined);
  }
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
