/** `vedette top` without a terminal: what keys do, what events change, which monitors are shown, and the picture. */
import { expect } from 'chai';
import { detailText, type MonitorDetail } from '../src/top/detail.js';
import { hear, type Monitor } from '../src/top/fleet.js';
import { frameOf, type Scene } from '../src/top/frame.js';
import { chosen, SORTS, type Sort } from '../src/top/order.js';
import { FIRST_VIEW, press, settled, type Key, type View } from '../src/top/view.js';

const aMonitor = (id: string, parts: Partial<Monitor> = {}): Monitor => ({
  id: `evm-node:${id}`,
  kind: 'evm-node',
  name: id,
  chain: 'local',
  state: 'running',
  health: 'healthy',
  host: 'cell:1',
  restarts: 0,
  keyFigure: 'block 1',
  lastRound: { outcome: 'ok', at: 9_000, durationMs: 14 },
  reportedCode: null,
  error: null,
  ...parts,
});

describe('the order of `vedette top`', () => {
  const all = [
    aMonitor('a', { restarts: 2, lastRound: { outcome: 'ok', at: 3, durationMs: 9 } }),
    aMonitor('b', { state: 'failed', host: null, lastRound: null, kind: 'system' }),
    aMonitor('c', {
      health: 'hung',
      restarts: 5,
      lastRound: { outcome: 'ok', at: 1, durationMs: 5 },
      host: 'pool:1',
    }),
    aMonitor('d', { reportedCode: 5015, chain: 'Ropsten' }),
    aMonitor('e', { state: 'paused', health: 'unknown' }),
  ];
  const names = (sort: Sort, isReversed = false, text = ''): string =>
    chosen(all, { sort, isReversed, text })
      .map(({ name }) => name)
      .join('');
  const orders: Readonly<Record<Sort, string>> = {
    worst: 'bcdea',
    name: 'abcde',
    kind: 'acdeb',
    state: 'beacd',
    health: 'abdce',
    host: 'badec',
    restarts: 'cabde',
    'last round': 'bcade',
    duration: 'deacb',
  };
  for (const sort of SORTS) it(`by ${sort}`, () => expect(names(sort)).to.equal(orders[sort]));

  it('reversed, equals still by id', () => expect(names('restarts', true)).to.equal('bdeac'));

  const filters: readonly [text: string, found: string][] = [
    ['', 'abcde'],
    ['SYSTEM', 'b'],
    ['ropsten', 'd'],
    ['node:e', 'e'],
    ['paused', 'e'],
    ['hung', 'c'],
    ['pool', 'c'],
    ['nothing', ''],
  ];
  for (const [text, found] of filters) {
    it(`of those with "${text}"`, () => expect(names('name', false, text)).to.equal(found));
  }
});

describe('the keys of `vedette top`', () => {
  const ids = Array.from({ length: 100 }, (_, index) => `m${index}`);
  const shown = { ids, rows: 10 };
  const key = (text: string): Key => {
    const named: Readonly<Record<string, Key>> = {
      '^C': { name: 'c', ctrl: true, text: '\u0003' },
      Enter: { name: 'return', text: '\r' },
      Esc: { name: 'escape', text: '\u001b' },
      Back: { name: 'backspace', text: '\u007f' },
      Down: { name: 'down' },
      Up: { name: 'up' },
      PageDown: { name: 'pagedown' },
      PageUp: { name: 'pageup' },
      End: { name: 'end' },
      Home: { name: 'home' },
    };
    return named[text] ?? { name: text.toLowerCase(), text };
  };
  const after = (keys: string): View | null =>
    keys
      .split(' ')
      .reduce<View | null>((view, one) => (view === null ? null : press(view, key(one), shown)), FIRST_VIEW);

  const cases: readonly [keys: string, expected: Partial<View> | null][] = [
    ['q', null],
    ['^C', null],
    ['/ q', { isTyping: true, text: 'q' }],
    ['/ q ^C', null],
    ['/ a b Back', { text: 'a', isTyping: true }],
    ['/ a Enter', { text: 'a', isTyping: false }],
    ['/ a Enter q', null],
    ['/ a Esc', { text: '', isTyping: false }],
    ['/ a Enter Esc', { text: '', isTyping: false }],
    ['/ Down', { text: '', isTyping: true, index: 0 }],
    ['Down Down', { index: 2, selectedId: 'm2', top: 0 }],
    ['j k j', { index: 1, selectedId: 'm1' }],
    ['Up', { index: 0, selectedId: 'm0' }],
    ['PageDown', { index: 9, top: 0 }],
    ['PageDown PageDown', { index: 18, top: 9 }],
    ['PageDown PageDown PageUp PageUp PageUp', { index: 0, top: 0 }],
    ['End', { index: 99, top: 90, selectedId: 'm99' }],
    ['G g', { index: 0, top: 0 }],
    ['s', { sort: 'name' }],
    ['S', { sort: 'duration' }],
    ['Down s', { sort: 'name', index: 0, selectedId: null }],
    ['r', { isReversed: true }],
    ['Enter', { isDetail: true, selectedId: 'm0' }],
    ['Down Enter Down Down', { isDetail: true, detailTop: 2, index: 1 }],
    ['Enter Up', { isDetail: true, detailTop: 0 }],
    ['Enter Esc', { isDetail: false }],
    ['Enter q', { isDetail: false }],
    ['Enter ^C', null],
    ['x', { ...FIRST_VIEW }],
  ];
  for (const [keys, expected] of cases) {
    it(`are pressed: ${keys}`, () => {
      const view = after(keys);
      if (expected === null) expect(view).to.equal(null);
      else expect(view).to.deep.include(expected);
    });
  }

  it('opens nothing where nothing is shown', () => {
    expect(press(FIRST_VIEW, key('Enter'), { ids: [], rows: 10 })?.isDetail).to.equal(false);
  });

  it('keeps what is selected wherever it moves, and takes its neighbour when it is gone', () => {
    const view = after('Down Down') ?? FIRST_VIEW;
    expect(settled(view, { ids: [...ids.slice(50), 'm2'], rows: 10 })).to.deep.include({
      index: 50,
      top: 41,
    });
    expect(settled(view, { ids: ['m0', 'm1', 'm3'], rows: 10 })).to.deep.include({
      index: 2,
      selectedId: 'm3',
    });
    expect(settled(view, { ids: ['m0'], rows: 10 })).to.deep.include({ index: 0, selectedId: 'm0' });
    expect(settled(view, { ids: [], rows: 10 })).to.deep.include({ index: 0, selectedId: null, top: 0 });
    // Who has not moved looks at the first, whoever that is.
    expect(settled(FIRST_VIEW, { ids: ['x', 'y'], rows: 10 })).to.deep.include({
      index: 0,
      selectedId: null,
    });
  });
});

describe('what events change in `vedette top`', () => {
  const ID = 'evm-node:a';
  const error = { code: 'MONITOR_EXITED', message: 'it ended' };
  const cases: readonly [name: string, data: object, changed: Partial<Monitor> | null][] = [
    ['monitor.state-changed', { to: 'backoff', error }, { state: 'backoff', error, host: null }],
    ['monitor.state-changed', { to: 'running', error: null }, { state: 'running', host: 'cell:1' }],
    ['monitor.health-changed', { to: 'late' }, { health: 'late' }],
    ['monitor.restarted', { cause: 'exited' }, { restarts: 1 }],
    ['monitor.paused', {}, { state: 'paused' }],
    ['monitor.resumed', {}, null],
    [
      'monitor.round-ended',
      { outcome: 'failed', at: 5, durationMs: 6, error, reported: { code: 5015, message: 'm' } },
      { lastRound: { outcome: 'failed', at: 5, durationMs: 6 }, error, reportedCode: 5015 },
    ],
    ['monitor.round-ended', { outcome: 'ok' }, null],
    ['monitor.link-changed', { link: 'connected' }, null],
    ['monitor.restarted', { id: 'evm-node:unknown' }, null],
    ['config.applied', { id: 7 }, null],
  ];
  for (const [name, data, changed] of cases) {
    it(`${name} ${JSON.stringify(data)}`, () => {
      const fleet = new Map([[ID, aMonitor('a')]]);
      expect(hear(fleet, name, { id: ID, ...data })).to.equal(changed !== null);
      expect(fleet.get(ID)).to.deep.equal({ ...aMonitor('a'), ...changed });
    });
  }

  it('a pause stays a pause while its worker stops, and a removed monitor is gone', () => {
    const fleet = new Map([[ID, aMonitor('a', { state: 'paused' })]]);
    expect(hear(fleet, 'monitor.state-changed', { id: ID, to: 'stopped' })).to.equal(false);
    expect(hear(fleet, 'monitor.resumed', { id: ID })).to.equal(true);
    expect(hear(fleet, 'monitor.removed', { id: ID })).to.equal(true);
    expect(fleet.size).to.equal(0);
  });
});

describe('the picture of `vedette top`', () => {
  const size = { width: 70, height: 10 };
  const scene = (parts: Partial<Scene>): Scene => ({
    view: FIRST_VIEW,
    monitors: [aMonitor('a'), aMonitor('b', { error: { code: 'X', message: 'broken' } })],
    total: 2,
    byState: { running: 2 },
    headline: 'vedette 1 at http://h: running',
    detail: null,
    now: 12_000,
    ...parts,
  });

  it('has titles, a row each, the one selected marked, and the keys at the foot', () => {
    expect(frameOf(scene({}), size, false)).to.deep.equal([
      'vedette 1 at http://h: running',
      '2 monitors: 2 running; by worst',
      '',
      '  NAME  KIND      STATE    HEALTH   HOST    LAST ROUND      RESTARTS …',
      '> a     evm-node  running  healthy  cell:1  3 s ago, 14 ms  0        …',
      '  b     evm-node  running  healthy  cell:1  3 s ago, 14 ms  0        …',
      '',
      '',
      '',
      'q quits, / filters, s sorts, r reverses, Enter shows one, arrows and …',
    ]);
  });

  it('shows the filter as it is typed, the other order, and nothing found', () => {
    const view: View = { ...FIRST_VIEW, text: 'zz', isTyping: true, sort: 'restarts', isReversed: true };
    const lines = frameOf(scene({ view, monitors: [] }), size, false);
    expect(lines[1]).to.equal('2 monitors: 2 running; by restarts, reversed, 0 with /zz_');
    expect(lines[4]).to.equal('  none');
    expect(lines.at(-1)).to.equal('type to filter, Enter keeps it, Esc clears it');
  });

  it('fits any size, whatever names are like, and renders only what is seen of many', () => {
    const monitors = Array.from({ length: 5_000 }, (_, index) =>
      aMonitor(`m${index}\u001b[2J${'x'.repeat(index % 50)}`, { keyFigure: 'y'.repeat(300) }),
    );
    const view = { ...FIRST_VIEW, index: 2_500, top: 2_495 };
    for (const [width, height] of [
      [20, 8],
      [80, 24],
      [300, 100],
    ] as const) {
      const lines = frameOf(scene({ view, monitors, total: 5_000 }), { width, height }, false);
      expect(lines).to.have.length(height);
      for (const line of lines) expect(line.length).to.be.at.most(width);
      expect(lines.join('')).to.not.include('\u001b');
    }
    expect(frameOf(scene({ view, monitors }), size, false).join('\n'))
      .to.include('m2495')
      .and.not.include('m2494');
  });

  it('colours rows only when asked to', () => {
    expect(frameOf(scene({}), size, true).join(''))
      .to.include('\u001b[7m> a')
      .and.include('\u001b[32m');
    expect(frameOf(scene({}), size, false).join('')).to.not.include('\u001b');
  });

  it('shows one monitor, as far as it is scrolled', () => {
    const view = { ...FIRST_VIEW, isDetail: true };
    const detail = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    expect(frameOf(scene({ view }), size, false)[3]).to.equal('…');
    expect(frameOf(scene({ view, detail }), size, false).slice(3, 8)).to.deep.equal(detail.slice(0, 5));
    const low = frameOf(scene({ view: { ...view, detailTop: 999 }, detail }), size, false);
    expect(low.join('\n')).to.include('line 29');
  });

  it('says of one monitor why it is how it is, and what to do', () => {
    const one: MonitorDetail = {
      ...aMonitor('a'),
      attempt: 3,
      periodMs: 10_000,
      since: 0,
      link: 'connected',
      settings: { url: 'http://h/', list: [1] },
      restartsByCause: { exited: 2 },
      lastError: { code: 'MONITOR_EXITED', message: 'it ended', remedy: 'It is restarted' },
      error: null,
      lastRound: {
        outcome: 'ok',
        at: 0,
        durationMs: 3,
        facts: { block_height: 7, peers: null },
        reported: null,
      },
      memory: { heapBytes: 2_000_000, externalBytes: 0 },
      history: [{ at: 0, from: 'running', to: 'backoff', cause: 'exited', error: null }],
    };
    const text = detailText(one).join('\n');
    for (const said of [
      'running since 1970-01-01 00:00:00, healthy, run 3 on cell:1, broker connected',
      '0 restarts: 2 exited',
      'MONITOR_EXITED it ended\n  It is restarted',
      'block_height = 7\n  peers = -',
      'url: http://h/\n  list: [1]',
      '1970-01-01 00:00:00 running -> backoff  exited',
    ]) {
      expect(text).to.include(said);
    }
  });
});
