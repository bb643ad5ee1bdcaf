/** The linter bites: each rule the design leans on fails on code that breaks it. */
import { ESLint } from 'eslint';
import { expect } from 'chai';
import { join } from 'node:path';
import { forbiddenImport } from '../../.ci/eslint-arrows.mjs';
import { ROOT } from '../support/root.js';

/** A file that exists, so that the type-aware rules know it; its text is replaced in memory. */
interface Case {
  readonly name: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const CASES: readonly Case[] = [
  {
    name: 'an import cycle',
    file: 'packages/contract/src/wire-json.ts',
    code: `import { EXCHANGES } from './wire.js';\nexport const real = EXCHANGES;\n`,
    rule: 'import-x/no-cycle',
  },
  {
    name: 'a forbidden arrow',
    file: 'packages/contract/src/clock.ts',
    code: `export { defineMonitor } from '@vedette/monitor';\n`,
    rule: 'vedette/arrows',
  },
  {
    name: 'process.env outside the cli',
    file: 'packages/contract/src/clock.ts',
    code: `export const home = process.env['HOME'];\n`,
    rule: 'vedette/arrows',
  },
  {
    name: 'a promise nobody waits for',
    file: 'packages/contract/src/clock.ts',
    code: `export function go(): void {\n  Promise.resolve();\n}\n`,
    rule: '@typescript-eslint/no-floating-promises',
  },
  {
    name: 'an async function where a void one is expected',
    file: 'packages/contract/src/clock.ts',
    code: `export const go = (list: number[]): void => { list.forEach(async () => { await Promise.resolve(); }); };\n`,
    rule: '@typescript-eslint/no-misused-promises',
  },
  {
    name: 'a switch that leaves a case out',
    file: 'packages/contract/src/clock.ts',
    code: `export function go(word: 'a' | 'b'): void {\n  switch (word) { case 'a': break; }\n}\n`,
    rule: '@typescript-eslint/switch-exhaustiveness-check',
  },
  {
    name: 'a type imported as a value',
    file: 'packages/contract/src/clock.ts',
    code: `import { JsonObject } from './json.js';\nexport const none: JsonObject = {};\n`,
    rule: '@typescript-eslint/consistent-type-imports',
  },
  {
    name: 'any',
    file: 'packages/contract/src/clock.ts',
    code: `export const x: any = 1;\n`,
    rule: '@typescript-eslint/no-explicit-any',
  },
  {
    name: 'a non-null assertion',
    file: 'packages/contract/src/clock.ts',
    code: `export const first = (list: number[]): number => list[0]!;\n`,
    rule: '@typescript-eslint/no-non-null-assertion',
  },
  {
    name: 'a builtin without node:',
    file: 'packages/contract/src/clock.ts',
    code: `export { readFile } from 'fs/promises';\n`,
    rule: 'no-restricted-imports',
  },
  {
    name: 'a default export',
    file: 'packages/contract/src/clock.ts',
    code: `export default 1;\n`,
    rule: 'no-restricted-syntax',
  },
];

describe('lint', function () {
  // One type-checked program for all cases.
  this.timeout(120_000);
  let eslint: ESLint;
  before(() => {
    eslint = new ESLint({
      cwd: ROOT,
      // With CI=true typescript-eslint takes a run for a single one and reads files from disk, not our text.
      overrideConfig: {
        files: ['**/*.ts'],
        languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } },
      },
    });
  });

  for (const { name, file, code, rule } of CASES) {
    it(`refuses ${name} (${rule})`, async () => {
      const [result] = await eslint.lintText(code, { filePath: join(ROOT, file) });
      expect(
        result?.messages.filter((message) => message.severity === 2).map((message) => message.ruleId),
      ).to.include(rule);
    });
  }

  it('refuses a disable comment that disables nothing', async () => {
    const code = '// eslint-disable-next-line no-control-regex -- no reason\nexport const one = 1;\n';
    const [result] = await eslint.lintText(code, { filePath: join(ROOT, 'packages/contract/src/clock.ts') });
    expect(result?.messages.map((message) => message.message).join()).to.match(/Unused eslint-disable/);
    expect(result?.errorCount).to.equal(1);
  });

  it('accepts code that breaks no rule', async () => {
    const code = `import type { JsonObject } from './json.js';\nexport const none: JsonObject = {};\n`;
    const [result] = await eslint.lintText(code, { filePath: join(ROOT, 'packages/contract/src/clock.ts') });
    expect(result?.messages).to.deep.equal([]);
  });
});

describe('vedette/arrows', () => {
  const REFUSED: readonly (readonly [file: string, specifier: string])[] = [
    ['packages/contract/src/a.ts', '@vedette/broker'],
    ['packages/supervisor/src/a.ts', '@vedette/broker'],
    ['packages/supervisor/src/a.ts', '@vedette/monitor'],
    ['packages/monitor/src/a.ts', '@vedette/supervisor'],
    ['packages/manager/src/a.ts', '@vedette/monitor'],
    ['packages/manager/src/a.ts', '@vedette/monitors-evm'],
    ['packages/monitors-evm/src/evm-node/a.ts', '@vedette/broker'],
    ['packages/monitors-evm/src/evm-node/a.ts', '@vedette/monitors-general'],
    ['packages/manager/src/a.ts', '@vedette/contract/src/json.js'],
    ['packages/manager/src/a.ts', '@vedette/contract/dist/json.js'],
    ['packages/manager/src/deep/a.ts', '../../../contract/src/json.js'],
    ['packages/manager/test/a.test.ts', '../../contract/src/json.js'],
    ['test/whole.test.ts', '../packages/contract/src/json.js'],
    ['packages/manager/src/a.ts', 'ethers'],
    ['packages/monitor/src/a.ts', 'amqplib'],
    ['packages/manager/src/a.ts', 'smqp'],
    ['packages/supervisor/src/a.ts', 'winston'],
    ['packages/manager/src/a.ts', 'commander'],
    ['packages/manager/src/a.ts', 'node:process'],
    ['packages/newcomer/src/a.ts', '@vedette/contract'],
  ];
  const ACCEPTED: readonly (readonly [file: string, specifier: string])[] = [
    ['packages/broker/src/a.ts', '@vedette/contract'],
    ['packages/broker/src/a.ts', 'amqplib'],
    ['packages/monitors-evm/src/evm-node/strategy.ts', '@vedette/contract/strategy'],
    ['packages/monitors-evm/src/evm-node/monitor.ts', 'ethers'],
    ['packages/cli/src/a.ts', '@vedette/manager'],
    ['packages/cli/src/a.ts', 'node:process'],
    ['packages/manager/src/intake/a.ts', '../wanted-set.js'],
    ['packages/manager/test/a.test.ts', '../src/wanted-set.js'],
    ['packages/manager/test/a.test.ts', '../../../test/support/eventually.js'],
    ['packages/monitor/test/a.test.ts', 'amqplib'],
    ['benchmarks/ready.ts', '@vedette/supervisor'],
  ];
  for (const [file, specifier] of REFUSED) {
    it(`refuses ${specifier} in ${file}`, () => {
      expect(forbiddenImport(file, specifier)).to.be.a('string');
    });
  }
  for (const [file, specifier] of ACCEPTED) {
    it(`accepts ${specifier} in ${file}`, () => {
      expect(forbiddenImport(file, specifier)).to.equal(null);
    });
  }
});
