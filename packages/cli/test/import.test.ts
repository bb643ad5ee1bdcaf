import { expect } from 'chai';
import { connect } from 'amqplib';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { startRabbit } from '../../../test/support/rabbitmq.js';
import { runVedette, type Ended } from '../../../test/support/vedette.js';

const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const FOLDER = join(FIXTURES, 'panic');
const EXPORT = join(FIXTURES, 'configs.jsonl');
const id = (last: string): string => `64f0c0a1b2c3d4e5f6a7${last}`;

interface Report {
  form: string;
  messages: { routingKey: string; entries: number }[];
  monitors: { id: string; chain: string; name: string; file: string; line: number | null }[];
  notBuilt: { kind: string; chain: string; name: string }[];
  unwatched: { family: string; configId: string }[];
  passedOver: { what: string; why: string }[];
  refusals: {
    file: string;
    line: number | null;
    code: string;
    configId: string | null;
    field: string | null;
  }[];
}

describe('vedette import', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-import-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const report = async (...args: string[]): Promise<Report> =>
    JSON.parse((await runVedette(['import', ...args, '--json'])).stdout) as Report;
  const refusalsOf = ({ refusals }: Report): unknown[] =>
    refusals.map(({ file, line, code, configId }) => [file.split('/').at(-1), line, code, configId]);

  it("shows what would run of PANIC's INI folder, what would not and why, and changes nothing", async () => {
    const { code, stdout, stderr } = await runVedette(['import', FOLDER], { cwd: folder });
    expect(code, stderr).to.equal(1);
    expect(stdout).to.match(/^ini folder: 7 config messages$/m);
    expect(stdout).to.match(/^12 monitors would run$/m);
    expect(stdout).to.match(/^ {2}chainlink \/ binance smart chain, evm-node: 1 {2}\(bsc geth 1\)$/m);
    expect(stdout).to.match(/^ {2}general, system: 2 {2}\(backup host, mail host\)$/m);
    expect(stdout).to.match(/^ {2}cosmos \/ regen, cosmos-node: 1 {2}\(regen sentry 1\)$/m);
    expect(stdout).to.match(/^4 switched off in PANIC$/m);
    expect(stdout).to.match(
      /evm_nodes_config\.ini:12 CONFIG_INVALID_URL node_42: node_http_url carries a user/,
    );
    expect(stdout).to.include('This was a dry run');
    expect(stdout).to.not.include('hunter2').and.not.include('secret-token');
  });

  it('names file and line of each refusal, and every family', async () => {
    const seen = await report(FOLDER);
    expect(refusalsOf(seen)).to.deep.equal([
      ['github_repos_config.ini', 6, 'CONFIG_FILE_SYNTAX', null],
      ['repos_config.ini', null, 'CONFIG_UNKNOWN_ROUTING_KEY', null],
      ['evm_nodes_config.ini', 12, 'CONFIG_INVALID_URL', 'node_42'],
    ]);
    expect(seen.notBuilt.map(({ kind, name }) => `${kind} ${name}`)).to.have.members([]);
    expect(seen.monitors.map((one) => one.id)).to.include.members([
      'chainlink-contracts:chainlink binance smart chain',
    ]);
    expect(seen.monitors.map((one) => one.name)).to.include.members([
      'regen-network/regen-ledger',
      'library/redis',
    ]);
    expect(seen.monitors.map(({ id: of, line }) => [of, line])).to.deep.include([
      'chainlink-node:node_31',
      4,
    ]);
    expect(seen.unwatched.map((one) => [one.family, one.configId])).to.have.deep.members([
      ['system', 'node_12'],
      ['node', 'node_12'],
      ['node', 'node_43'],
      ['network', 'node_21'],
    ]);
  });

  it('derives the messages the Configs Manager would publish from an export of `configs`', async () => {
    const seen = await report(EXPORT);
    expect(seen.messages.map((one) => [one.routingKey, one.entries])).to.deep.equal([
      ...['github_repos', 'dockerhub_repos', 'systems', 'evm_nodes', 'nodes'].map((word) => [
        `chains.cosmos.regen.${word}_config`,
        { github_repos: 1, nodes: 2 }[word] ?? 0,
      ]),
      ...['github_repos', 'dockerhub_repos', 'systems', 'evm_nodes', 'nodes'].map((word) => [
        `chains.substrate.kusama.${word}_config`,
        word === 'nodes' ? 1 : 0,
      ]),
      ...['github_repos', 'dockerhub_repos', 'systems', 'evm_nodes', 'nodes'].map((word) => [
        `chains.chainlink.binance smart chain.${word}_config`,
        { systems: 1, evm_nodes: 3, nodes: 1 }[word] ?? 0,
      ]),
      ['general.github_repos_config', 1],
      ['general.dockerhub_repos_config', 1],
      ['general.systems_config', 1],
    ]);
    expect(seen.passedOver.map(({ why }) => why)).to.deep.equal(['it is not ready', 'it is no sub-chain']);
    expect(refusalsOf(seen)).to.deep.equal([
      ['configs.jsonl', 7, 'CONFIG_UNKNOWN_ROUTING_KEY', null],
      ['configs.jsonl', 3, 'CONFIG_INVALID_URL', id('3003')],
    ]);
    expect(seen.monitors.map((one) => one.id)).to.have.members([
      `system:${id('1001')}`,
      `github:${id('1003')}`,
      `cosmos-node:${id('1001')}`,
      'cosmos-network:cosmos regen',
      `system:${id('2001')}`,
      `system:${id('3005')}`,
      `evm-node:${id('3002')}`,
      `chainlink-node:${id('3001')}`,
      'chainlink-contracts:chainlink binance smart chain',
      `system:${id('4001')}`,
      `dockerhub:${id('4002')}`,
      `substrate-node:${id('2001')}`,
      'substrate-network:substrate kusama',
    ]);
    expect(seen.notBuilt).to.deep.equal([]);
  });

  it('reads the same from a JSON array, pretty or not', async () => {
    const lines = (await readFile(EXPORT, 'utf8')).trim().split('\n');
    const documents = lines.map((line) => JSON.parse(line) as unknown);
    const expected = await report(EXPORT);
    for (const indent of [0, 2]) {
      const file = join(folder, 'configs.json');
      await writeFile(file, JSON.stringify(documents, null, indent));
      const seen = await report(file);
      expect(seen.messages.map((one) => one.routingKey)).to.deep.equal(
        expected.messages.map((one) => one.routingKey),
      );
      expect(seen.monitors.map((one) => one.id)).to.deep.equal(expected.monitors.map((one) => one.id));
    }
  });

  for (const [what, path] of [
    ['an INI folder', FOLDER],
    ['an export', EXPORT],
  ] as const) {
    it(`writes a file of ${what} that \`vedette check\` accepts, mode 0600, and overwrites none`, async () => {
      const file = join(folder, 'monitors.yaml');
      const written = await runVedette(['import', path, '--write', file]);
      expect(written.stdout).to.match(/wrote \S+monitors.yaml: \d+ monitors/);
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      const checked = await runVedette(['check', file]);
      expect(checked.code, checked.stderr).to.equal(0);
      const { monitors } = parse(await readFile(file, 'utf8')) as { monitors: Record<string, unknown>[] };
      expect(monitors.find((one) => one['name'] === 'bsc geth 1')).to.deep.include({
        kind: 'evm-node',
        chain: 'binance smart chain',
        baseChain: 'chainlink',
      });
      const again = await runVedette(['import', path, '--write', file]);
      expect(again.code).to.equal(2);
      expect(again.stderr).to.include('it exists already');
    });
  }

  it('says what a Vedette file cannot hold, with its line', async () => {
    const file = join(folder, 'monitors.yaml');
    const { stdout } = await runVedette(['import', FOLDER, '--write', file]);
    expect(stdout).to.match(/1 left out[^]*systems_config\.ini:1 CONFIG_INVALID_URL system_1: exporterUrl/);
  });

  it('exits 0 where all of it can run', async () => {
    const config = join(folder, 'config');
    const good = join(config, 'general');
    await mkdir(good, { recursive: true });
    await writeFile(
      join(good, 'systems_config.ini'),
      '[s]\nid = s\nparent_id = GENERAL\nname = host\nexporter_url = http://h:9100/metrics\nmonitor_system = true\n',
    );
    for (const path of [config, folder]) {
      const { code, stdout } = await runVedette(['import', path]);
      expect(code, stdout).to.equal(0);
      expect(stdout).to.include('1 monitor would run');
    }
  });

  it('publishes the messages as PANIC does, and only with --apply', async function () {
    this.timeout(60_000);
    const rabbit = await startRabbit();
    const connection = await connect(rabbit.url);
    const channel = await connection.createChannel();
    await channel.assertExchange('config', 'topic');
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'config', '#');
    const seen: { key: string; body: Record<string, Record<string, string>>; isPersistent: boolean }[] = [];
    await channel.consume(
      queue,
      (message) => {
        if (message === null) return;
        const body = JSON.parse(message.content.toString()) as (typeof seen)[number]['body'];
        seen.push({
          key: message.fields.routingKey,
          body,
          isPersistent: message.properties.deliveryMode === 2,
        });
      },
      { noAck: true },
    );
    const apply = (path: string): Promise<Ended> =>
      runVedette(['import', path, '--apply', '--broker', rabbit.url]);
    await runVedette(['import', EXPORT]);
    const applied = await apply(EXPORT);
    expect(applied.stdout).to.include(
      'published chains.chainlink.binance smart chain.nodes_config: 1 entries',
    );
    expect(seen).to.have.length(18);
    expect(seen.every((one) => one.isPersistent)).to.equal(true);
    const nodes = seen.find((one) => one.key === 'chains.cosmos.regen.nodes_config')?.body ?? {};
    expect(Object.keys(nodes[id('1001')] ?? {})).to.have.length(24);
    expect(nodes[id('1001')]).to.deep.include({
      id: id('1001'),
      parent_id: id('1000'),
      monitor_node: 'true',
      is_validator: 'false',
      node_ws_url: '',
    });
    expect(nodes[id('1002')]).to.deep.include({ monitor_node: 'false', exporter_url: '' });
    seen.length = 0;
    await apply(FOLDER);
    expect(seen.map((one) => one.key)).to.include('chains.chainlink.binance smart chain.nodes_config');
    const body = seen.find((one) => one.key === 'chains.chainlink.binance smart chain.nodes_config')?.body;
    expect(body?.['DEFAULT']).to.deep.equal({ parent_id: 'chain_name_3' });
    expect(body?.['node_31']).to.deep.include({
      id: 'node_31',
      parent_id: 'chain_name_3',
      node_prometheus_urls: 'http://10.3.0.2:6688/metrics,\nhttp://10.3.0.3:6688/metrics',
    });
    const queued = await channel.assertQueue('node_monitors_manager_configs_queue');
    expect(queued.messageCount).to.be.above(0);
    await connection.close();
    await rabbit.stop();
  });

  const wrong: [string, string[], RegExp][] = [
    ['a path that is not there', ['no-such-path'], /no such file or folder/],
    ['--apply without a broker', [EXPORT, '--apply'], /Give --broker/],
    ['--broker without --apply', [EXPORT, '--broker', 'amqp://127.0.0.1'], /--apply only/],
    ['--apply with the embedded broker', [EXPORT, '--apply', '--broker', 'embedded'], /needs a RabbitMQ/],
    ['no path', [], /missing required argument/],
  ];
  for (const [what, args, text] of wrong) {
    it(`exits 2 and says what to do for ${what}`, async () => {
      const { code, stderr } = await runVedette(['import', ...args]);
      expect(code).to.equal(2);
      expect(stderr).to.match(text);
    });
  }

  it('exits 2 for a folder that holds nothing of PANIC', async () => {
    const { code, stderr } = await runVedette(['import', folder]);
    expect(code).to.equal(2);
    expect(stderr).to.include('holds no configuration of PANIC');
  });

  it('exits 1 for a broker that is not there', async () => {
    const args = ['import', EXPORT, '--apply', '--broker', 'amqp://127.0.0.1:1'];
    const { code, stderr } = await runVedette(args);
    expect(code).to.equal(1);
    expect(stderr).to.include('BROKER_UNREACHABLE');
  });

  it('survives documents and files that are nonsense, and names their lines', async () => {
    const file = join(folder, 'configs.json');
    const [good] = (await readFile(EXPORT, 'utf8')).split('\n');
    const odd = { _id: 7, config_type: '6265758cfdb17d641746dce4', ready: true, base_chain: 'x', nodes: 3 };
    await writeFile(file, `${good ?? ''}\n7\n{"broken\n${JSON.stringify(odd)}\n\n[]\n`);
    const seen = await report(file);
    expect(refusalsOf(seen)).to.deep.equal([
      ['configs.json', 3, 'CONFIG_FILE_SYNTAX', null],
      ['configs.json', 2, 'CONFIG_WRONG_TYPE', null],
      ['configs.json', 4, 'CONFIG_INVALID_FIELD', null],
      ['configs.json', 6, 'CONFIG_WRONG_TYPE', null],
    ]);
    expect(seen.messages).to.have.length(5);
    await cp(FOLDER, join(folder, 'panic'), { recursive: true });
    await mkdir(join(folder, 'panic/config/chains/cosmos/v1.2'), { recursive: true });
    const dotted = join(folder, 'panic/config/chains/cosmos/v1.2/nodes_config.ini');
    await writeFile(dotted, '[a]\nid=a\n');
    expect(refusalsOf(await report(join(folder, 'panic')))).to.deep.include([
      'nodes_config.ini',
      null,
      'CONFIG_UNKNOWN_ROUTING_KEY',
      null,
    ]);
  });

  it('shows its help with examples', async () => {
    const { code, stdout } = await runVedette(['import', '--help']);
    expect(code).to.equal(0);
    expect(stdout).to.include('mongoexport').and.include('Exit status');
  });
});
