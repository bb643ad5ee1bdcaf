/** `vedette run --listen` as a child process: what an operator's tools ask it. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { ROOT } from '../support/root.js';
import { runVedette, startVedette, type Vedette } from '../support/vedette.js';

const TOKEN = 'token-of-the-whole-0123456789';

describe('vedette run --listen', () => {
  let folder: string;
  let file: string;
  let node: JsonRpcNode;
  let vedette: Vedette | null = null;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-operator-'));
    file = join(folder, 'monitors.yaml');
    node = await startJsonRpcNode(120);
    const entry = `{ kind: evm-node, id: geth, name: geth 1, chain: local, period: 200ms, settings: { url: '${node.url}' } }`;
    await writeFile(file, `monitors:\n  - ${entry}\n`);
  });
  afterEach(async () => {
    await vedette?.stop();
    vedette = null;
  });
  after(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  /** Resolves with the URL it says it listens on. */
  const start = async (args: readonly string[] = [], env: Record<string, string> = {}): Promise<string> => {
    vedette = startVedette(['run', file, '--log-format', 'json', ...args], { env });
    await vedette.says('Listening for operators');
    const url = /"url":"(http:[^"]+?)\/?"/.exec(vedette.stderr())?.[1];
    if (url === undefined) throw new Error(`no URL in ${vedette.stderr()}`);
    return url;
  };

  it('is ready while it runs, and gone with it', async () => {
    const url = await start();
    await eventually(async () => (await fetch(`${url}/-/ready`)).status === 200, { deadlineMs: 15_000 });
    const { code } = (await vedette?.stop()) ?? { code: null };
    expect(code).to.equal(0);
    expect(await fetch(`${url}/-/healthy`).catch(() => 'refused')).to.equal('refused');
  });

  it('shows on /metrics what its monitor observes, and that the broker took it', async () => {
    const url = await start();
    const labels = '{monitor="evm-node:geth",name="geth 1",chain="local"}';
    const text = await eventually(
      async () => {
        const page = await (await fetch(`${url}/metrics`)).text();
        return page.includes(`vedette_monitor_confirmed_result_age_seconds${labels}`) ? page : null;
      },
      { deadlineMs: 15_000 },
    );
    expect(text).to.include(`vedette_evm_node_block_height${labels} 120\n`);
    expect(text).to.include('vedette_workers{host="cell"} 1\n');
    expect(text).to.match(/vedette_publishes_total\{from="monitors",outcome="confirmed"\} [1-9]/);
  });

  it('answers every command of docs/api.md', async () => {
    const url = await start();
    await eventually(async () => (await fetch(`${url}/-/ready`)).status === 200, { deadlineMs: 15_000 });
    const page = await readFile(join(ROOT, 'docs/api.md'), 'utf8');
    const addresses = [...page.matchAll(/^curl -sN? '([^']+)'$/gm)].map(([, address = '']) => address);
    expect(addresses).to.have.length(6);
    for (const address of addresses) {
      const asked = address.replace('http://127.0.0.1:9464', url).replace('geth-1', 'geth');
      const ended = new AbortController();
      const { status } = await fetch(asked, { signal: ended.signal });
      ended.abort();
      expect(status, address).to.equal(200);
    }
  });

  it('takes actions with a token only, until it is told to do without', async () => {
    const act = async (url: string, headers: Record<string, string> = {}): Promise<number> => {
      const init = {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', ...headers },
      };
      return (await fetch(`${url}/api/v1/monitors/evm-node%3Ageth/restart`, init)).status;
    };
    const isRunning = async (url: string): Promise<boolean> => {
      const { items } = (await (await fetch(`${url}/api/v1/monitors?state=running`)).json()) as {
        items: unknown[];
      };
      return items.length === 1;
    };
    const first = await start([], { VEDETTE_API_TOKEN: TOKEN });
    await eventually(() => isRunning(first), { deadlineMs: 15_000 });
    expect([await act(first), await act(first, { authorization: `Bearer ${TOKEN}` })]).to.deep.equal([
      401, 202,
    ]);
    await vedette?.stop();
    const second = await start(['--allow-actions']);
    await eventually(() => isRunning(second), { deadlineMs: 15_000 });
    expect([await act(second), await act(second, { origin: 'http://evil.example' })]).to.deep.equal([
      202, 403,
    ]);
    await vedette?.stop();
    const third = await start();
    expect(await act(third)).to.equal(403);
    expect(vedette?.stderr()).to.not.include(TOKEN);
  });

  it('reads its file again when asked, and says what is wrong with it', async () => {
    const own = join(folder, 'own.yaml');
    await writeFile(own, `monitors:\n  - { kind: evm-node, id: geth, settings: { url: '${node.url}' } }\n`);
    vedette = startVedette(['run', own, '--log-format', 'json', '--allow-actions']);
    await vedette.says('Listening for operators');
    const url = /"url":"(http:[^"]+?)\/?"/.exec(vedette.stderr())?.[1] ?? '';
    await eventually(async () => (await fetch(`${url}/-/ready`)).status === 200, { deadlineMs: 15_000 });
    await writeFile(own, 'monitors:\n  - { kind: evm-node, id: geth, settings: { url: nonsense } }\n');
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    const answer = (await (await fetch(`${url}/api/v1/reload`, init)).json()) as {
      isTaken: boolean;
      refusals: { code: string }[];
    };
    expect([answer.isTaken, answer.refusals[0]?.code]).to.deep.equal([false, 'CONFIG_INVALID_URL']);
  });

  it('ends before any monitor starts when the port is taken, and says what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await runVedette(['run', file, '--listen', `127.0.0.1:${port}`]);
    taken.close();
    expect(code).to.equal(2);
    expect(stderr).to.include(`LISTEN_ADDRESS_IN_USE cannot listen on http://127.0.0.1:${port}: EADDRINUSE`);
    expect(stderr).to.include('Give another port with --listen').and.not.include('Monitor is running');
  });

  const wrong: readonly [what: string, args: string[], env: Record<string, string>, text: string][] = [
    ['an address that is none', ['--listen', 'here'], {}, 'LISTEN_BAD_ADDRESS'],
    ['an open address without a token', ['--listen', '0.0.0.0:0'], {}, 'LISTEN_NEEDS_TOKEN'],
    ['a token that is too short', [], { VEDETTE_API_TOKEN: 'short' }, 'LISTEN_BAD_TOKEN'],
    ['a token file that is not there', ['--token-file', '/nowhere/tokens'], {}, 'LISTEN_BAD_TOKEN'],
    ['both ways to give a token', ['--token-file', '/nowhere'], { VEDETTE_API_TOKEN: TOKEN }, 'Leave one'],
  ];
  for (const [what, args, env, text] of wrong) {
    it(`exits 2 for ${what}`, async () => {
      const { code, stderr } = await runVedette(['run', file, ...args], { env });
      expect(stderr).to.include(text);
      expect(code).to.equal(2);
    });
  }

  it('listens nowhere with --listen none', async () => {
    const { code, stderr } = await runVedette(['run', file, '--listen', 'none', '--for', '500ms']);
    expect(code).to.equal(0);
    expect(stderr).to.not.include('Listening');
  });
});
