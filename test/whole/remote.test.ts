/** The commands that talk to a running manager: status, actions, events. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { runVedette, startVedette, type Vedette } from '../support/vedette.js';

const TOKEN = 'token-of-remote-commands-0123456789';
const ID = 'evm-node:geth';

describe('vedette status, restart, pause, resume, round, events, logs', function () {
  this.timeout(40_000);
  let folder: string;
  let node: JsonRpcNode;
  let manager: Vedette;
  let url: string;
  const env = { VEDETTE_API_TOKEN: TOKEN };
  const ask = (...args: string[]): ReturnType<typeof runVedette> =>
    runVedette([...args, '--url', url], { env });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-remote-'));
    node = await startJsonRpcNode(120);
    const file = join(folder, 'monitors.yaml');
    const entry = `{ kind: evm-node, id: geth, name: geth 1, chain: local, period: 200ms, settings: { url: '${node.url}' } }`;
    await writeFile(file, `monitors:\n  - ${entry}\n`);
    manager = startVedette(['run', file, '--log-format', 'json'], { env });
    await manager.says('Listening for operators');
    url = /"url":"(http:[^"]+?)\/?"/.exec(manager.stderr())?.[1] ?? '';
    await eventually(async () => (await ask('status')).code === 0, { deadlineMs: 20_000, what: 'all well' });
  });
  after(async () => {
    await manager.stop();
    await node.close();
    await rm(folder, { recursive: true });
  });

  it('shows all monitors in a table and as JSON, and one of them', async () => {
    const { code, stdout } = await ask('status');
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^vedette \S+: running, ready, broker connected\n1 monitors: 1 running\n\nID +STATE/,
    );
    expect(stdout).to.include(ID);
    const json = JSON.parse((await ask('status', '--json')).stdout) as { items: { id: string }[] };
    expect(json.items.map(({ id }) => id)).to.deep.equal([ID]);
    expect((await ask('status', ID)).stdout).to.match(/^evm-node:geth: running, healthy, 0 restarts, on /);
  });

  it('pauses and resumes, restarts and asks for a round, and shows it', async () => {
    expect((await ask('pause', ID)).stdout).to.equal(`pause of ${ID}: done\n`);
    await eventually(async () => (await ask('status')).stdout.includes('1 paused'));
    const again = await ask('round', ID);
    expect([again.code, again.stderr.includes('MONITOR_PAUSED')]).to.deep.equal([1, true]);
    expect((await ask('resume', ID)).code).to.equal(0);
    await eventually(async () => (await ask('status')).stdout.includes('1 running'), { deadlineMs: 10_000 });
    expect((await ask('round', ID)).code).to.equal(0);
    expect((await ask('restart', ID)).code).to.equal(0);
    await eventually(async () => (await ask('status', ID)).stdout.includes(', 1 restarts'), {
      deadlineMs: 10_000,
    });
  });

  it('shows events as they come, and ends with Ctrl-C', async () => {
    const events = startVedette(
      ['events', '-f', '--url', url, '--name', 'monitor.paused', 'monitor.resumed'],
      {
        env,
      },
    );
    await eventually(() => events.stdout().startsWith('hello'), { deadlineMs: 10_000 });
    await ask('pause', ID);
    await ask('resume', ID);
    await eventually(() => /^\S+Z monitor\.resumed id=evm-node:geth/m.test(events.stdout()), {
      deadlineMs: 10_000,
    });
    events.child.kill('SIGINT');
    const { code, stdout } = await events.ended;
    expect(code).to.equal(0);
    expect(stdout).to.match(/^\S+Z monitor\.paused id=evm-node:geth kind=evm-node attempt=\d+$/m);
  });

  it('shows events there were, the newest of those asked for, and ends', async () => {
    await ask('pause', ID);
    await ask('resume', ID);
    const past = await ask('events', '-n', '1', '--name', 'monitor.paused', 'monitor.resumed');
    expect(past.stdout).to.match(/^\S+Z monitor\.resumed id=evm-node:geth kind=evm-node attempt=\d+\n$/);
    expect(past.code).to.equal(0);
    const json = (await ask('events', '--json')).stdout.trim().split('\n');
    expect(json.map((line) => (JSON.parse(line) as { event: string }).event)).to.have.length.within(1, 20);
    const unknown = await ask('events', '--name', 'nonsense');
    expect([unknown.code, unknown.stderr.includes('API_BAD_REQUEST')]).to.deep.equal([2, true]);
  });

  it('shows what was logged, of one monitor and by urgency, and follows it', async () => {
    const all = await ask('logs', '-n', '1000');
    expect(all.stdout).to.match(/^\S+Z info {2}Listening for operators {2}url=http/m);
    const one = (await ask('logs', ID, '--json')).stdout.trim().split('\n');
    const monitors = one.map((line) => (JSON.parse(line) as { monitor: string }).monitor);
    expect(new Set(monitors)).to.deep.equal(new Set([ID]));
    expect((await ask('logs', '--level', 'error')).stdout).to.equal('');
    const follower = startVedette(['logs', '-f', ID, '-n', '0', '--url', url], { env });
    await eventually(
      async () => {
        // Its first answer begins the log for it; only what comes later is told.
        await ask('pause', ID);
        await ask('resume', ID);
        return /Monitor is resumed/.test(follower.stdout());
      },
      { deadlineMs: 20_000 },
    );
    follower.child.kill('SIGINT');
    const { code, stdout } = await follower.ended;
    expect(code).to.equal(0);
    expect(stdout).to.match(/^\S+Z info {2}Monitor is resumed {2}monitor=evm-node:geth /m);
    expect(stdout).to.not.include('Listening');
  });

  it('says what is wrong and what to do: no token, no such monitor, nobody there', async () => {
    const bare = await runVedette(['restart', ID, '--url', url]);
    expect([bare.code, bare.stderr.includes('API_TOKEN_REQUIRED')]).to.deep.equal([1, true]);
    const unknown = await ask('pause', 'evm-node:nobody');
    expect([unknown.code, unknown.stderr.includes('MONITOR_UNKNOWN_ID')]).to.deep.equal([2, true]);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const nobody = await runVedette(['status', '--url', `127.0.0.1:${port}`]);
    expect(nobody.code).to.equal(1);
    expect(nobody.stderr).to.match(/no manager answers there\n {2}Start `vedette run`/);
    expect((await runVedette(['status', '--url', 'ftp://x'])).code).to.equal(2);
    const nothing = await runVedette(['pause']);
    expect([nothing.code, nothing.stderr.includes('(see --help)')]).to.deep.equal([2, true]);
  });
});
