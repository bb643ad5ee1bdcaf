/** `vedette apply` and `reload` against managers whose config comes from RabbitMQ and from a file. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { sharedRabbit } from '../support/rabbitmq.js';
import { runVedette, startVedette, type Vedette } from '../support/vedette.js';

const TOKEN = 'token-of-remote-apply-0123456789';
const SCOPE = 'node/chains.chainlink.local.evm_nodes_config';

describe('vedette apply and reload', function () {
  this.timeout(60_000);
  let folder: string;
  let node: JsonRpcNode;
  let manager: Vedette | null = null;
  let url = '';
  const env = { VEDETTE_API_TOKEN: TOKEN };
  const ask = (...args: string[]): ReturnType<typeof runVedette> =>
    runVedette([...args, '--url', url], { env });
  const start = async (args: readonly string[]): Promise<void> => {
    manager = startVedette(['run', ...args, '--log-format', 'json'], { env });
    await manager.says('Listening for operators');
    url = /"url":"(http:[^"]+?)\/?"/.exec(manager.stderr())?.[1] ?? '';
    await eventually(async () => (await fetch(`${url}/-/ready`)).status === 200, { deadlineMs: 20_000 });
  };
  const fileOf = async (name: string, ids: readonly string[], query = ''): Promise<string> => {
    const path = join(folder, name);
    const entries = ids.map(
      (id) =>
        `  - { kind: evm-node, id: ${id}, name: ${id}, chain: local, settings: { url: '${node.url}${query}' } }`,
    );
    await writeFile(path, `monitors:\n${entries.join('\n')}\n`);
    return path;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-apply-'));
    node = await startJsonRpcNode(120);
  });
  afterEach(async () => {
    await manager?.stop();
    manager = null;
  });
  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  it('says what would change, changes it, and is the same again', async () => {
    const { url: broker } = await sharedRabbit();
    const state = join(folder, 'state');
    await start(['--broker', broker, '--state', state]);
    const two = await fileOf('two.yaml', ['a', 'b']);
    const dry = await ask('apply', two, '--dry-run');
    expect(dry.stdout).to.include(`${SCOPE}  start   evm-node:a`);
    expect(dry.stdout).to.include('not applied: 2 to start, 0 to restart, 0 to stop, 0 kept, 0 refused');
    expect(dry.code).to.equal(0);
    expect(await readdir(join(state, 'scopes'))).to.deep.equal([]);
    expect((await ask('status')).stdout).to.include('0 monitors');

    const real = await ask('apply', two);
    expect([real.code, real.stdout.split('\n').at(-2)]).to.deep.equal([
      0,
      'applied: 2 to start, 0 to restart, 0 to stop, 0 kept, 0 refused',
    ]);
    expect(await readdir(join(state, 'scopes'))).to.have.length(1);
    await eventually(async () => (await ask('status')).stdout.includes('2 running'), { deadlineMs: 20_000 });

    const other = await fileOf('other.yaml', ['b', 'c'], '/other');
    const json = JSON.parse((await ask('apply', other, '--json')).stdout) as {
      isApplied: boolean;
      scopes: { scope: string; started: string[]; restarted: string[]; stopped: string[]; kept: number }[];
    };
    expect(json.isApplied).to.equal(true);
    expect(json.scopes.find(({ scope }) => scope === SCOPE)).to.deep.include({
      started: ['evm-node:c'],
      restarted: ['evm-node:b'],
      stopped: ['evm-node:a'],
      kept: 0,
    });
    const again = await ask('apply', other);
    expect(again.stdout).to.include('applied: 0 to start, 0 to restart, 0 to stop, 2 kept, 0 refused');
    const nothing = await ask('reload');
    expect([nothing.code, nothing.stderr.includes('MANAGER_OWNS_NO_FILE')]).to.deep.equal([1, true]);
  });

  it('is refused by a manager with a file, which reads that again when asked', async () => {
    const own = await fileOf('own.yaml', ['a']);
    await start([own]);
    for (const more of [[], ['--dry-run']]) {
      const { code, stderr } = await ask('apply', own, ...more);
      expect(stderr).to.match(/MANAGER_OWNS_FILE .*\n {2}Edit the file .*`vedette reload`/);
      expect(code).to.equal(1);
    }
    expect(await ask('reload')).to.deep.include({ code: 0, stdout: 'reload: the file was taken\n' });
    await writeFile(own, 'monitors:\n  - { kind: evm-node, id: a, settings: { url: nonsense } }\n');
    const refused = await ask('reload');
    expect(refused.stdout).to.match(/^reload: refused, what ran goes on\n {2}CONFIG_INVALID_URL a: /);
    expect(refused.code).to.equal(1);
  });

  it('exits 2 for a file that is not usable, and 1 where no manager answers', async () => {
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, 'monitors:\n  - { kind: nonsense, id: a }\n');
    // Of the manager of the test before, which has ended.
    const unusable = await ask('apply', bad);
    expect([unusable.code, unusable.stderr.includes('CONFIG_UNKNOWN_KIND')]).to.deep.equal([2, true]);
    const good = await fileOf('good.yaml', ['a']);
    const nobody = await ask('apply', good);
    expect([nobody.code, /no manager answers there\n {2}Start/.test(nobody.stderr)]).to.deep.equal([1, true]);
  });
});
