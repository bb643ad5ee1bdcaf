/** docs/kinds.md is what the strategies say, and every built-in kind says enough. */
import { gaugeName, settingRows, STRATEGIES } from '@vedette/cli/kinds';
import { PANIC_ERRORS } from '@vedette/monitor';
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kindsDocument } from '../../.ci/kinds-doc.mjs';
import { ROOT } from '../support/root.js';

describe('docs/kinds.md', () => {
  it('is what `node .ci/kinds-doc.mjs` writes now', () => {
    expect(readFileSync(join(ROOT, 'docs/kinds.md'), 'utf8')).to.equal(
      kindsDocument(STRATEGIES, settingRows, gaugeName),
    );
  });

  const codes = new Set<number>(Object.values(PANIC_ERRORS));
  for (const strategy of STRATEGIES) {
    const { kind, docs, module } = strategy;
    it(`says of ${kind} what it reads and publishes, and its codes in order`, () => {
      expect(docs?.reads).to.have.length.greaterThan(0);
      expect(docs?.publishes).to.have.length.greaterThan(0);
      const own = docs?.errors.map(({ code }) => code) ?? [];
      expect(own).to.have.length.greaterThan(0);
      expect(own).to.deep.equal([...new Set(own)].sort((one, other) => one - other));
      expect(own.filter((code) => !codes.has(code))).to.deep.equal([]);
      expect(existsSync(fileURLToPath(module).replace('/src/', '/dist/'))).to.equal(true);
    });

    it(`names the gauges of ${kind} as Prometheus wants them`, () => {
      const facts = Object.entries(docs?.facts ?? {});
      expect(facts).to.have.length.greaterThan(0);
      for (const [fact, what] of facts) {
        expect(gaugeName(kind, fact)).to.match(/^vedette_[a-z0-9]+(_[a-z0-9]+)+$/);
        expect(what).to.match(/^[^.\n]{5,100}$/);
      }
    });

    it(`describes every setting of ${kind}`, () => {
      const rows = settingRows(strategy);
      expect(rows).to.have.length.greaterThan(0);
      expect(rows.filter(({ about }) => about === '').map(({ name }) => name)).to.deep.equal([]);
    });
  }
});
