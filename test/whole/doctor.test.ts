/** `vedette doctor` on a real broker, real sources and a real folder. */
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { expect } from 'chai';
import { sharedRabbit } from '../support/rabbitmq.js';
import { runVedette } from '../support/vedette.js';

const QUEUE = 'network_monitors_manager_configs_queue';
const PASSWORD = 'hunter2-of-the-doctor-0123456789';

describe('vedette doctor', function () {
  this.timeout(60_000);
  let folder: string;
  let server: Server;
  let port: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-doctor-'));
    // `/hangs` never answers.
    server = createServer((request, response) => {
      if (request.url === '/hangs') return;
      response.statusCode = request.url === '/secret' ? 401 : 200;
      response.end('hello');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const fileOf = async (name: string, urls: readonly string[]): Promise<string> => {
    const path = join(folder, name);
    const entries = urls.map(
      (url, index) => `  - { kind: system, id: s${index}, settings: { exporterUrl: '${url}' } }`,
    );
    await writeFile(path, `monitors:\n${entries.join('\n')}\n`);
    return path;
  };

  it('finds nothing failed where all is well, leaves nothing behind, and says what it looked at', async () => {
    const { url } = await sharedRabbit();
    const state = join(folder, 'good');
    await mkdir(state, { mode: 0o700 });
    const file = await fileOf('good.yaml', [`http://127.0.0.1:${port}/metrics`]);
    const { code, stdout } = await runVedette(['doctor', file, '--broker', url, '--state', state]);
    expect(stdout).to.match(/^ok +node +Node \d/);
    for (const said of [
      'ok +broker +amqp:',
      'ok +sources +1 of 1 answer',
      'ok +clock',
      'ok +listen',
      'ok +state',
    ]) {
      expect(stdout).to.match(new RegExp(`^${said}`, 'm'));
    }
    expect(stdout).to.match(/^\d+ ok, \d+ warnings, 0 failed, \d+ skipped\n$/m);
    expect(code).to.equal(0);
    expect(await readdir(state)).to.deep.equal([]);
  });

  it('says of each thing that is wrong what to do, without a credential, by its deadline', async () => {
    const { url } = await sharedRabbit();
    const state = join(folder, 'bad');
    await mkdir(join(state, 'scopes'), { recursive: true, mode: 0o755 });
    await writeFile(join(state, 'scopes', 'x.scope.json.damaged-1'), 'x');
    await chmod(join(state, 'scopes', 'x.scope.json.damaged-1'), 0o644);
    const file = await fileOf('bad.yaml', [
      'http://127.0.0.1:1/metrics',
      `http://127.0.0.1:${port}/hangs`,
      `http://127.0.0.1:${port}/secret`,
      'nonsense',
    ]);
    const broker = url.replace('guest:guest', `guest:${PASSWORD}`);
    const args = [
      'doctor',
      file,
      '--broker',
      broker,
      '--state',
      state,
      '--listen',
      `127.0.0.1:${port}`,
      '--json',
    ];
    const { code, stdout, stderr } = await runVedette(args);
    expect(code).to.equal(1);
    const { items } = JSON.parse(stdout) as {
      items: { check: string; state: string; code: string | null; remedy: string | null }[];
    };
    const found = items.filter((one) => one.code !== null);
    expect(found.map((one) => `${one.check} ${one.state} ${one.code ?? ''}`)).to.include.members([
      'broker failed BROKER_ACCESS_REFUSED',
      'config failed CONFIG_INVALID_URL',
      'state folder warning DOCTOR_STATE_FOLDER',
      'leftovers warning DOCTOR_LEFTOVERS',
      'source failed SOURCE_UNREACHABLE',
      'source failed SOURCE_TIMEOUT',
      'source warning SOURCE_HTTP_STATUS',
      'listen failed LISTEN_ADDRESS_IN_USE',
    ]);
    for (const one of found) expect(one.remedy).to.be.a('string').and.not.equal('');
    expect(stdout + stderr).to.not.include(PASSWORD);
  });

  it('names a queue that two managers read, and exits 2 for a file that is not there', async () => {
    const { url } = await sharedRabbit();
    const connection = await connect(url);
    const channel = await connection.createChannel();
    await channel.assertQueue(QUEUE, { durable: true });
    await channel.consume(QUEUE, () => undefined);
    await channel.consume(QUEUE, () => undefined);
    const { code, stdout } = await runVedette(['doctor', '--broker', url, '--state', join(folder, 'none')]);
    await connection.close();
    expect(stdout).to.match(new RegExp(`^failed +consumers +MANAGER_ALREADY_RUNNING ${QUEUE} has 2$`, 'm'));
    expect(code).to.equal(1);
    const missing = await runVedette(['doctor', join(folder, 'nowhere.yaml')]);
    expect([missing.code, missing.stderr.includes('there is no such file')]).to.deep.equal([2, true]);
  });
});
