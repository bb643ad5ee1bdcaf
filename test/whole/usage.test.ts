import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startJsonRpcNode } from '../support/json-rpc-node.js';
import { ROOT } from '../support/root.js';
import { runVedette } from '../support/vedette.js';

describe('vedette', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-usage-'));
    file = join(folder, 'monitors.yaml');
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const wrong: [string, string[], RegExp][] = [
    ['an unknown command', ['frobnicate'], /unknown command/],
    ['an unknown option', ['run', '--frobnicate'], /unknown option/],
    ['a bad duration', ['run', 'x.yaml', '--for', 'soon'], /Give a duration/],
    ['a bad log level', ['run', 'x.yaml', '--log-level', 'loud'], /Use one of error, warn/],
    ['a missing file', ['check', 'no-such-file.yaml'], /no such file/],
    ['a missing file to run', ['run', 'no-such-file.yaml'], /CONFIG_FILE_UNREADABLE/],
    ['an unknown kind', ['kinds', 'nope'], /Use one of: /],
    ['a broker URL of another scheme', ['run', '--broker', 'http://127.0.0.1'], /amqp:\/\//],
    ['no FILE with the embedded broker', ['run', '--broker', 'embedded'], /Give FILE/],
    ['a density of nothing', ['run', 'x.yaml', '--host', 'dense', '--density', '0'], /1 to 200 monitors/],
    ['a density no thread has', ['run', 'x.yaml', '--host', 'cell', '--density', '201'], /1 to 200 monitors/],
    [
      'a density that is no number',
      ['run', 'x.yaml', '--host', 'dense', '--density', 'x'],
      /--density <N>.*Give a whole number/,
    ],
    ['once without an id', ['once', 'x.yaml'], /--id/],
    ['a bench on an unknown host', ['bench', '--host', 'cloud'], /Use one of thread, dense/],
    ['a bench with a broker URL of another scheme', ['bench', '--broker', 'http://127.0.0.1'], /amqp:\/\//],
    ['nothing', [], /Usage: vedette/],
  ];
  for (const [what, args, text] of wrong) {
    it(`exits 2 and says what to do for ${what}`, async () => {
      const { code, stderr } = await runVedette(args);
      expect(code).to.equal(2);
      expect(stderr).to.match(text);
    });
  }

  it('shows its version and its help with examples, and exits 0', async () => {
    expect((await runVedette(['--version'])).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
    const { code, stdout } = await runVedette(['--help']);
    expect(code).to.equal(0);
    expect(stdout).to.include('Examples:').and.include('Exit status:');
  });

  it('check lists all problems with their lines and exits 2', async () => {
    await writeFile(
      file,
      'monitors:\n  - kind: nope\n    id: a\n  - kind: evm-node\n    id: b\n    settings:\n      url: http://user:hunter2@h\n',
    );
    const { code, stderr } = await runVedette(['check', file]);
    expect(code).to.equal(2);
    expect(stderr).to.include(`${file}:2:11 CONFIG_UNKNOWN_KIND a:`);
    expect(stderr).to.include(`${file}:7:12 CONFIG_INVALID_URL b:`);
    expect(stderr).to.include('2 problems').and.not.include('hunter2');
    const json = JSON.parse((await runVedette(['check', file, '--json'])).stdout) as {
      code: string;
      line: number;
    }[];
    expect(json.map((one) => [one.code, one.line])).to.deep.equal([
      ['CONFIG_UNKNOWN_KIND', 2],
      ['CONFIG_INVALID_URL', 7],
    ]);
  });

  it('kinds lists every kind; with --json an array whose examples pass check', async () => {
    const { stdout } = await runVedette(['kinds']);
    for (const kind of ['system', 'github', 'chainlink-contracts']) expect(stdout).to.include(kind);
    const kinds = JSON.parse((await runVedette(['kinds', '--json'])).stdout) as {
      kind: string;
      example: object;
    }[];
    expect(kinds.map((one) => one.kind)).to.include.members(['system', 'evm-node', 'chainlink-node']);
    await writeFile(file, JSON.stringify({ monitors: kinds.map((one) => one.example) }));
    const checked = await runVedette(['check', file]);
    expect(checked.code, checked.stderr).to.equal(0);
    expect((await runVedette(['kinds', 'evm-node'])).stdout).to.include('url (string, required)');
  });

  it('kinds shows what a kind reads, its codes and what PANIC does otherwise, and its settings of lists', async () => {
    const { stdout } = await runVedette(['kinds', 'chainlink-contracts']);
    for (const text of [
      'nodes[].prometheusUrls (array of string, required)',
      'Reads',
      '5018  ',
      'Other than PANIC',
    ]) {
      expect(stdout).to.include(text);
    }
  });

  it('takes a token and a template from the environment, shows no token, and refuses what cannot be used', async () => {
    await writeFile(file, 'monitors:\n  - { kind: github, id: a, settings: { repo: a/b } }\n');
    const token = 'not-a-real-token';
    const GITHUB_RELEASES_TEMPLATE = 'http://127.0.0.1:9/{}releases';
    const env = { GITHUB_TOKEN: token, GITHUB_RELEASES_TEMPLATE, VEDETTE_LOG_LEVEL: 'debug' };
    const { stdout, stderr } = await runVedette(['once', file, '--id', 'a'], { env });
    const { reported } = JSON.parse(stdout) as { reported: object };
    expect(reported).to.deep.equal({
      code: 5006,
      message: 'Cannot access GitHub page http://127.0.0.1:9/a/b/releases',
    });
    expect(stdout + stderr).not.to.include(token);
    for (const [variable, text] of Object.entries({
      GITHUB_TOKEN: 'two words',
      DOCKERHUB_TAGS_TEMPLATE: 'http://h/{}',
    })) {
      const wrong = await runVedette(['check', file], { env: { [variable]: text } });
      expect(wrong.code).to.equal(2);
      expect(wrong.stderr).to.include(`${variable} cannot be used`).and.not.include('two words');
    }
  });

  for (const name of ['chainlink', 'repositories']) {
    it(`check accepts examples/${name}.yaml`, async () => {
      const { code, stderr } = await runVedette(['check', join(ROOT, `examples/${name}.yaml`)]);
      expect(code, stderr).to.equal(0);
    });
  }

  it('once prints one round as JSON, real literals kept', async () => {
    const node = await startJsonRpcNode(7);
    await writeFile(file, `monitors:\n  - { kind: evm-node, id: a, settings: { url: '${node.url}' } }\n`);
    const { code, stdout, stderr } = await runVedette(['once', file, '--id', 'a']);
    await node.close();
    expect(code, stderr).to.equal(0);
    const seen = JSON.parse(stdout) as {
      outcome: string;
      messages: { routingKey: string }[];
      facts: { block_height: number };
    };
    expect(seen.outcome).to.equal('ok');
    expect(seen.facts.block_height).to.equal(7);
    expect(seen.messages.map((one) => one.routingKey)).to.deep.equal(['node.evm', 'heartbeat.worker']);
    expect(stdout).to.match(/"time": \d+\.\d+/);
  });

  it('once reports an unreachable node as a coded message, and an unknown id with the ids there are', async () => {
    await writeFile(
      file,
      "monitors:\n  - { kind: evm-node, id: a, settings: { url: 'http://127.0.0.1:9' } }\n",
    );
    const { stdout } = await runVedette(['once', file, '--id', 'a']);
    expect((JSON.parse(stdout) as { reported: { code: number } }).reported.code).to.equal(5015);
    const unknown = await runVedette(['once', file, '--id', 'b']);
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.include('Use one of: a');
  });
});
