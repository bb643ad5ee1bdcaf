import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { runVedette, startVedette } from '../support/vedette.js';

interface OutputLine {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Record<string, unknown>;
  readonly at: number;
}

describe('vedette run FILE', () => {
  let folder: string;
  let file: string;
  let output: string;
  let node: JsonRpcNode;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-run-'));
    file = join(folder, 'monitors.yaml');
    output = join(folder, 'out.jsonl');
    node = await startJsonRpcNode(120);
  });
  afterEach(async () => {
    await node.close();
    await rm(folder, { recursive: true });
  });

  const entry = (id: string, name = id, url = node.url): string =>
    `  - { kind: evm-node, id: ${id}, name: ${name}, chain: local, period: 200ms, settings: { url: '${url}' } }\n`;
  const write = (...entries: string[]): Promise<void> => writeFile(file, `monitors:\n${entries.join('')}`);
  const lines = async (): Promise<OutputLine[]> =>
    (await readFile(output, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as OutputLine);
  const namesOf = (all: readonly OutputLine[]): string[] => [
    ...new Set(
      all
        .filter((line) => line.routingKey === 'heartbeat.worker')
        .map((line) => String(line.body['component_name'])),
    ),
  ];

  it('publishes raw data and a heartbeat per round, ends by itself with --for, and exits 0', async () => {
    await write(entry('a'), entry('b'));
    const { code, stderr } = await runVedette(['run', file, '--for', '3s', '--output', output]);
    expect(code, stderr).to.equal(0);
    const all = await lines();
    const raw = all.filter((line) => line.exchange === 'raw_data' && line.routingKey === 'node.evm');
    expect(raw.length).to.be.greaterThan(2);
    const { result } = raw[0]?.body as { result: { data: unknown; meta_data: Record<string, unknown> } };
    expect(result.data).to.deep.equal({ current_height: 120, syncing: false });
    expect(result.meta_data['node_parent_id']).to.equal('local');
    expect(namesOf(all)).to.have.members(['Node monitor (a)', 'Node monitor (b)']);
    expect(new Set(all.map((line) => JSON.stringify(line.body))).size, 'each message once').to.equal(
      all.length,
    );
    expect(stderr).to.include('At the stop: 2 monitors: 2 running');
  });

  it('runs each monitor in a process of its own with --host process, names it, and leaves none behind', async () => {
    await write(entry('a'), entry('b'));
    const vedette = startVedette([
      'run',
      file,
      '--host',
      'process',
      '--output',
      output,
      '--log-format',
      'json',
    ]);
    await eventually(async () => namesOf(await lines()).length === 2, {
      deadlineMs: 20_000,
      what: 'both alive',
    });
    const pids = [...vedette.stderr().matchAll(/"host":"process:(\d+)"/g)].map(([, pid]) => Number(pid));
    expect(new Set(pids).size).to.equal(2);
    const { code, stderr } = await vedette.stop();
    expect(code, stderr).to.equal(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).to.throw('ESRCH');
  });

  it('packs monitors of a kind into shared threads with --host dense', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await write(...names.map((name) => entry(name)));
    const args = ['run', file, '--host', 'dense', '--density', '3', '--output', output];
    const vedette = startVedette([...args, '--log-format', 'json']);
    await eventually(async () => namesOf(await lines()).length === names.length, {
      deadlineMs: 20_000,
      what: 'all alive',
    });
    const { code, stderr } = await vedette.stop();
    expect(code, stderr).to.equal(0);
    const threads = [...stderr.matchAll(/"host":"(thread:\d+)\/\d+"/g)].map(([, thread]) => thread);
    expect(threads).to.have.lengthOf(names.length);
    expect(new Set(threads).size).to.equal(2);
  });

  it('follows edits of the file: starts the new, restarts the changed, stops the removed, keeps the rest', async () => {
    await write(entry('keep'), entry('change'), entry('remove'));
    const vedette = startVedette(['run', file, '--output', output]);
    await eventually(async () => namesOf(await lines()).length === 3, { deadlineMs: 15_000 });
    await write(entry('keep'), entry('change', 'changed'), entry('fresh'));
    await vedette.says(/Config applied .*started=1 restarted=1 stopped=1 kept=1/);
    await eventually(async () => namesOf(await lines()).includes('Node monitor (fresh)'), {
      deadlineMs: 15_000,
    });
    await eventually(async () => namesOf(await lines()).includes('Node monitor (changed)'), {
      deadlineMs: 15_000,
    });
    const { code, stderr } = await vedette.stop();
    expect(code).to.equal(0);
    expect(stderr).to.include('At the stop: 3 monitors: 3 running');
  });

  it('keeps the last good set after a bad edit and says why, then takes the corrected file', async () => {
    await write(entry('a'));
    const vedette = startVedette(['run', file, '--output', output]);
    await eventually(async () => namesOf(await lines()).length === 1, { deadlineMs: 15_000 });
    await writeFile(
      file,
      'monitors:\n  - { kind: evm-node, id: a, settings: { url: "file:///etc/passwd" } }\n',
    );
    await vedette.says(/Config refused .*CONFIG_INVALID_URL/);
    const before = (await lines()).length;
    await eventually(async () => (await lines()).length > before + 2, { deadlineMs: 15_000 });
    await write(entry('a'), entry('b'));
    await vedette.says(/Config applied .*started=1 restarted=0 stopped=0 kept=1/);
    expect((await vedette.stop()).code).to.equal(0);
  });

  it('names the node that lags behind its chain', async () => {
    const behind = await startJsonRpcNode(90);
    await write(entry('top'), entry('slow', 'slow', behind.url));
    const vedette = startVedette(['run', file]);
    await vedette.says(/Node lags behind its chain .*name=slow blocks=30/);
    behind.height = 120;
    await vedette.says(/Node caught up with its chain .*name=slow/);
    const { stderr } = await vedette.stop();
    expect(stderr).to.match(/slow +evm-node +running +healthy .*height 120/);
    await behind.close();
  });

  it('writes only messages to stdout with --output -, and JSON logs to stderr when asked', async () => {
    await write(entry('a'));
    const { code, stdout, stderr } = await runVedette([
      'run',
      file,
      '--for',
      '2s',
      '--output',
      '-',
      '--log-format',
      'json',
    ]);
    expect(code).to.equal(0);
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as OutputLine);
    expect(messages.length).to.be.greaterThan(1);
    const records = stderr.split('\n').filter((line) => line.startsWith('{'));
    expect(records.map((line) => (JSON.parse(line) as { message: string }).message)).to.include(
      'Config applied',
    );
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`stops in order on ${signal} and exits 0`, async () => {
      await write(entry('a'));
      const vedette = startVedette(['run', file, '--output', output]);
      await eventually(async () => (await lines()).length > 1, { deadlineMs: 15_000 });
      vedette.child.kill(signal);
      const { code, stderr } = await vedette.ended;
      expect(code).to.equal(0);
      expect(stderr).to.include('Stopped 1 monitors');
    });
  }

  it('takes periods from PANIC variables', async () => {
    await writeFile(file, `monitors:\n  - { kind: evm-node, id: a, settings: { url: '${node.url}' } }\n`);
    const env = { NODE_MONITOR_PERIOD_SECONDS: '0.2' };
    const vedette = startVedette(['run', file, '--output', output], { env });
    await eventually(async () => (await lines()).length > 6, { deadlineMs: 15_000 });
    expect((await vedette.stop()).code).to.equal(0);
  });
});
