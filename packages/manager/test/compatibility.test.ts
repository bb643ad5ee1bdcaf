/** docs/compatibility.md names a test for each behaviour: each of them must be there. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells, cited, testNames } from '../../../test/support/cited-tests.js';
import { ROOT } from '../../../test/support/root.js';

const DOCUMENT = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8');

interface Row {
  readonly first: string;
  readonly last: string;
}

function rows(): Row[] {
  return DOCUMENT.split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (---|behaviour|PANIC \| Vedette|no\. )/.test(line))
    .map((line) => ({ first: cells(line)[0] ?? '', last: cells(line).at(-1) ?? '' }));
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
