/** Every program in examples/ does what its first line says. The quickstart and the chains have tests of their own. */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { startProgram, type Program } from '../support/program.js';
import { sharedRabbit } from '../support/rabbitmq.js';
import { ROOT } from '../support/root.js';

const EXPORTER_PAGE = readFileSync(join(ROOT, 'packages/monitors-general/test/fixtures/node-exporter.txt'));
/** Folder of examples/ to the test file that runs it. */
const ELSEWHERE = {
  quickstart: 'quickstart',
  chains: 'demo-chains',
  prometheus: 'prometheus-example',
  systemd: 'systemd',
};

describe('examples', function () {
  this.timeout(60_000);
  const programs: Program[] = [];
  const servers: Server[] = [];
  const start = (...args: string[]): Program => {
    const program = startProgram(args);
    programs.push(program);
    return program;
  };
  const serve = async (body: string | Buffer): Promise<string> => {
    const server = createServer((_request, response) => response.end(body));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  /** In order, and with nothing to complain about. */
  const stop = async (program: Program): Promise<void> => {
    const { code, stderr } = await program.stop();
    expect([code, stderr]).to.deep.equal([0, '']);
  };
  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.stop()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('are each run by a test', () => {
    const here = readFileSync(new URL(import.meta.url), 'utf8');
    const untested = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !(entry.name in ELSEWHERE))
      .filter(({ name }) => !here.includes(`'examples/${name}`));
    expect(untested.map(({ name }) => name)).to.deep.equal([]);
  });

  it('minimal: one monitor, no broker', async () => {
    const program = start('examples/minimal/main.mjs');
    await program.says(/^memory \{ memory_free_bytes: \d+ \}$/m);
    await stop(program);
  });

  it('own-monitor: has tests that pass', async () => {
    const { code, stdout } = await start(
      '--test',
      '--test-reporter=tap',
      'examples/own-monitor/monitor.test.mjs',
    ).ended;
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^# pass 2$/m);
  });

  it('own-strategy: a kind of its own beside a built-in one', async () => {
    const program = start('examples/own-strategy/main.mjs', 'README.md');
    await program.says(/^\{"file": "backup", "ageSeconds": \d+, "isStale": (true|false)\}$/m);
    await stop(program);
  });

  it('library: a service that watches what it is told to', async () => {
    const page = await serve('hello');
    const program = start('examples/library/service.mjs', '0');
    await program.says(/listening on \d+/);
    const [, port = ''] = /listening on (\d+)/.exec(program.stdout()) ?? [];
    const pages = `http://127.0.0.1:${port}/pages`;
    const put = (body: unknown): Promise<Response> =>
      fetch(pages, { method: 'PUT', body: JSON.stringify(body), headers: { connection: 'close' } });
    expect(await (await put([page])).json()).to.have.length(1);
    await eventually(
      async () => {
        const text = await (await fetch(pages, { headers: { connection: 'close' } })).text();
        return /"state":"running","health":"healthy","status":200/.test(text);
      },
      { deadlineMs: 20_000, everyMs: 100 },
    );
    const refused = await put(['ftp://nowhere']);
    expect(refused.status).to.equal(400);
    expect(await refused.json()).to.have.nested.property('[0].field', 'settings.url');
    expect(await (await put([])).json()).to.be.an('array');
    await stop(program);
    expect(program.stdout()).to.include('stopped, 0 by force');
  });

  it('process-host: a killed process is followed by another', async () => {
    const program = start('examples/process-host/main.mjs');
    await program.says(/killing (a|b)\n[\s\S]*^\1 runs as process:\d+$/m);
    await stop(program);
  });

  it('pool: two threads run the rounds of ten monitors', async () => {
    const program = start('examples/pool/main.mjs');
    await program.says(/^rounds of 10 monitors in 2 threads$/m);
    await stop(program);
  });

  it('rabbitmq: config and raw data as PANIC has them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vedette-example-'));
    const rabbit = await sharedRabbit();
    const shipped = readFileSync(join(ROOT, 'examples/rabbitmq/panic-config.json'), 'utf8');
    const config = join(folder, 'panic-config.json');
    await writeFile(config, shipped.replace('http://127.0.0.1:9100', await serve(EXPORTER_PAGE)));
    const program = start('examples/rabbitmq/main.mjs', rabbit.url, join(folder, 'state'), config);
    await program.says(/^\{"result": \{"meta_data": \{"monitor_name": "System monitor \(this host\)"/m);
    expect(program.stdout()).to.match(/general\.systems_config: 1 started/);
    await stop(program);
    await rabbit.ctl('delete_queue', 'example_system_data');
    await rm(folder, { recursive: true });
  });
});
