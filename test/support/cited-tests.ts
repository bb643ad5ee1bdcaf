/** Documents name tests in code type: what they name, and which names there are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.js';

/** First argument of `it`, as written: `${…}` of a template stays. Tables give their names as `what` and the like. */
export function testNames(): Set<string> {
  const names = new Set<string>();
  for (const file of testFiles(join(ROOT, 'packages')).concat(testFiles(join(ROOT, 'test')))) {
    const text = readFileSync(file, 'utf8');
    for (const pattern of [
      /\bit\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g,
      /(?:what: |^\s*\[\s*)(['"])((?:\\.|(?!\1)[^\\])*)\1/gm,
    ]) {
      for (const [, , name = ''] of text.matchAll(pattern)) names.add(name.replace(/\\(['"`])/g, '$1'));
    }
  }
  return names;
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.test\.ts$|-contract\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** Texts in code type, by one or two backticks, joined over line ends. */
export function cited(text: string): string[] {
  return [...text.matchAll(/(``?)(?!`)([\s\S]*?[^`])\1(?!`)/g)].map(([, , name = '']) =>
    name.replace(/\s+/g, ' '),
  );
}

/** The cells of a table's row. */
export function cells(line: string): string[] {
  return line
    .split(/ \| |^\| | \|$/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
