/** The bench command as its callers use it, and the pure parts of what it prints. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { withSection } from '../../benchmarks/lib/readme.js';
import { measuredRow, type MeasuredRow } from '../../benchmarks/lib/rows.js';
import { median, p99 } from '../../benchmarks/lib/statistics.js';
import { targetTable } from '../../benchmarks/lib/target-table.js';
import { LINES } from '../../benchmarks/lib/targets.js';
import { ROOT } from '../support/root.js';

const KEYS = ['bench', 'case', 'host', 'n', 'metric', 'unit', 'value', 'floor', 'ratio'];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function bench(args: readonly string[], stopAt?: RegExp): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'benchmarks/bench.ts'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (stopAt?.test(stderr) === true) child.kill('SIGINT');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe('npm run bench', () => {
  it('--json prints one JSON array of rows and nothing else', async function () {
    this.timeout(180_000);
    const { code, stdout, stderr } = await bench(['reconcile', '--quick', '--json']);
    expect(code, stderr).to.equal(0);
    const rows = JSON.parse(stdout) as MeasuredRow[];
    expect(rows).to.be.an('array').that.is.not.empty;
    for (const row of rows) {
      expect(Object.keys(row)).to.deep.equal(KEYS);
      expect(row.bench).to.equal('reconcile');
      expect(row.value).to.be.a('number');
    }
    const valueOf = (metric: string): number | null | undefined =>
      rows.find((row) => row.metric === metric)?.value;
    expect(valueOf('unrelated_restarts')).to.equal(0);
    expect(valueOf('actions')).to.equal(0);
    expect(stderr).to.include('bench: ');
  });

  it('exits 2 for an unknown name and lists the names', async () => {
    const { code, stdout, stderr } = await bench(['nonsense']);
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    for (const name of ['ready', 'memory-hosts', 'capacity', 'baselines', 'reconcile', 'catch-up', 'all']) {
      expect(stderr).to.match(new RegExp(`^ {2}${name} `, 'm'));
    }
  });

  it('exits 2 for an unknown option', async () => {
    const { code, stderr } = await bench(['ready', '--fast']);
    expect(code).to.equal(2);
    expect(stderr).to.include('--fast');
  });

  it('exits 2 for an unknown host and names the hosts', async () => {
    const { code, stderr } = await bench(['latency', '--host', 'thread,cloud']);
    expect(code).to.equal(2);
    expect(stderr).to.include('thread, process, cell').and.to.include('"cloud"');
  });

  it('exits 2 for a budget that is none', async () => {
    const { code, stderr } = await bench(['capacity', '--budget', 'soon']);
    expect(code).to.equal(2);
    expect(stderr).to.include('--budget takes seconds');
  });

  it('lists the names when asked to', async () => {
    const { code, stdout } = await bench(['--list']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^ {2}vitals /m);
  });

  it('exits 130 on Ctrl-C in the middle of a measurement', async function () {
    this.timeout(60_000);
    const { code, stdout } = await bench(['vitals', '--json'], /vitals: idle/);
    expect(code).to.equal(130);
    expect(stdout).to.equal('');
  });
});

describe('bench statistics', () => {
  it('take the middle, or the mean of the two middles', () => {
    expect(median([9, 1, 5])).to.equal(5);
    expect(median([9, 1, 5, 7])).to.equal(6);
  });

  it('take the nearest rank for p99', () => {
    expect(p99([3, 1, 2])).to.equal(3);
    expect(p99(Array.from({ length: 200 }, (_none, index) => index + 1))).to.equal(198);
  });

  it('refuse an empty list', () => {
    expect(() => median([])).to.throw(RangeError);
  });
});

describe('bench tables', () => {
  const label = {
    bench: 'reconcile',
    case: 'same again',
    host: 'none',
    n: 1_000,
    metric: 'applied',
    unit: 'ms',
  };
  const machine = { commit: 'abc1234', node: 'v20.20.2', cpu: 'Some CPU', cores: 2, date: '2026-01-31' };
  const tableOf = (ms: number, floors: number[] = []): string =>
    targetTable(LINES, [{ bench: 'reconcile', machine, rows: [measuredRow(label as never, [ms], floors)] }]);

  it('says whether a target is met, and by which machine', () => {
    expect(tableOf(49.96)).to.include(
      '| the same 1,000-config message again | 50 ms |  |  | ≤ 50 ms | yes |',
    );
    expect(tableOf(51, [17])).to.include('| 51 ms | 17 ms | 3 × | ≤ 50 ms | **no** |');
    expect(tableOf(1)).to.include('commit abc1234, Node 20.20.2, 2 × Some CPU, 2026-01-31');
  });

  it('has at most 20 lines, chosen by a flag, one of them for each kind', () => {
    expect(LINES.filter(({ isHeadline }) => isHeadline === true)).to.have.length.within(10, 20);
  });

  it('replaces what stands between the markers and nothing else', () => {
    const readme = 'before\n<!-- benchmarks: written by `npm run bench -- --readme` -->\n\nafter\n';
    const once_ = withSection(readme, 'ONE');
    expect(once_).to.match(/^before\n<!--[^\n]*-->\nONE\n<!-- benchmarks: end -->\n\nafter\n$/);
    expect(withSection(once_, 'TWO')).to.equal(once_.replace('ONE', 'TWO'));
  });
});
