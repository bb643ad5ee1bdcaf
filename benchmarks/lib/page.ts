/** `benchmarks/README.md`: every kept result with its question, its machine, its charts and all its rows. Pure. */
import { chartsOf } from './charts.js';
import { machineLine } from './machine.js';
import type { Result } from './results.js';
import type { MeasuredRow } from './rows.js';
import { withUnit } from './table.js';
import { targetTable } from './target-table.js';
import { LINES } from './targets.js';

export interface Section {
  readonly question: string;
  readonly result: Result;
}

export function pageOf(sections: readonly Section[]): string {
  const parts = sections.map(({ question, result }) => {
    const charts = chartsOf(result).map(({ file, title }) => `![${title}](results/${file})`);
    return [
      `## ${result.bench}`,
      `${capitalised(question)}.`,
      `Measured: ${machineLine(result.machine)}.`,
      ...charts,
      tableOf(result.rows),
    ].join('\n\n');
  });
  const results = sections.map(({ result }) => result);
  return [HEAD, '## What must be reached', targetTable(LINES, results), ...parts].join('\n\n').concat('\n');
}

const HEAD = `# Benchmarks

Written by \`npm run bench\` and by \`npm run bench -- --readme\` from the kept results in \`results/\`; do not edit.

One file per question, all hosts side by side in one run, each figure beside its floor: the least that could do the
same, in the same run. \`npm run bench\` measures everything within half an hour, \`npm run bench -- NAME\` one bench
with all the time it wants, \`--quick\` shows that it works, \`--list\` names them. What a figure means, and what its
floor is, stands at the top of the bench's file. A row that a host cannot do says so.

Where a floor itself is above a target, the target cannot be met on that machine; look at the ratio.`;

function tableOf(rows: readonly MeasuredRow[]): string {
  const head = '| case | host | n | metric | median | min | p99 | floor | ratio | |';
  const lines = rows.map((row) => {
    const cells = [
      row.case,
      row.host === 'none' ? '' : row.host,
      String(row.n),
      row.metric,
      withUnit(row.value, row.unit),
      row.samples > 1 ? String(row.min) : '',
      row.samples > 1 ? String(row.p99) : '',
      row.floor === null ? '' : withUnit(row.floor, row.unit),
      row.ratio === null ? '' : `${row.ratio} ×`,
      row.note ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [head, '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
