/** Figures, chains, events and time on the dashboard: pure decisions, without a browser. */
import { expect } from 'chai';
import { liveEventOf, type LiveEvent } from '../web/src/api/events.js';
import { applied } from '../web/src/model/apply.js';
import { waitBefore } from '../web/src/model/backoff.js';
import { barOf, chainsOf } from '../web/src/model/chains.js';
import * as format from '../web/src/model/format.js';
import { happeningOf, mergedHappenings, troubleOf } from '../web/src/model/happenings.js';
import { KEPT_ROUNDS, lineOf, merged } from '../web/src/model/series.js';
import { linesOf } from '../web/src/model/settings.js';
import { sharesOf, spansOf } from '../web/src/model/timeline.js';
import type { HistoryEntry, MonitorRow } from '../web/src/api/types.js';
import { aRound, aRow } from './support/rows.js';

/** Thin spaces as plain ones, to be read. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('quantities on the dashboard', () => {
  const cases: readonly [made: string, text: string][] = [
    [format.wholeNumber(18_500_018), '18 500 018'],
    [format.plainNumber(0.01234), '0.012'],
    [format.plainNumber(12.345), '12.3'],
    [format.plainNumber(Number.NaN), '–'],
    [format.bytes(999), '999 B'],
    [format.bytes(33_234_567), '33.2 MB'],
    [format.duration(0.4), '0.4 ms'],
    [format.duration(320), '320 ms'],
    [format.duration(4_240), '4.2 s'],
    [format.duration(185_000), '3 min 5 s'],
    [format.duration(7_200_000), '2 h'],
    [format.duration(-5), '–'],
    [format.ago(10_000, 10_900), 'now'],
    [format.ago(0, 65_000), '1 min ago'],
    [format.ago(5_000, 0), 'now'],
    [format.factValue('is_syncing', 0), 'no'],
    [format.factValue('request_seconds', 0.0123), '12 ms'],
    [format.factValue('cpu_percent', 12.5), '12.5 %'],
    [format.factValue('block_height', null), 'not known'],
    [format.factTitle('virtual_memory_bytes'), 'Virtual memory'],
    [format.shortened('abcdef', 4), 'abc…'],
    [format.shortened('😀'.repeat(4), 5), '😀😀😀😀…'],
    [format.counted(1, 'monitor'), '1 monitor'],
  ];
  for (const [made, text] of cases) {
    it(`read ${text}`, () => {
      expect(plain(made)).to.equal(text);
    });
  }
});

describe('an event', () => {
  const about = { id: 'evm-node:geth', kind: 'evm-node', attempt: 2, at: 9_000 };
  const error = { code: 'WORKER_CRASHED', message: 'boom', remedy: 'look' };
  const cases: readonly [event: LiveEvent, changed: Partial<MonitorRow>][] = [
    [
      { ...about, name: 'monitor.state-changed', from: 'running', to: 'backoff', error },
      { state: 'backoff', error, since: 9_000, attempt: 2, host: null },
    ],
    [
      { ...about, at: 500, name: 'monitor.state-changed', from: 'running', to: 'backoff', error },
      { state: 'running' },
    ],
    [{ ...about, name: 'monitor.health-changed', from: 'healthy', to: 'late' }, { health: 'late' }],
    [{ ...about, name: 'monitor.restarted' }, { restarts: 1 }],
    [
      { ...about, name: 'monitor.paused' },
      { isPaused: true, state: 'running' },
    ],
    [{ ...about, name: 'monitor.link-changed', link: 'disconnected' }, { link: 'disconnected' }],
    [
      {
        ...aRound({ facts: { block_height: 121, other: 1 }, reported: { code: 5_015, message: 'down' } }),
        name: 'monitor.round-ended',
      },
      { reportedCode: 5_015, keyFigure: 'height 121', facts: { block_height: 121 } },
    ],
    [{ ...aRound({ at: 4_000 }), name: 'monitor.round-ended' }, { keyFigure: 'height 120' }],
  ];
  for (const [event, changed] of cases) {
    it(`${event.name} at ${event.at} makes a row ${JSON.stringify(changed)}`, () => {
      expect(applied(aRow(), event)).to.deep.include(changed);
    });
  }

  it('of a pause that takes effect makes it paused', () => {
    const event = {
      ...about,
      name: 'monitor.state-changed',
      from: 'stopping',
      to: 'stopped',
      error: null,
    } as const;
    expect(applied(aRow({ isPaused: true }), event).state).to.equal('paused');
  });

  it('that is not known, or no JSON, is passed over', () => {
    expect([liveEventOf('monitor.sang', '{}'), liveEventOf('monitor.paused', '{')]).to.deep.equal([
      null,
      null,
    ]);
  });

  it('that brings trouble, or ends it, is told; one that changes nothing is not', () => {
    const down = {
      ...aRound({ reported: { code: 5_015, message: 'down' } }),
      name: 'monitor.round-ended',
    } as const;
    const up = { ...aRound(), name: 'monitor.round-ended' } as const;
    expect([troubleOf(null, down)?.what, troubleOf(5_015, up)?.what]).to.deep.equal([
      'sees trouble 5015',
      'sees no trouble any more',
    ]);
    expect([troubleOf(5_015, down), troubleOf(null, up)]).to.deep.equal([null, null]);
  });

  it('is told once, newest first', () => {
    const told = [1, 3, 2, 3].flatMap((at) => happeningOf({ ...about, at, name: 'monitor.paused' }) ?? []);
    expect(mergedHappenings([], told, 2).map(({ at }) => at)).to.deep.equal([3, 2]);
    expect(happeningOf({ ...aRound(), name: 'monitor.round-ended' })).to.equal(null);
  });
});

describe('chains', () => {
  const node = (id: string, height: number | null, parts: Partial<MonitorRow> = {}): MonitorRow =>
    aRow({ id, name: id, facts: height === null ? {} : { block_height: height }, ...parts });

  it('hold their nodes by height, and what has none beside them', () => {
    const [chain, ...more] = chainsOf([node('a', 90), node('b', 100), node('c', null), aRow({ chain: '' })]);
    expect(more).to.deep.equal([]);
    expect(chain?.nodes.map(({ row, lag }) => [row.id, lag])).to.deep.equal([
      ['b', 0],
      ['a', 10],
    ]);
    expect([chain?.head, chain?.others.length]).to.deep.equal([100, 1]);
  });

  it('with trouble come first; the same name on another base is another chain', () => {
    const found = chainsOf([
      node('a', 1, { chain: 'a' }),
      node('b', 1, { chain: 'b', reportedCode: 5_015 }),
      node('c', 1, { chain: 'b', baseChain: 'cosmos' }),
    ]);
    expect(found.map(({ name, base }) => `${name} ${base}`)).to.deep.equal(['b chainlink', 'a ', 'b cosmos']);
  });

  it('have bars that shrink with what is missing, never to nothing', () => {
    expect([0, 1, 10, 100, 1e9].map(barOf)).to.deep.equal([100, 93, 75, 52, 4]);
  });
});

describe('figures over time', () => {
  it('are drawn with gaps where a round saw nothing', () => {
    const points = [0, 1, 2, 3].map((at) => ({ at, value: at === 1 ? null : at * 10 }));
    expect(lineOf(points, 30, 10)).to.deep.equal({ path: 'M0.0 10.0M20.0 3.3L30.0 0.0', least: 0, most: 30 });
  });

  it('that never change are a line in the middle; one value is none', () => {
    const same = [1, 2].map((at) => ({ at, value: 7 }));
    expect(lineOf(same, 10, 10)?.path).to.equal('M0.0 5.0L10.0 5.0');
    expect([lineOf(same.slice(0, 1), 10, 10)?.path, lineOf([], 10, 10)]).to.deep.equal(['', null]);
  });

  it('keep each round once, and not more than they may', () => {
    const rounds = Array.from({ length: KEPT_ROUNDS + 5 }, (_, index) => aRound({ at: index }));
    const all = merged(rounds, [aRound({ at: 3 }), aRound({ at: 400 })]);
    expect([all.length, all[0]?.at, all.at(-1)?.at]).to.deep.equal([KEPT_ROUNDS, 6, 400]);
  });

  it('of state are spans without holes', () => {
    const change = (at: number, to: string): HistoryEntry => {
      return { at, what: 'state', from: '', to, attempt: 1, cause: null, error: null };
    };
    const spans = spansOf(
      [change(0, 'starting'), change(10, 'running'), change(90, 'backoff')],
      'state',
      100,
    );
    expect(spans.map(({ word, from, to }) => [word, from, to])).to.deep.equal([
      ['starting', 0, 10],
      ['running', 10, 90],
      ['backoff', 90, 100],
    ]);
    expect(sharesOf(spans)[0]).to.deep.equal({ word: 'running', share: 0.8 });
  });
});

describe('what remains', () => {
  it('waits longer from try to try, and never too long', () => {
    expect([0, 1, 2, 9].map((attempt) => waitBefore(attempt, 1))).to.deep.equal([
      1_000, 2_000, 4_000, 15_000,
    ]);
    expect(waitBefore(0, 0)).to.equal(750);
  });

  it('shows settings as lines', () => {
    expect(linesOf({ url: 'http://a', peers: [{ on: true }], none: [], nothing: null })).to.deep.equal([
      { name: 'url', value: 'http://a' },
      { name: 'peers[0].on', value: 'yes' },
      { name: 'none', value: 'none' },
      { name: 'nothing', value: 'none' },
    ]);
  });
});
