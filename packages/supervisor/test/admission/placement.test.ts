import { expect } from 'chai';
import type { HostChoice, Hosting } from '@vedette/contract';
import {
  afterCellDeath,
  culpritOf,
  isDemoted,
  NO_DEATHS,
  type MonitorFacts,
  type Trouble,
} from '../../src/placement/demotion.js';
import { placementOf, type HostRules } from '../../src/placement/placement-of.js';
import { aSpec } from '../a-spec.js';

const NO_RULES: HostRules = { default: null, kinds: {}, monitors: {}, fallback: 'thread' };
const DEMOTED = { cellDeaths: 2, lastTrouble: 'hung' } as const;

describe('placementOf', () => {
  const all: HostRules = {
    default: 'cell',
    kinds: { test: 'process' },
    monitors: { 'test:a': 'thread' },
    fallback: 'thread',
  };
  const by = (host: HostChoice, level: Hosting['by']): Hosting => ({ host, by: level });
  const cases: readonly (readonly [
    what: string,
    rules: Partial<HostRules>,
    hosting: Hosting | null,
    host: HostChoice,
    reason: string,
  ])[] = [
    ['nothing', {}, null, 'thread', 'by-default'],
    ['nothing, and the fallback is auto', { fallback: 'auto' }, null, 'auto', 'auto'],
    ['a default', { default: 'cell' }, null, 'cell', 'by-default'],
    ['auto as the default', { default: 'auto' }, null, 'auto', 'auto'],
    ['a default of the config', {}, by('cell', 'default'), 'cell', 'by-default'],
    ['both defaults: flags win', { default: 'process' }, by('cell', 'default'), 'process', 'by-default'],
    ['a kind before a default', { ...all, monitors: {} }, null, 'process', 'by-kind'],
    [
      'a kind of the config before a default flag',
      { default: 'thread' },
      by('cell', 'kind'),
      'cell',
      'by-kind',
    ],
    ['both kinds: flags win', { kinds: { test: 'process' } }, by('cell', 'kind'), 'process', 'by-kind'],
    ['an id before all', all, by('cell', 'kind'), 'thread', 'by-id'],
    ['an id of the config before a kind flag', { kinds: all.kinds }, by('cell', 'monitor'), 'cell', 'by-id'],
    ['both ids: flags win', all, by('cell', 'monitor'), 'thread', 'by-id'],
    ['a config id without its kind', { monitors: { 'the-id': 'process' } }, null, 'process', 'by-id'],
    ['another kind', { kinds: { other: 'process' } }, null, 'thread', 'by-default'],
    ['a name of an object', { kinds: {}, monitors: {} }, null, 'thread', 'by-default'],
    ['density alone, which is no choice of host', {}, { density: 10, by: null }, 'thread', 'by-default'],
  ];
  for (const [what, rules, hosting, host, reason] of cases) {
    it(`follows ${what}`, () => {
      const spec = aSpec();
      const origin = { ...spec.origin, configId: 'the-id' };
      const placed = placementOf(
        { ...spec, origin, ...(hosting === null ? {} : { hosting }) },
        { ...NO_RULES, ...rules },
        NO_DEATHS,
      );
      expect(placed).to.deep.equal({ host, reason });
    });
  }

  it('puts a demoted monitor into a process of its own, whatever the rules say', () => {
    expect(placementOf(aSpec(), all, DEMOTED)).to.deep.equal({ host: 'process', reason: 'demoted' });
  });
});

describe('culpritOf', () => {
  const well: MonitorFacts = {
    id: 'test:a',
    killAskedMs: null,
    abortAskedMs: null,
    outOfMemoryMs: null,
    isInRound: false,
    heapKb: 5_000,
    externalKb: 100,
    limits: { oldMb: 24, externalMb: 64 },
  };
  const FATAL = '\n# Fatal JavaScript invalid size error 169220804\n';
  const HEAP = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
  const cases: readonly (readonly [
    what: string,
    facts: Partial<MonitorFacts>,
    output: string,
    trouble: Trouble | null,
  ])[] = [
    ['a neighbour', {}, '', null],
    ['a neighbour in a round', { isInRound: true }, '', null],
    ['one that was asked to abort', { abortAskedMs: 800, killAskedMs: 750 }, '', 'hung'],
    ['one that was asked to abort long ago', { abortAskedMs: 60_000 }, '', null],
    ['one that is being killed', { killAskedMs: 700 }, '', 'being-killed'],
    ['one past its heap mark', { heapKb: 20_000 }, '', 'out-of-memory'],
    ['one past its mark outside the heap', { externalKb: 70_000 }, '', 'out-of-memory'],
    ['one whose last run was out of memory', { outOfMemoryMs: 3_000 }, '', 'out-of-memory'],
    ['the only one in a round when the heap burst', { isInRound: true }, HEAP, 'out-of-memory'],
    ['the only one in a round when an array burst', { isInRound: true }, FATAL, 'out-of-memory'],
    ['one between rounds when the heap burst', {}, HEAP, null],
  ];
  for (const [what, facts, output, trouble] of cases) {
    it(`${trouble === null ? 'leaves alone' : 'names'} ${what}`, () => {
      const neighbour = { ...well, id: 'test:b' };
      const found = culpritOf([{ ...well, ...facts }, neighbour], output);
      expect(found).to.deep.equal(trouble === null ? null : { id: 'test:a', trouble });
    });
  }

  it('names nobody where several were in trouble, or in a round as the heap burst', () => {
    const two = (facts: Partial<MonitorFacts>) => [
      { ...well, ...facts },
      { ...well, id: 'test:b', ...facts },
    ];
    expect(culpritOf(two({ abortAskedMs: 100 }), '')).to.equal(null);
    expect(culpritOf(two({ isInRound: true }), HEAP)).to.equal(null);
    expect(culpritOf([], HEAP)).to.equal(null);
  });

  it('demotes after the second death, not after the first', () => {
    const once = afterCellDeath(NO_DEATHS, 'hung');
    const twice = afterCellDeath(once, 'out-of-memory');
    expect([NO_DEATHS, once, twice].map(isDemoted)).to.deep.equal([false, false, true]);
    expect(twice).to.deep.equal({ cellDeaths: 2, lastTrouble: 'out-of-memory' });
  });
});
