/** docs/hosting.md says which faults are tried on which host: the contract suite must try them, on each of these. */
import { expect } from 'chai';
import { HOST_WORDS } from '@vedette/contract';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells, cited, testNames } from '../support/cited-tests.js';
import { ROOT } from '../support/root.js';

/** What issue 5 wants of every host. */
const SHAPES = [
  'exits-0',
  'exits-1',
  'throws-on-import',
  'ignores-stop',
  'loops-for-ever',
  'blocks-in-a-system-call',
  'leaks-heap',
  'floods',
  'dies-at-once',
];
const HOSTS = join(ROOT, 'packages/supervisor/test/hosts');

const document = readFileSync(join(ROOT, 'docs/hosting.md'), 'utf8');
const table = document.slice(document.indexOf('<!-- hosts:')).split('\n');
const columns = cells(table[1] ?? '').slice(1, -1);
const rows = table.slice(3).filter((line) => line.startsWith('| '));

describe('the table of faults and hosts in docs/hosting.md', () => {
  it('has a row for each shape, with a word on each host and a test that exists', () => {
    const names = testNames();
    expect(rows.map((line) => cited(cells(line)[0] ?? '')[0])).to.deep.equal(SHAPES);
    for (const line of rows) {
      expect(cells(line), line).to.have.lengthOf(columns.length + 2);
      const tests = cited(cells(line).at(-1) ?? '');
      expect(tests, line).to.have.lengthOf(1);
      expect([...names]).to.include(tests[0]);
    }
  });

  it('has a column for each host there is, and for each the contract suite runs on', () => {
    const files = readdirSync(HOSTS).filter((name) => name.endsWith('.test.ts'));
    const texts = files.map((name) => readFileSync(join(HOSTS, name), 'utf8'));
    const tried = texts.flatMap((text) =>
      [...text.matchAll(/hostContract\(\{\s*name: '([^']+)'/g)].map(([, name]) => name),
    );
    const told = columns.flatMap((column) => cited(column));
    expect(told).to.have.members(tried);
    expect(told).to.include.members([...HOST_WORDS]);
  });

  it('names shapes that the contract suite tries', () => {
    const contract = readFileSync(join(HOSTS, 'host-contract.ts'), 'utf8');
    expect(SHAPES.filter((shape) => !contract.includes(`'${shape}'`))).to.deep.equal([]);
  });
});
