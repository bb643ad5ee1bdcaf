/** What `vedette bench` makes of its figures. */
import { expect } from 'chai';
import { DEFAULT_LIMITS, withRevision, type MonitorSpec } from '@vedette/contract';
import { adviseOn, type Measured } from '../src/bench/advice.js';
import { capacityOf, type HostFigures } from '../src/bench/figures.js';
import { LEAST, meanPeriodMs, measuredSpecs, MOST } from '../src/bench/specs.js';
import { renderFigures } from '../src/bench/table.js';

const machine = { cores: 2, availableMb: 2_000, maxMappings: 65_530 };
const thread: HostFigures = {
  host: 'thread',
  monitors: 10,
  baseMb: 20,
  memoryMb: 8,
  rssMb: 8.5,
  startMs: 1_234,
  recoverMs: 70,
  roundCpuMs: 5,
  mappings: 40,
  failedRounds: 0,
};
const process_: HostFigures = { ...thread, host: 'process', memoryMb: 13, rssMb: 55, mappings: 0.2 };
const cell: HostFigures = { ...thread, host: 'cell', memoryMb: 9, mappings: 0.9 };

describe('capacity of a host', () => {
  const cases: readonly (readonly [what: string, HostFigures, object, number, number, string])[] = [
    ['memory: eight tenths, less the base', thread, {}, 10_000, 197, 'memory'],
    ['mappings of one process', thread, { availableMb: 50_000 }, 10_000, 1_310, 'memory mappings'],
    ['mappings of child processes do not count', cell, { availableMb: 50_000 }, 10_000, 2_800, 'processor'],
    ['the processor, by the period', thread, {}, 500, 140, 'processor'],
    ['no round, no word of the processor', { ...thread, roundCpuMs: null }, {}, 1, 197, 'memory'],
    ['nothing fits', thread, { availableMb: 10 }, 10_000, 0, 'memory'],
    ['what cannot be told from nothing is not endless', { ...cell, memoryMb: -1 }, {}, 1e9, 31_600, 'memory'],
  ];
  for (const [what, figures, other, periodMs, monitors, bound] of cases) {
    it(what, () => {
      expect(capacityOf(figures, { ...machine, ...other }, periodMs)).to.deep.equal({ monitors, bound });
    });
  }
});

describe('advice of the bench', () => {
  const measured = (more: Partial<Measured>): Measured => {
    return {
      figures: [thread, process_, cell],
      problems: [],
      machine,
      wanted: 10,
      periodMs: 10_000,
      ...more,
    };
  };
  const cases: readonly (readonly [what: string, Partial<Measured>, host: string | null, RegExp])[] = [
    [
      'a process each while that is cheap',
      {},
      'process',
      /full isolation.*13\.0 MB \(8\.0 MB with --host thread/,
    ],
    [
      'cells for more',
      { wanted: 100 },
      'cell',
      /cannot reach the manager.*about 175 like them; you have 100/,
    ],
    [
      'cells where no number is known',
      { wanted: null },
      'cell',
      /about 175 like them\. Memory would run out/,
    ],
    ['what holds the most where cells do not do', { wanted: 190 }, 'thread', /can end the manager/],
    ['says so where nothing holds them', { wanted: 500 }, 'thread', /about 197 of your 500 .* more memory/],
    ['only of what was measured', { figures: [thread] }, 'thread', /takes 8\.0 MB\./],
    [
      'failed rounds are told',
      { figures: [{ ...cell, failedRounds: 3, recoverMs: null }] },
      'cell',
      /3 rounds failed while measuring/,
    ],
    [
      'and why there is none',
      { figures: [], problems: [{ host: 'cell', problem: 'no room' }] },
      null,
      /No host could be measured \(cell: no room\)/,
    ],
  ];
  for (const [what, more, host, text] of cases) {
    it(what, () => {
      const advice = adviseOn(measured(more));
      expect(advice.host).to.equal(host);
      expect(advice.text).to.match(text);
    });
  }
});

describe('monitors a bench measures with', () => {
  const spec = (id: string, periodMs = 10_000): MonitorSpec =>
    withRevision({
      id,
      kind: 'system',
      name: id,
      componentName: `System monitor (${id})`,
      origin: { family: 'system', configId: id, parentId: 'p', baseChain: 'general', subChain: 'general' },
      module: 'file:///monitor.cjs',
      periodMs,
      limits: DEFAULT_LIMITS,
      settings: {},
    });

  it('are those of the file and copies under other names, so that they are enough', () => {
    const specs = measuredSpecs([spec('a'), spec('b'), spec('c')], true);
    expect(specs).to.have.length(LEAST);
    expect(new Set(specs.map(({ id }) => id)).size).to.equal(LEAST);
    expect(specs.map(({ componentName }) => componentName)).to.include('System monitor (b) copy 2');
    expect(specs[3]?.revision).to.not.equal(specs[0]?.revision);
  });

  it('are no copies where their messages reach someone', () => {
    expect(measuredSpecs([spec('a')], false)).to.have.length(1);
  });

  it('are not all of very many', () => {
    const many = Array.from({ length: 500 }, (_none, index) => spec(`m${index}`));
    expect(measuredSpecs(many, true)).to.have.length(MOST);
  });

  it('have a mean period by which their rates add up', () => {
    expect(meanPeriodMs([spec('a', 1_000), spec('b', 1_000)])).to.equal(1_000);
    expect(meanPeriodMs([spec('a', 10_000), spec('b', 90_000)])).to.be.closeTo(18_000, 1e-6);
  });
});

describe('table of the bench', () => {
  it('has a line for each host, also for one that was not measured', () => {
    const row = { ...thread, recoverMs: null, capacity: capacityOf(thread, machine, 10_000) };
    const lines = renderFigures([row], [{ host: 'cell', problem: 'no room' }]);
    expect(lines).to.have.length(3);
    expect(lines[1]).to.match(/^thread {2}8\.0 MB +8\.5 MB +1\.2 s +– +5\.0 ms +197 \(memory\)$/);
    expect(lines[2]).to.equal('cell: not measured: no room');
  });
});
