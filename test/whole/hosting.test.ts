/** Where monitors run, as an operator chooses, plans and sees it. */
import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startJsonRpcNode, type JsonRpcNode } from '../support/json-rpc-node.js';
import { ROOT } from '../support/root.js';
import { runVedette, startVedette } from '../support/vedette.js';

/** For a busy machine; nothing here judges speed. */
const PATIENCE_MS = 40_000;

interface PlanReport {
  readonly fits: boolean;
  readonly refused: number;
  readonly monitors: readonly {
    host: string;
    reason: string;
    refused: { code: string; remedy: string } | null;
  }[];
  readonly hosts: readonly { host: string; monitors: number; memoryMb: number }[];
}

describe('vedette, where monitors run', function () {
  this.timeout(120_000);
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vedette-hosting-'));
    file = join(folder, 'monitors.yaml');
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  describe('run', () => {
    let node: JsonRpcNode;
    before(async () => {
      node = await startJsonRpcNode();
    });
    after(() => node.close());

    const write = (hosting: object): Promise<void> => {
      const monitors = ['a', 'b', 'giant'].map((id) => ({
        kind: 'evm-node',
        id,
        period: '1s',
        settings: { url: node.url },
      }));
      return writeFile(file, JSON.stringify({ hosting, monitors }));
    };

    it('refuses what has no room, runs the rest, and moves only what was chosen anew', async () => {
      const giant = { limits: { oldMb: 20_000 } };
      await write({ monitors: { giant } });
      const vedette = startVedette(['run', file, '--host', 'thread', '--max-memory', '3000']);
      await vedette.says(
        /Monitor was refused a start and waits for room .*evm-node:giant .*ADMISSION_REFUSED/,
      );
      await vedette.says(/Monitor is running .*evm-node:a .*thread:/, PATIENCE_MS);
      await vedette.says(/Monitor is running .*evm-node:b .*thread:/, PATIENCE_MS);
      await write({ monitors: { giant, a: 'process' } });
      await vedette.says(/Config applied .*started=0 restarted=1 stopped=0 kept=2/, PATIENCE_MS);
      await vedette.says(/Monitor is running .*evm-node:a .*process:/, PATIENCE_MS);
      const { code, stderr } = await vedette.stop();
      expect(code).to.equal(0);
      expect(stderr.match(/Monitor was refused a start/g)).to.have.lengthOf(1);
      expect(stderr).to.match(/a +evm-node +running +\w+ +process /);
      expect(stderr).to.match(/b +evm-node +running +\w+ +thread /);
      expect(stderr).to.match(
        /giant +evm-node +backoff +unknown +thread .*waits after: evm-node:giant has no room/,
      );
    });
  });

  describe('plan', () => {
    const report = async (args: readonly string[]): Promise<{ code: number | null; plan: PlanReport }> => {
      const { code, stdout, stderr } = await runVedette(['plan', ...args, '--json']);
      expect(stderr).to.equal('');
      return { code, plan: JSON.parse(stdout) as PlanReport };
    };

    it('has room for every example', async () => {
      // What is in prometheus/ configures other programs.
      const files = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.yaml') && !/node_modules|^prometheus\//.test(path))
        .map((path) => join('examples', path));
      expect(files.length).to.be.at.least(6);
      const strategy = ['--strategy', 'examples/own-monitor/strategy.mjs', '--host', 'cell'];
      const all = await Promise.all(files.map((path) => report([path, ...strategy])));
      for (const [index, { code, plan }] of all.entries()) {
        expect(code, files[index]).to.equal(0);
        expect(plan, files[index]).to.include({ fits: true, refused: 0 });
        expect(plan.monitors.every(({ host }) => host === 'cell')).to.equal(true);
      }
    });

    it('says what would be refused and what to do, and exits 1', async () => {
      const args = [
        'plan',
        '--kind',
        'evm-node',
        '--monitors',
        '100',
        '--host',
        'thread',
        '--max-memory',
        '1000',
      ];
      const { code, stdout } = await runVedette(args);
      expect(code).to.equal(1);
      expect(stdout).to.match(/HOST +MONITORS +THREADS +CHILD PROCESSES +CONNECTIONS +MEMORY/);
      expect(stdout).to.match(/\d+ of 100 would be refused \(ADMISSION_REFUSED\)/);
      expect(stdout).to.match(
        /thread: \d+ of 1000 MiB of memory are used, 10 more are needed and 80 % is the mark/,
      );
      expect(stdout).to.include('What to do: give the machine or the container more memory');
    });
  });

  const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['plan', '--kind', 'system', '--cell-size', '0'], /HOST_OPTION_INVALID --cell-size: .*got 0/],
    [
      ['run', 'examples/quickstart.yaml', '--cell-size', '5000'],
      /HOST_OPTION_INVALID .*at most \d+ do: 80 % of \d+/,
    ],
    [
      ['plan', '--kind', 'system', '--host', 'moon'],
      /"moon" is no host\n +Use one of thread, dense, process, cell, pool, auto/,
    ],
    [['plan'], /plan needs either FILE or --kind/],
  ];
  it('exits 2 for options that cannot be met, and names the limit', async () => {
    const ends = await Promise.all(wrong.map(([args]) => runVedette(args)));
    for (const [index, [args, says]] of wrong.entries()) {
      expect(ends[index]?.code, args.join(' ')).to.equal(2);
      expect(ends[index]?.stderr).to.match(says);
    }
  });

  describe('docs/hosting.md', () => {
    const text = readFileSync(join(ROOT, 'docs/hosting.md'), 'utf8');
    const blocks = (language: string): string[] =>
      [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
        ([, block]) => block ?? '',
      );

    it('has commands that do what it says, on the file it shows', async () => {
      await writeFile(file, blocks('yaml')[0] ?? '');
      const commands = blocks('sh')
        .join('')
        .trim()
        .split('\n')
        .map((line) => line.split('#'));
      expect(commands).to.have.lengthOf(7);
      const ends = await Promise.all(
        commands.map(async ([command = '', comment = '']) => {
          const [npx, vedette, ...args] = command.trim().split(/ +/);
          expect(`${npx ?? ''} ${vedette ?? ''}`).to.equal('npx vedette');
          return {
            command,
            isRefused: comment.includes('exits 2'),
            ...(await runVedette(args, { cwd: folder })),
          };
        }),
      );
      for (const { command, isRefused, code, stderr } of ends) {
        expect(code, `${command}: ${stderr}`).to.equal(isRefused ? 2 : 0);
      }
      const plan = ends.find(({ command }) => command.trim().endsWith('plan monitors.yaml'));
      // Figures depend on Node's version, places do not.
      const places = (table: string) =>
        [...table.matchAll(/^(\S+ +\S+ +(?:thread|process|cell \d) +by-\S+)/gm)].map(([, row]) => row);
      expect(places(blocks('text')[0] ?? '')).to.have.lengthOf(3);
      expect(places(plan?.stdout ?? '')).to.deep.equal(places(blocks('text')[0] ?? ''));
    });
  });
});
