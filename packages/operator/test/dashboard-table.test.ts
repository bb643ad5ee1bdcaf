/** What the dashboard's table shows: pure decisions, without a browser. */
import { expect } from 'chai';
import { conditionOf, countConditions, needsAttention, type Condition } from '../web/src/model/condition.js';
import { ALL_MONITORS, routeOf, sortedBy, tableHash, type TableQuery } from '../web/src/model/route.js';
import { choicesOf, isShown, tableOf, worstOf } from '../web/src/model/table.js';
import { movedBy, scrollFor, windowOf } from '../web/src/model/window.js';
import type { MonitorRow } from '../web/src/api/types.js';
import { aRow } from './support/rows.js';

const CASES: readonly [parts: Partial<MonitorRow>, condition: Condition, needs: boolean][] = [
  [{}, 'well', false],
  [{ state: 'failed', health: 'hung' }, 'failed', true],
  [{ health: 'hung' }, 'hung', true],
  [{ state: 'backoff', health: 'unknown' }, 'backoff', true],
  [{ health: 'failing', reportedCode: 5_015 }, 'failing', true],
  [{ health: 'late' }, 'late', true],
  [{ reportedCode: 5_015 }, 'reporting', true],
  [{ state: 'paused', reportedCode: 5_015 }, 'paused', false],
  [{ state: 'stopped' }, 'stopped', false],
  [{ state: 'starting' }, 'starting', false],
  [{ lastRound: null, health: 'unknown' }, 'fresh', false],
];
const query = (parts: Partial<TableQuery>): TableQuery => ({ ...ALL_MONITORS, ...parts });

describe('the condition of a monitor', () => {
  for (const [parts, condition, needs] of CASES) {
    it(`is ${condition} for ${JSON.stringify(parts)}`, () => {
      expect(conditionOf(aRow(parts))).to.equal(condition);
      expect(needsAttention(condition)).to.equal(needs);
    });
  }

  it('is counted, worst first, none without a monitor', () => {
    const rows = CASES.map(([parts]) => aRow(parts));
    expect(countConditions(rows)[0]).to.deep.equal({ condition: 'failed', count: 1 });
    expect(countConditions([aRow(), aRow()])).to.deep.equal([{ condition: 'well', count: 2 }]);
  });
});

describe('the table of monitors', () => {
  const shown: readonly [filter: Partial<TableQuery>, isShown: boolean][] = [
    [{}, true],
    [{ q: 'GETH' }, true],
    [{ q: 'evm test' }, true],
    [{ q: 'evm mainnet' }, false],
    [{ state: 'running', health: 'healthy', kind: 'evm-node', chain: 'testnet' }, true],
    [{ state: 'failed' }, false],
    [{ kind: 'evm' }, false],
    [{ is: 'well' }, true],
    [{ is: 'attention' }, false],
    [{ is: 'no such' }, false],
  ];
  for (const [filter, expected] of shown) {
    it(`${expected ? 'shows' : 'hides'} a well geth for ${JSON.stringify(filter)}`, () => {
      expect(isShown(aRow(), query(filter))).to.equal(expected);
    });
  }

  const rows = [
    aRow({ id: 'a', name: 'Zeta', restarts: 2 }),
    aRow({ id: 'b', name: 'alpha', health: 'late' }),
    aRow({ id: 'c', name: 'mid', state: 'failed', lastRound: null }),
  ];
  const orders: readonly [order: Partial<TableQuery>, ids: string][] = [
    [{}, 'cba'],
    [{ isReversed: true }, 'abc'],
    [{ sort: 'name' }, 'bca'],
    [{ sort: 'restarts' }, 'abc'],
    [{ sort: 'lastRound' }, 'abc'],
  ];
  for (const [order, ids] of orders) {
    it(`stands in order ${ids} for ${JSON.stringify(order)}`, () => {
      expect(
        tableOf(rows, query(order))
          .map(({ id }) => id)
          .join(''),
      ).to.equal(ids);
    });
  }

  it('gives the worst only of those that need somebody, and choices with their numbers', () => {
    expect(worstOf(rows, 5).map(({ id }) => id)).to.deep.equal(['c', 'b']);
    expect(choicesOf(rows, 'state')).to.deep.equal([
      { value: 'running', count: 2 },
      { value: 'failed', count: 1 },
    ]);
  });
});

describe('the window of a long list', () => {
  const cases: readonly [scrollTop: number, count: number, first: number, end: number][] = [
    [0, 5_000, 0, 14],
    [3_600, 5_000, 96, 114],
    [179_640, 5_000, 4_986, 5_000],
    [0, 3, 0, 3],
    [0, 0, 0, 0],
    [90_000, 10, 9, 10],
  ];
  for (const [scrollTop, count, first, end] of cases) {
    it(`at ${scrollTop} of ${count} rows is ${first} to ${end}`, () => {
      expect(windowOf({ scrollTop, height: 360, rowHeight: 36 }, count, 4)).to.deep.equal({ first, end });
    });
  }

  const keys: readonly [key: string, at: number, to: number | null][] = [
    ['ArrowDown', -1, 0],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['PageDown', 0, 4],
    ['PageUp', 2, 0],
    ['Home', 7, 0],
    ['End', 0, 9],
    ['a', 0, null],
  ];
  for (const [key, at, to] of keys) {
    it(`${key} leads from ${at} to ${to ?? 'nowhere'}`, () => {
      expect(movedBy(key, at, 10, 4)).to.equal(to);
    });
  }

  it('scrolls no further than it must', () => {
    const view = { scrollTop: 360, height: 360, rowHeight: 36 };
    expect([5, 12, 30].map((index) => scrollFor(index, view))).to.deep.equal([180, 360, 756]);
  });
});

describe('the address', () => {
  const hashes: readonly [hash: string, view: string][] = [
    ['', 'overview'],
    ['#/', 'overview'],
    ['#/chains', 'chains'],
    ['#/config', 'config'],
    ['#/monitors?q=a%20b&sort=-name', 'monitors'],
    ['#/monitor/evm-node%3Ageth', 'monitor'],
    ['#/monitor/%E0%A4%A', 'nowhere'],
    ['#/monitor/', 'nowhere'],
    ['#javascript:alert(1)', 'nowhere'],
  ];
  for (const [hash, view] of hashes) {
    it(`${hash || 'without anything'} is ${view}`, () => {
      expect(routeOf(hash).view).to.equal(view);
    });
  }

  it('gives back each query of the table as it was', () => {
    for (const parts of [{}, { q: 'a&b=<i>#?', kind: 'x' }, { sort: 'name', isReversed: true }] as const) {
      expect(routeOf(tableHash(query(parts)))).to.deep.equal({ view: 'monitors', query: query(parts) });
    }
  });

  it('takes an order nobody knows for the worst first', () => {
    expect(routeOf('#/monitors?sort=-evil')).to.deep.equal({ view: 'monitors', query: ALL_MONITORS });
  });

  it('turns an order round at the second click', () => {
    const once = sortedBy(ALL_MONITORS, 'name');
    expect([once.isReversed, sortedBy(once, 'name').isReversed]).to.deep.equal([false, true]);
  });
});
