/**
 * Writes what people read from the kept results: README's table of headlines, those of docs/size-a-machine.md,
 * `benchmarks/README.md` and its charts. Promise: what stands outside the two markers of a page is untouched.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/support/root.js';
import { pageOf } from './page.js';
import { keepCharts, keptResult, type Result } from './results.js';
import { SIZING_BENCHES, sizingTables } from './sizing-table.js';
import { targetTable } from './target-table.js';
import { LINES } from './targets.js';

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
  const headlines = LINES.filter(({ isHeadline }) => isHeadline === true);
  write('README.md', targetTable(headlines, resultsOf(headlines.map(({ bench }) => bench))));
  write('docs/size-a-machine.md', sizingTables(resultsOf(SIZING_BENCHES)));
}

function resultsOf(benches: readonly string[]): Result[] {
  return [...new Set(benches)].map(keptResult).filter((result): result is Result => result !== null);
}

function write(page: string, text: string): void {
  const path = join(ROOT, page);
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), text));
}

/** `readme` with the text between the markers replaced; the end marker is added where it is missing. */
export function withSection(readme: string, text: string): string {
  const start = readme.indexOf(START);
  if (start === -1) throw new Error(`The page has no line ${START}`);
  const after = start + START.length;
  const end = readme.indexOf(END, after);
  const rest = end === -1 ? readme.slice(after) : readme.slice(end + END.length);
  return `${readme.slice(0, after)}\n${text}\n${END}${rest}`;
}
