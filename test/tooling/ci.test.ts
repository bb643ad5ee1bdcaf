/** The machinery in .ci: what is pure in it, and that its documents are up to date. */
import { ERROR_CODES } from '@vedette/contract';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsDocument } from '../../.ci/errors-doc.mjs';
import { isNodeNewEnough } from '../../.ci/setup.mjs';
import { eventually } from '../support/eventually.js';
import { ROOT } from '../support/root.js';

describe('ERRORS.md', () => {
  const page = readFileSync(join(ROOT, 'ERRORS.md'), 'utf8');

  it('is what `node .ci/errors-doc.mjs` writes now', () => {
    expect(page).to.equal(errorsDocument(ERROR_CODES));
  });

  it('has one row for every code, and no other row', () => {
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(rows.sort()).to.deep.equal(Object.keys(ERROR_CODES).sort());
  });

  it('leaves no code without an area that reads as words', () => {
    expect(page).not.to.match(/^## [A-Z]+$/m);
  });
});

describe('the Node check', () => {
  const CASES = {
    '20.19.0': true,
    '20.20.2': true,
    '21.0.0': true,
    '26.1.0': true,
    '20.18.3': false,
    '18.20.8': false,
  };
  for (const [version, isEnough] of Object.entries(CASES)) {
    it(`${isEnough ? 'takes' : 'refuses'} ${version}`, () => {
      expect(isNodeNewEnough(version)).to.equal(isEnough);
    });
  }
});

describe('eventually', () => {
  it('gives the first truthy value', async () => {
    let turn = 0;
    expect(await eventually(() => (turn += 1) > 3 && turn)).to.equal(4);
  });

  it('waits while the probe throws', async () => {
    let turn = 0;
    const probe = (): string => {
      turn += 1;
      if (turn < 3) throw new Error('not yet');
      return 'now';
    };
    expect(await eventually(probe)).to.equal('now');
  });

  const HOPELESS: readonly (readonly [name: string, probe: () => unknown, words: RegExp])[] = [
    ['stays falsy', () => 0, /the cat did not come about within 120 ms: last value 0/],
    ['throws', () => JSON.parse('{'), /it threw/],
    ['never settles', () => new Promise(() => undefined), /it threw/],
  ];
  for (const [name, probe, words] of HOPELESS) {
    it(`rejects at its deadline when the probe ${name}`, async () => {
      const failure = await eventually(probe, { deadlineMs: 30, everyMs: 5, what: 'the cat' }).then(
        () => null,
        (error: unknown) => error as Error,
      );
      expect(failure?.message).to.match(words);
    });
  }
});
