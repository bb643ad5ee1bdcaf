/** docs/compatibility.md names a test for each behaviour: each of them must be there. */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../test/support/root.js';

const DOCUMENT = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8');

/** First argument of `it`, as written: `${…}` of a template stays. Tables give their names as `what` and the like. */
function testNames(): Set<string> {
  const names = new Set<string>();
  for (const file of testFiles(join(ROOT, 'packages')).concat(testFiles(join(ROOT, 'test')))) {
    const text = readFileSync(file, 'utf8');
    for (const pattern of [
      /\bit\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g,
      /(?:what: |^\s*\[)(['"])((?:\\.|(?!\1)[^\\])*)\1/gm,
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
function cited(text: string): string[] {
  return [...text.matchAll(/(``?)(?!`)([\s\S]*?[^`])\1(?!`)/g)].map(([, , name = '']) =>
    name.replace(/\s+/g, ' '),
  );
}

interface Row {
  readonly first: string;
  readonly last: string;
}

function rows(): Row[] {
  return DOCUMENT.split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (---|behaviour|PANIC \| Vedette|no\. )/.test(line))
    .map((line) => {
      const cells = line.split(/ \| |^\| | \|$/).slice(1, -1);
      return { first: cells[0]?.trim() ?? '', last: cells.at(-1)?.trim() ?? '' };
    });
}

describe('docs/compatibility.md', () => {
  const names = testNames();

  it('gives every behaviour, deviation and weakness a test, or says why there is none', () => {
    expect(rows().length).to.be.greaterThan(60);
    const bare = rows().filter(({ last }) => cited(last).length === 0 && last !== 'issue 4');
    expect(bare.map(({ first }) => first)).to.deep.equal([]);
  });

  it('cites only tests that exist', () => {
    const missing = rows().flatMap(({ last }) => cited(last).filter((name) => !names.has(name)));
    expect(missing).to.deep.equal([]);
  });

  it('cites only tests that exist in its running text too', () => {
    const text = DOCUMENT.slice(DOCUMENT.indexOf('**Monitorables that'), DOCUMENT.indexOf('## 3.'));
    expect(cited(text).length).to.be.greaterThan(4);
    expect(cited(text).filter((name) => !names.has(name))).to.deep.equal([]);
  });

  it('covers each of the 23 weaknesses once', () => {
    const numbers = rows().flatMap(({ first }) => (/^\d+$/.test(first) ? [Number(first)] : []));
    expect(numbers).to.deep.equal(Array.from({ length: 23 }, (_, index) => index + 1));
  });
});
