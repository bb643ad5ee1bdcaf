import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_LIMITS,
  withRevision,
  type Clock,
  type JsonValue,
  type MonitorSpec,
} from '@vedette/contract';
import type { SupervisorEvents } from '@vedette/supervisor';
import { eventually } from '../../../test/support/eventually.js';
import { RoundStateStore, type RoundStateOptions } from '../src/store/round-state-store.js';

/** Time that passes when a test says so. */
class HandClock implements Clock {
  readonly #waiting: (() => void)[] = [];
  now = (): number => 1;
  monotonic = (): number => 1;
  after(_delayMs: number, action: () => void): () => void {
    this.#waiting.push(action);
    return () => {
      const index = this.#waiting.indexOf(action);
      if (index >= 0) this.#waiting.splice(index, 1);
    };
  }
  get waiting(): number {
    return this.#waiting.length;
  }
  elapse(): void {
    for (const action of this.#waiting.splice(0)) action();
  }
}

function aSpec(id: string, settings: Record<string, JsonValue> = {}): MonitorSpec {
  return withRevision({
    id,
    kind: 'test',
    name: id,
    componentName: id,
    origin: { family: 'node', configId: id, parentId: 'p', baseChain: 'general', subChain: 'general' },
    module: 'file:///nowhere.mjs',
    periodMs: 1_000,
    limits: DEFAULT_LIMITS,
    settings,
  });
}

describe('RoundStateStore', () => {
  let folder: string;
  let file: string;
  let clock: HandClock;
  let supervisor: EventEmitter<SupervisorEvents>;
  let logged: { sentence: string; fields: Record<string, unknown> }[];
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'vedette-states-')), 'state');
    file = join(folder, 'round-states.json');
    clock = new HandClock();
    supervisor = new EventEmitter();
    logged = [];
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  const open = (options: Partial<RoundStateOptions> = {}, from = supervisor): RoundStateStore => {
    const logger = {
      log: (_level: string, sentence: string, fields: Record<string, unknown> = {}) => {
        logged.push({ sentence, fields });
      },
    };
    const store = new RoundStateStore({ folder, clock, logger, ...options });
    store.attach(from);
    return store;
  };
  const round = (spec: MonitorSpec, state: JsonValue): void => {
    const last = {
      outcome: 'ok',
      at: 1,
      durationMs: 1,
      facts: {},
      reported: null,
      error: null,
      publishes: {},
    } as const;
    supervisor.emit('monitor.round-ended', { id: spec.id, spec, attempt: 1, round: last, state });
  };
  const end = (store: RoundStateStore, ...specs: MonitorSpec[]): void => {
    store.beginStop();
    for (const spec of specs) supervisor.emit('monitor.removed', { id: spec.id, spec });
    store.close();
  };

  it('hands back after a stop what the last round left, to the same settings only', () => {
    const [a, b] = [aSpec('a'), aSpec('b')];
    const store = open();
    round(a, { height: 1 });
    round(a, { height: 2 });
    round(b, [1.5, null, 'x']);
    end(store, a, b);
    const next = open();
    expect(next.initialState('a', a.revision)).to.deep.equal({ height: 2 });
    expect(next.initialState('b', b.revision)).to.deep.equal([1.5, null, 'x']);
    expect(next.initialState('a', aSpec('a', { url: 'other' }).revision)).to.equal(null);
    expect(next.initialState('c', a.revision)).to.equal(null);
  });

  it('writes lazily: once per interval however many rounds end, and not at all when nothing changed', async () => {
    const store = open();
    for (let height = 0; height < 100; height += 1) round(aSpec('a'), { height });
    expect(clock.waiting).to.equal(1);
    expect(await readdir(join(folder, '..'))).to.deep.equal([]);
    clock.elapse();
    await eventually(async () => (await readFile(file, 'utf8')).includes('{"height":99}'));
    expect(clock.waiting).to.equal(0);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    await rm(file);
    store.close();
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('forgets a monitor that was removed, but not one that was stopped with all others', () => {
    const [gone, stays] = [aSpec('gone'), aSpec('stays')];
    const store = open();
    round(gone, 1);
    round(stays, 2);
    supervisor.emit('monitor.removed', { id: 'gone', spec: gone });
    end(store, stays);
    const next = open();
    expect(next.initialState('gone', gone.revision)).to.equal(null);
    expect(next.initialState('stays', stays.revision)).to.equal(2);
  });

  it('does not keep a state past its limit, says so once, and keeps the others', () => {
    const [big, small] = [aSpec('big'), aSpec('small')];
    const store = open({ maxBytesEach: 200 });
    round(big, 'x'.repeat(300));
    round(small, 'y');
    round(big, 'x'.repeat(301));
    end(store, big, small);
    expect(logged.map((one) => [one.sentence, one.fields['monitorId']])).to.deep.equal([
      ['The state of a monitor is too large and is not kept', 'big'],
    ]);
    const next = open();
    expect(next.initialState('big', big.revision)).to.equal(null);
    expect(next.initialState('small', small.revision)).to.equal('y');
  });

  it('leaves out what was not used for longest where all together are too many', () => {
    const specs = ['a', 'b', 'c', 'd'].map((id) => aSpec(id));
    const store = open({ maxBytesInAll: 200 });
    for (const spec of specs) round(spec, 'z'.repeat(50));
    end(store, ...specs);
    const next = open({ maxBytesInAll: 200 });
    const kept = specs.map(({ id, revision }) => next.initialState(id, revision) !== null);
    expect(kept).to.deep.equal([false, false, true, true]);
  });

  it('reads only when first asked, so a standby gets what the manager before it left', () => {
    const standby = open({}, new EventEmitter());
    const active = open();
    round(aSpec('a'), 'newest');
    end(active, aSpec('a'));
    expect(standby.initialState('a', aSpec('a').revision)).to.equal('newest');
  });

  for (const [what, damage] of [
    ['an empty', () => truncate(file, 0)],
    ['a half-written', () => truncate(file, 120)],
    ['a garbled', () => writeFile(file, '\u0000\nx')],
    ["a newer version's", () => writeFile(file, '{"version":99,"checksum":""}\n[]\n')],
  ] as [string, () => Promise<void>][]) {
    it(`sets ${what} file aside with a code and goes on`, async () => {
      const store = open();
      round(aSpec('a'), 'state');
      end(store, aSpec('a'));
      await damage();
      const next = open();
      expect(next.initialState('a', aSpec('a').revision)).to.equal(null);
      expect(logged[0]?.fields['code']).to.match(/^STORE_(UNREADABLE|NEWER_VERSION)$/);
      expect((await readdir(folder))[0]).to.include('round-states.json.damaged-');
      round(aSpec('a'), 'again');
      end(next, aSpec('a'));
      expect(open().initialState('a', aSpec('a').revision)).to.equal('again');
    });
  }

  it('says once that it cannot write, holds nothing up, and writes when it can again', async () => {
    await writeFile(folder, 'a file where the folder should be');
    const store = open();
    round(aSpec('a'), 1);
    clock.elapse();
    await eventually(() => logged.length === 1);
    round(aSpec('a'), 2);
    store.close();
    expect(logged).to.have.length(1);
    expect(logged[0]?.fields['err']).to.have.property('code', 'STORE_WRITE_FAILED');
    await rm(folder);
    await mkdir(folder);
    store.close();
    expect(open().initialState('a', aSpec('a').revision)).to.equal(2);
  });

  it('sets no timer any more once it is closed', () => {
    const store = open();
    end(store);
    round(aSpec('a'), 1);
    expect(clock.waiting).to.equal(0);
  });
});
