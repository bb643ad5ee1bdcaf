/**
 * Writes what people read from the kept results: README's table, `benchmarks/README.md` and its charts. Promise:
 * what stands outside README's two markers is untouched.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/support/root.js';
import { machineLine } from './machine.js';
import { pageOf } from './page.js';
import { keepCharts, keptResult, type Result } from './results.js';
import { withUnit } from './table.js';
import { isMet, LINES, rowOf, type Line } from './targets.js';

const START = '<!-- benchmarks: written by `npm run bench -- --readme` -->';
const END = '<!-- benchmarks: end -->';

/** `questions` by bench, in the order of the page. */
export function writeReadmes(questions: readonly (readonly [bench: string, question: string])[]): void {
  const sections = questions.flatMap(([bench, question]) => {
    const result = keptResult(bench);
    return result === null ? [] : [{ question, result }];
  });
  for (const { result } of sections) keepCharts(result);
  writeFileSync(join(ROOT, 'benchmarks', 'README.md'), pageOf(sections));
  writeTable();
}

function writeTable(): void {
  const path = join(ROOT, 'README.md');
  const names = [...new Set(LINES.map(({ bench }) => bench))];
  const results = names.map(keptResult).filter((result): result is Result => result !== null);
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), section(results)));
}

/** `readme` with the text between the markers replaced; the end marker is added where it is missing. */
export function withSection(readme: string, text: string): string {
  const start = readme.indexOf(START);
  if (start === -1) throw new Error(`README.md has no line ${START}`);
  const after = start + START.length;
  const end = readme.indexOf(END, after);
  const rest = end === -1 ? readme.slice(after) : readme.slice(end + END.length);
  return `${readme.slice(0, after)}\n${text}\n${END}${rest}`;
}

/** The table, and for each bench which code and machine it comes from. */
export function section(results: readonly Result[]): string {
  const rows = results.flatMap((result) => result.rows);
  const lines = LINES.flatMap((line) => {
    const row = rowOf(line, rows);
    if (row === undefined) return [];
    const met = isMet(line, row);
    const cells = [
      line.what,
      row.value === null ? (row.note ?? '') : withUnit(row.value, row.unit),
      row.floor === null ? '' : withUnit(row.floor, row.unit),
      row.ratio === null ? '' : `${row.ratio} ×`,
      targetOf(line, row.unit),
      met === null ? '' : met ? 'yes' : '**no**',
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  return [
    '| what | measured | floor | ratio | target | met? |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    ...sourcesOf(results),
  ].join('\n');
}

function targetOf({ max, maxRatio, minRatio }: Line, unit: Parameters<typeof withUnit>[1]): string {
  const parts = [
    max === null ? null : `≤ ${withUnit(max, unit)}`,
    maxRatio === undefined ? null : `≤ ${maxRatio} ×`,
    minRatio === undefined ? null : `≥ ${minRatio} ×`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** One line where all were measured alike. */
function sourcesOf(results: readonly Result[]): string[] {
  const benchesBy = new Map<string, string[]>();
  for (const { bench, machine } of results) {
    const line = machineLine(machine);
    benchesBy.set(line, [...(benchesBy.get(line) ?? []), bench]);
  }
  const isOne = benchesBy.size === 1;
  return [...benchesBy].map(
    ([line, benches]) => `Medians${isOne ? '' : ` (${benches.join(', ')})`}: ${line}.`,
  );
}
