/** Debian's Prometheus scrapes a real Vedette, and its promtool finds nothing wrong with the page. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findPrometheus } from '../../.ci/prometheus.mjs';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { startVedette, type Vedette } from '../support/vedette.js';

const TOKEN = 'token-of-prometheus-0123456789';

interface Found {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

describe('Prometheus', function () {
  this.timeout(60_000);
  let folder: string;
  let node: JsonRpcNode;
  let vedette: Vedette;
  let url: string;
  let prometheus: ChildProcess | null = null;
  const programs = findPrometheus();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-prometheus-'));
    node = await startJsonRpcNode(120);
    const name = '"geth \\"1\\" <b> ✓"';
    const monitors = ['a', 'b'].map(
      (id) =>
        `  - { kind: evm-node, id: ${id}, name: ${id === 'a' ? 'geth' : name}, chain: local, period: 200ms, settings: { url: '${node.url}' } }`,
    );
    await writeFile(join(folder, 'monitors.yaml'), `monitors:\n${monitors.join('\n')}\n`);
    const args = ['run', join(folder, 'monitors.yaml'), '--log-format', 'json'];
    // An address others could reach: the token is what lets Prometheus in.
    vedette = startVedette(args, { env: { VEDETTE_API_TOKEN: TOKEN, VEDETTE_LISTEN: '0.0.0.0:0' } });
    await vedette.says('Listening for operators');
    url = (/"url":"(http:[^"]+?)\/?"/.exec(vedette.stderr())?.[1] ?? '').replace('0.0.0.0', '127.0.0.1');
  });
  after(async () => {
    if (prometheus !== null && prometheus.exitCode === null) {
      prometheus.kill('SIGTERM');
      await once(prometheus, 'exit');
    }
    await vedette.stop();
    await node.close();
    await rm(folder, { recursive: true });
  });
  const page = async (): Promise<string> =>
    (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();

  it('is provisioned by `node .ci/prometheus.mjs`', () => {
    expect(programs).to.not.equal(null);
  });

  it('promtool finds the page in order', async () => {
    await eventually(async () => (await page()).includes('vedette_evm_node_block_height{'), {
      deadlineMs: 15_000,
    });
    const checked = spawnSync(programs?.promtool ?? '', ['check', 'metrics'], {
      input: await page(),
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect([checked.status, checked.stdout, checked.stderr]).to.deep.equal([0, '', '']);
  });

  it('scrapes what the monitors observe, with the token', async () => {
    const port = await freePort();
    await writeFile(join(folder, 'token'), TOKEN);
    await writeFile(
      join(folder, 'prometheus.yml'),
      [
        'global: { scrape_interval: 500ms, scrape_timeout: 500ms }',
        'scrape_configs:',
        '  - job_name: vedette',
        `    authorization: { credentials_file: ${join(folder, 'token')} }`,
        `    static_configs: [{ targets: ['${new URL(url).host}'] }]`,
      ].join('\n'),
    );
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    prometheus = spawn(programs?.prometheus ?? '', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    prometheus.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const query = async (expression: string): Promise<Found['data']['result']> => {
      const answer = await fetch(
        `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`,
      );
      return ((await answer.json()) as Found).data.result;
    };
    const heights = await eventually(
      async () => {
        const found = await query('vedette_evm_node_block_height');
        return found.length === 2 ? found : null;
      },
      { deadlineMs: 40_000, everyMs: 100, what: 'two heights' },
    ).catch((error: unknown) => expect.fail(`${String(error)}\n${said.slice(-2_000)}`));
    expect(heights.map(({ value }) => value[1])).to.deep.equal(['120', '120']);
    expect(heights.map(({ metric }) => metric['name'])).to.have.members(['geth', 'geth "1" <b> ✓']);
    expect((await query('up{job="vedette"}'))[0]?.value[1]).to.equal('1');
    expect((await query('sum(vedette_monitors{state="running"})'))[0]?.value[1]).to.equal('2');
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
