/** The pure parts of the benches: what is late, what is tried next, what is drawn and said. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { cpuMsOfTree, readTree, treeOf } from '@vedette/cli/process-tree';
import { BENCHES } from '../../benchmarks/benches.js';
import { byHost } from '../../benchmarks/lib/by-host.js';
import { barChart, lineChart } from '../../benchmarks/lib/chart.js';
import { chartsOf } from '../../benchmarks/lib/charts.js';
import { HOSTS, refusalOf } from '../../benchmarks/lib/hosts.js';
import { Lab } from '../../benchmarks/lib/lab.js';
import { latenessOf } from '../../benchmarks/lib/lateness.js';
import { pageOf } from '../../benchmarks/lib/page.js';
import { measuredRow, plainRow, unmeasuredRow, type RowLabel } from '../../benchmarks/lib/rows.js';
import { boundsOf, guessOf, nextTry, type Tried } from '../../benchmarks/lib/search.js';
import { isMet, rowOf, type Line } from '../../benchmarks/lib/targets.js';
import { ROOT } from '../support/root.js';

describe('bench lateness', () => {
  const grid = { periodMs: 100, fromMs: 0, untilMs: 400 };
  const cases: readonly (readonly [what: string, starts: number[], more: object, late: number[]])[] = [
    ['rounds on the grid are not late', [0, 100, 200, 300, 400], {}, [0, 0, 0, 0, 0]],
    ['one that begins later is', [0, 100, 230, 300, 400], {}, [0, 0, 30, 0, 0]],
    [
      'the earliest phase is the grid, also where the first was late',
      [20, 100, 200, 300, 400],
      {},
      [20, 0, 0, 0, 0],
    ],
    ['an instant when the first was due counts too', [30, 130, 230, 330], { dueMs: 10 }, [20, 20, 20, 20]],
    ['a slot left out is as late as the next round', [0, 100, 300, 400], {}, [0, 0, 100, 0, 0]],
    ['what has not begun by the end is late by then', [0, 100], {}, [0, 0, 200, 100]],
    ['slots before the span do not count', [0, 150, 200, 300, 400], { fromMs: 150 }, [0, 0, 0]],
    ['without a round nothing is known', [], {}, []],
    ['without a round but due, all is late', [], { dueMs: 0, untilMs: 250 }, [250, 150, 50]],
  ];
  for (const [what, starts, more, late] of cases) {
    it(what, () => {
      expect(latenessOf(starts, { ...grid, ...more })).to.deep.equal(late);
    });
  }
});

describe('bench search', () => {
  const limits = { first: 100, most: 1_000, precision: 0.1 };
  const tried = (...entries: (readonly [number, boolean])[]): Tried[] =>
    entries.map(([n, isGood]) => ({ n, isGood }));
  const cases: readonly (readonly [what: string, tried: Tried[], next: number | null])[] = [
    ['begins with the first guess', [], 100],
    ['doubles what is good', tried([100, true]), 200],
    ['never beyond the most', tried([600, true]), 1_000],
    ['ends at the most', tried([1_000, true]), null],
    ['halves what is bad', tried([100, false]), 50],
    ['ends where not even one is good', tried([1, false]), null],
    ['looks between', tried([100, true], [200, false]), 150],
    ['ends when it is known closely enough', tried([190, true], [200, false]), null],
    ['ends between neighbours', tried([2, true], [3, false]), null],
    ['ends on noise', tried([200, true], [150, false]), null],
  ];
  for (const [what, before, next] of cases) {
    it(what, () => {
      expect(nextTry(before, limits)).to.equal(next);
    });
  }

  it('finds every number within its precision, in a few tries', () => {
    for (const answer of [1, 7, 90, 230, 640, 999, 1_500]) {
      const before: Tried[] = [];
      for (let next = nextTry(before, limits); next !== null; next = nextTry(before, limits)) {
        before.push({ n: next, isGood: next <= answer });
      }
      const { good } = boundsOf(before);
      expect(good).to.be.within(Math.min(answer, limits.most) / 1.1 - 1, answer);
      expect(before.length).to.be.at.most(10);
    }
  });

  it('guesses from the memory of few, with room', () => {
    expect(guessOf(2_000, 100, 8)).to.equal(190);
    expect(guessOf(2_000, 3_000, 8)).to.equal(1);
  });
});

describe('bench charts', () => {
  it('draw a bar for each value and a tick for each floor, and say what was not measured', () => {
    const svg = barChart('A title', 'ms', [
      { label: 'thread', value: 20, floor: 10 },
      { label: 'a <b> & "c"', value: null, floor: null, note: 'not measured: too many' },
    ]);
    expect(svg.match(/<rect/g)).to.have.length(3);
    expect(svg.match(/class="floor"/g)).to.have.length(1);
    expect(svg).to.include('a &lt;b&gt; &amp; &quot;c&quot;').and.to.include('not measured: too many');
    expect(svg).to.include('20 ms').and.not.include('NaN');
    expect(svg.match(/width="420"/g), 'the largest takes all the room').to.have.length(1);
  });

  it('take a logarithmic scale where values are far apart', () => {
    const series = [{ label: 'cell', points: [[10, 1] as const, [1_000, 900] as const] }];
    const svg = lineChart('Lines', 'MB', 'monitors', series);
    expect(svg).to.include('logarithmic').and.to.include('<polyline').and.not.include('NaN');
    expect(svg.match(/<circle/g)).to.have.length(2);
  });

  it('are lines where a case was measured at several numbers, bars elsewhere', () => {
    const machine = { commit: 'abc1234', node: 'v20.20.2', cpu: 'Some CPU', cores: 2, date: '2026-01-31' };
    const row = (n: number, host: string, value: number) =>
      measuredRow({ bench: 'x', case: 'a', host, n, metric: 'rss', unit: 'MB' }, [value]);
    const result = { bench: 'x', machine, rows: [row(1, 'cell', 3), row(10, 'cell', 2)] };
    const [lines] = chartsOf(result);
    expect(lines?.file).to.equal('x-rss.svg');
    expect(lines?.svg).to.include('<polyline').and.to.include('>a<');
    const [bars] = chartsOf({ ...result, rows: [row(1, 'cell', 3), row(1, 'thread', 2)] });
    expect(bars?.svg).to.not.include('<polyline').and.not.include('a · ');
    expect(bars?.svg).to.include('>cell<').and.to.include('>thread<');
    expect(chartsOf({ ...result, rows: [] })).to.deep.equal([]);
    const page = pageOf([{ question: 'how much', result }]);
    expect(page).to.include('## x\n\nHow much.').and.to.include('![x: rss](results/x-rss.svg)');
    expect(page).to.include('2 × Some CPU').and.to.include('| a | cell | 10 | rss | 2 MB |');
  });
});

describe('bench rows that could not be measured', () => {
  const label: RowLabel = {
    bench: 'capacity',
    case: 'a',
    host: 'pool',
    n: 9,
    metric: 'monitors',
    unit: 'count',
  };
  const line: Line = {
    what: '',
    bench: 'capacity',
    case: 'a',
    metric: 'monitors',
    n: null,
    host: 'pool',
    max: 5,
  };

  it('say why, and meet and miss no target', () => {
    const row = unmeasuredRow(label, 'too many');
    expect(plainRow(row)).to.include({ value: null, note: 'not measured: too many' });
    expect(rowOf(line, [row])).to.equal(row);
    expect(isMet(line, row)).to.equal(null);
    expect(rowOf({ ...line, host: 'thread' }, [row])).to.equal(undefined);
  });

  it('can have a target for what others take at least', () => {
    const row = measuredRow({ ...label, unit: 'MB' }, [10], [0.4]);
    expect(isMet({ ...line, max: null, minRatio: 20 }, row)).to.equal(true);
    expect(isMet({ ...line, max: null, minRatio: 30 }, row)).to.equal(false);
  });

  it('stand for a host that fails, and for one that is not tried; the others are measured', async () => {
    const [thread, process_, cell] = HOSTS;
    const lab = new Lab({
      isQuick: true,
      numbers: null,
      progress: () => undefined,
      hosts: [thread!, process_!, cell!],
    });
    const labelOf = (host: string): RowLabel => ({ ...label, host });
    const rows = await byHost(
      lab,
      process_!.most + 1,
      ({ name }) => [labelOf(name)],
      async ({ host }) => {
        if (host === cell) throw new Error('no room\nat somewhere');
        return [measuredRow(labelOf(host.name), [7])];
      },
    );
    await lab.close();
    const notes = rows.map(({ host, value, note }) => [host, value, note]);
    expect(notes).to.deep.equal([
      ['thread', 7, undefined],
      ['process', null, `not measured: ${refusalOf(process_!, process_!.most + 1)}`],
      ['cell', null, 'not measured: no room'],
    ]);
  });
});

describe('benches', () => {
  it('stay within half an hour together', () => {
    const seconds = BENCHES.reduce((sum, { budgetS }) => sum + budgetS, 0);
    expect(seconds).to.be.at.most(29.5 * 60);
  });

  it('have names of their own', () => {
    expect(new Set(BENCHES.map(({ name }) => name)).size).to.equal(BENCHES.length);
    expect(new Set(HOSTS.map(({ name }) => name)).size).to.equal(HOSTS.length);
  });
});

describe('process tree', () => {
  it('counts a process and what it forked, and nothing once they are gone', async () => {
    const script = join(ROOT, 'benchmarks/fixtures/empty-process.cjs');
    const child = fork(script, [], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    expect(treeOf(process.pid)).to.include(pid);
    const { processes, rssMb, pssMb, privateMb } = readTree(process.pid);
    expect(processes).to.be.at.least(2);
    expect(rssMb).to.be.greaterThan(pssMb);
    expect(pssMb).to.be.at.least(privateMb);
    expect(cpuMsOfTree(process.pid)).to.be.greaterThan(0);
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
    expect(readTree(pid)).to.include({ processes: 0, rssMb: 0 });
  });
});
