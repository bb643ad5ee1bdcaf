import type { HostWord } from '@vedette/contract';
import { expect } from 'chai';
import {
  admit,
  refusedError,
  RETURN_SHARE,
  type Limits,
  type Numbers,
  type Resource,
} from '../../src/admission/admit.js';
import { checkCellSize, largestCell, usualCell } from '../../src/admission/sizes.js';
import { HOST_COSTS, nodeFactor, type Cost } from '../../src/admission/costs.js';
import { costOf, whereToRun } from '../../src/admission/where.js';

const LIMITS: Limits = { memoryMb: 1_000, mappings: 1_000, handles: 100, connections: 10 };
const FREE: Limits = { memoryMb: null, mappings: null, handles: null, connections: null };
const NONE: Numbers = { memoryMb: 0, mappings: 0, handles: 0, connections: 0 };
const COST: Cost = { memoryMb: 10, mappings: 50, handles: 7, connections: 1 };

describe('admit', () => {
  const cases: readonly (readonly [what: string, numbers: Partial<Numbers>, short: Resource | null])[] = [
    ['an empty machine', {}, null],
    ['memory up to the mark', { memoryMb: 790 }, null],
    ['memory past the mark', { memoryMb: 791 }, 'memoryMb'],
    ['mappings up to the mark', { mappings: 750 }, null],
    ['mappings past the mark', { mappings: 751 }, 'mappings'],
    ['handles up to the mark', { handles: 73 }, null],
    ['handles past the mark', { handles: 74 }, 'handles'],
    ['connections up to the mark', { connections: 7 }, null],
    ['connections past the mark', { connections: 8 }, 'connections'],
    ['used beyond the limit already', { memoryMb: 5_000 }, 'memoryMb'],
  ];
  for (const [what, used, short] of cases) {
    it(`${short === null ? 'lets run' : 'names the shortage'}: ${what}`, () => {
      const verdict = admit({ ...NONE, ...used }, LIMITS, COST, { isLast: true });
      if (short === null) expect(verdict).to.deep.equal({ type: 'run-here' });
      else expect(verdict).to.deep.include({ type: 'refuse' });
      expect('shortage' in verdict ? verdict.shortage.resource : null).to.equal(short);
    });
  }

  it('sends elsewhere where there is another host, and refuses where it is the last', () => {
    const full = { ...NONE, mappings: 990 };
    expect(admit(full, LIMITS, COST, { isLast: false }).type).to.equal('place-elsewhere');
    expect(admit(full, LIMITS, COST, { isLast: true }).type).to.equal('refuse');
  });

  it('keeps no limit that is not known, and charges nothing to what is not used', () => {
    const full = { memoryMb: 1e9, mappings: 1e9, handles: 1e9, connections: 1e9 };
    expect(admit(full, FREE, COST, { isLast: true }).type).to.equal('run-here');
    expect(admit(full, LIMITS, NONE, { isLast: true }).type).to.equal('run-here');
  });

  it('gives one that had a place its place back up to 95 %', () => {
    const grown = { ...NONE, memoryMb: 900 };
    expect(admit(grown, LIMITS, COST, { isLast: true }).type).to.equal('refuse');
    expect(admit(grown, LIMITS, COST, { isLast: true }, RETURN_SHARE).type).to.equal('run-here');
    expect(admit({ ...grown, memoryMb: 945 }, LIMITS, COST, { isLast: true }, RETURN_SHARE).type).to.equal(
      'refuse',
    );
  });

  it('says which resource, how much of it, and what to do', () => {
    const shortage = { resource: 'handles', used: 95, needed: 7, limit: 100, share: 0.8 } as const;
    const error = refusedError('system:a', 'thread', shortage);
    expect(error.code).to.equal('ADMISSION_REFUSED');
    expect(error.message).to.equal(
      'system:a has no room on host thread: 95 of 100 open files of a process are used, 7 more are needed and ' +
        '80 % is the mark; raise the limit of open files (ulimit -n), or use smaller cells',
    );
    expect(error.details).to.include({
      resource: 'handles',
      used: 95,
      needed: 7,
      limit: 100,
      host: 'thread',
    });
  });
});

describe('whereToRun', () => {
  const spec = { limits: { oldMb: 24 } } as Parameters<typeof costOf>[1];
  const on = (live: number) => (host: HostWord) => costOf(host, spec, live, { cell: 2 }, false);

  it('runs where it was chosen to, if there is room', () => {
    expect(whereToRun('thread', on(0), NONE, LIMITS)).to.include({ type: 'run', host: 'thread' });
    expect(whereToRun('auto', on(0), NONE, LIMITS)).to.include({ type: 'run', host: 'cell' });
  });

  it('packs where a cell has no room', () => {
    const tight = { ...LIMITS, memoryMb: 20 };
    expect(whereToRun('auto', on(0), NONE, tight)).to.include({ type: 'run', host: 'dense' });
  });

  it('refuses what was chosen and has no room, and never moves it', () => {
    const full = { ...NONE, mappings: 990 };
    expect(whereToRun('thread', on(0), full, LIMITS)).to.deep.include({ type: 'refused', host: 'thread' });
    // A child has mappings of its own.
    expect(whereToRun('process', on(0), full, LIMITS).type).to.equal('run');
    expect(whereToRun('cell', on(0), full, LIMITS).type).to.equal('run');
  });

  it('charges for a cell when those there are full', () => {
    const [first, second, third] = [0, 1, 2].map((live) => on(live)('cell').memoryMb);
    expect(first).to.equal(third);
    expect(Number(first) - Number(second)).to.be.closeTo(HOST_COSTS.cell.container.memoryMb, 1e-6);
  });

  it('needs no connection to an embedded broker', () => {
    expect(costOf('thread', spec, 0, { cell: 2 }, true).connections).to.equal(0);
  });
});

describe('the size of a cell', () => {
  const linux: Limits = { ...FREE, mappings: 65_530, handles: 20_000 };

  it('is 100, or less where a limit is lower', () => {
    expect(usualCell(FREE)).to.equal(100);
    expect(usualCell(linux)).to.equal(100);
    expect(usualCell({ ...linux, handles: 256 })).to.equal(26);
    expect(usualCell({ ...linux, handles: 10 })).to.equal(1);
  });

  it('can be met up to what mappings allow', () => {
    const { monitors, resource } = largestCell(linux);
    expect(resource).to.equal('mappings');
    expect(monitors).to.be.within(500, 1_100);
    expect(() => {
      checkCellSize(monitors, linux, '--cell-size');
    }).to.not.throw();
    expect(largestCell(FREE)).to.deep.equal({ monitors: Infinity, resource: null });
  });

  const bad: readonly (readonly [size: number, limits: Limits, says: RegExp])[] = [
    [0, linux, /^--cell-size: must be a whole number of monitors from 1 on; got 0$/],
    [-1, linux, /got -1$/],
    [1.5, linux, /got 1.5$/],
    [5_000, linux, /5000 monitors in one cell do not fit, at most \d+ do: 80 % of 65530 memory mappings/],
    [
      200,
      { ...linux, handles: 1_024 },
      /at most 114 do: 80 % of 1024 open files of a process, 7 to a monitor/,
    ],
  ];
  for (const [size, limits, says] of bad) {
    it(`refuses ${String(size)} and names the limit`, () => {
      expect(() => {
        checkCellSize(size, limits, '--cell-size');
      })
        .to.throw(says)
        .with.property('code', 'HOST_OPTION_INVALID');
    });
  }
});

describe('the table of costs', () => {
  it('agrees with what was measured, within a fifth', () => {
    const factor = nodeFactor(Number.parseInt(process.versions.node, 10));
    const measured: readonly (readonly [host: 'thread' | 'process', oldMb: number, mb: number])[] = [
      ['thread', 24, 8.9],
      ['thread', 32, 10.2],
      ['thread', 96, 18.7],
      ['process', 24, 13],
      ['process', 32, 15],
    ];
    for (const [host, oldMb, mb] of measured) {
      const cost = HOST_COSTS[host].monitor({ oldMb }).memoryMb / factor;
      expect(cost, `${host} at ${String(oldMb)}`).to.be.within(mb * 0.8, mb * 1.2);
    }
  });

  it('knows that newer V8s take more', () => {
    expect([20, 22, 24, 26].map(nodeFactor)).to.deep.equal([1, 1.3, 1.6, 1.6]);
  });
});
