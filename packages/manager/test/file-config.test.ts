import { expect } from 'chai';
import fc from 'fast-check';
import { ERROR_CODES } from '@vedette/contract';
import { parseConfigFile } from '../src/intake/file-config.js';
import { StrategyRegistry } from '../src/strategy-registry.js';
import { probeStrategy } from './support/probe-strategy.js';

const registry = new StrategyRegistry([probeStrategy]);
const parse = (text: string): ReturnType<typeof parseConfigFile> => parseConfigFile(text, registry);

const GOOD = `
monitors:
  - kind: probe
    id: a
    chain: local
    period: 2s
    settings:
      url: http://127.0.0.1:1
  - kind: probe
    id: b
    settings: { url: 'http://127.0.0.1:2', unknown: tolerated }
`;

describe('parseConfigFile', () => {
  it('reads monitorables with their defaults', () => {
    const { specs, problems } = parse(GOOD);
    expect(problems).to.deep.equal([]);
    expect(
      specs.map(({ id, name, periodMs, origin }) => [id, name, periodMs, origin.subChain, origin.baseChain]),
    ).to.deep.equal([
      ['probe:a', 'a', 2_000, 'local', 'chainlink'],
      ['probe:b', 'b', 10_000, 'general', 'general'],
    ]);
  });

  it('reads JSON as well', () => {
    const text = JSON.stringify({ monitors: [{ kind: 'probe', id: 'a', settings: { url: 'http://h' } }] });
    expect(parse(text).specs).to.have.length(1);
  });

  const bad: [string, string, string, number | null, string | null][] = [
    ['an unknown kind', 'monitors:\n  - kind: nope\n    id: a\n', 'CONFIG_UNKNOWN_KIND', 2, 'kind'],
    ['a missing id', 'monitors:\n  - kind: probe\n', 'CONFIG_MISSING_FIELD', 2, 'id'],
    [
      'a missing setting',
      'monitors:\n  - kind: probe\n    id: a\n',
      'CONFIG_MISSING_FIELD',
      2,
      'settings.url',
    ],
    [
      'a setting of the wrong type',
      'monitors:\n  - kind: probe\n    id: a\n    settings:\n      url: 7\n',
      'CONFIG_INVALID_FIELD',
      5,
      'settings.url',
    ],
    [
      'a file: URL',
      'monitors:\n  - kind: probe\n    id: a\n    settings:\n      url: file:///etc/passwd\n',
      'CONFIG_INVALID_URL',
      5,
      'settings.url',
    ],
    [
      'a URL with credentials',
      'monitors:\n  - kind: probe\n    id: a\n    settings:\n      url: http://me:hunter2@h\n',
      'CONFIG_INVALID_URL',
      5,
      'settings.url',
    ],
    [
      'a bad period',
      'monitors:\n  - kind: probe\n    id: a\n    period: soon\n    settings: {url: "http://h"}\n',
      'CONFIG_INVALID_FIELD',
      4,
      'period',
    ],
    ['no list of monitors', 'monitor: []\n', 'CONFIG_WRONG_TYPE', null, 'monitors'],
    ['a list at the top', '- 1\n', 'CONFIG_WRONG_TYPE', null, 'monitors'],
    ['broken YAML', 'monitors:\n  - {kind: probe\n', 'CONFIG_FILE_SYNTAX', 3, null],
    ['a key given twice', 'monitors: []\nmonitors: []\n', 'CONFIG_FILE_SYNTAX', 2, null],
    [
      'prototype keys',
      'monitors:\n  - kind: probe\n    __proto__: {isAdmin: true}\n',
      'CONFIG_FORBIDDEN_KEY',
      3,
      '__proto__',
    ],
    ['deep nesting', `monitors: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`, 'CONFIG_TOO_DEEP', null, null],
    ['10 MB', `# ${'x'.repeat(10_000_000)}\nmonitors: []\n`, 'CONFIG_TOO_LARGE', null, null],
  ];
  for (const [what, text, code, line, field] of bad) {
    it(`refuses ${what} with ${code}${line === null ? '' : ` in line ${line}`}`, () => {
      const { problems } = parse(text);
      expect(problems.map((one) => [one.code, one.line, one.field])).to.deep.equal([[code, line, field]]);
      expect(JSON.stringify(problems)).to.not.include('hunter2');
    });
  }

  it('names both lines of a duplicate id', () => {
    const entry = '  - kind: probe\n    id: twin\n    settings: {url: "http://h"}\n';
    const { problems } = parse(`monitors:\n${entry}${entry}`);
    expect(problems.map((one) => [one.code, one.line])).to.deep.equal([['CONFIG_DUPLICATE_ID', 6]]);
    expect(problems[0]?.reason).to.include('line 3');
  });

  it('reports all problems at once', () => {
    const { problems } = parse('monitors:\n  - kind: nope\n    id: a\n  - kind: probe\n    id: b\n  - 7\n');
    expect(problems.map((one) => one.code)).to.deep.equal([
      'CONFIG_UNKNOWN_KIND',
      'CONFIG_MISSING_FIELD',
      'CONFIG_WRONG_TYPE',
    ]);
  });

  it('never throws on 3,000 mutated files', () => {
    const mutated = fc
      .tuple(fc.nat(GOOD.length), fc.nat(12), fc.string({ unit: 'binary', maxLength: 12 }))
      .map(([at, cut, text]) => GOOD.slice(0, at) + text + GOOD.slice(at + cut));
    fc.assert(
      fc.property(mutated, (text) => {
        for (const one of parse(text).problems) expect(one.code in ERROR_CODES).to.equal(true);
      }),
      { numRuns: 3_000 },
    );
  }).timeout(60_000);
});
