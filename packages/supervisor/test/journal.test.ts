/** The journal proves "at most one live worker per id", also of what it has forgotten. */
import { expect } from 'chai';
import {
  Journal,
  journalProblems,
  type Action,
  type JournalEntry,
  type JournalProblem,
  type JournalView,
} from '../src/journal.js';
import { aSpec } from './a-spec.js';
import { aSupervisor } from './a-supervisor.js';
import { settlePromises as settle } from '../../../test/support/fake-clock.js';

const reasons = (view: JournalView): JournalProblem['reason'][] =>
  journalProblems(view).map(({ reason }) => reason);

/** `spawned a 1`: action, id, generation. */
function viewOf(...lines: readonly string[]): JournalView {
  const entries = lines.map((line, index): JournalEntry => {
    const [action, id = '', generation] = line.split(' ');
    return {
      serial: index + 1,
      id,
      generation: generation === undefined ? null : Number(generation),
      attempt: 1,
      action: action as Action,
      at: 0,
    };
  });
  return { entries, forgotten: 0, aliveBefore: new Map(), generationBefore: 0, problemsBefore: [] };
}

describe('journalProblems', () => {
  const SOUND: Readonly<Record<string, readonly string[]>> = {
    'one run after another': ['start-asked a', 'spawned a 1', 'ready a 1', 'ended a 1', 'spawned a 2'],
    'a wish withdrawn before its spawn': ['start-asked a', 'start-asked b', 'spawned b 1'],
    'two ids side by side': ['spawned a 1', 'spawned b 2', 'stop-asked a 1', 'ended a 1', 'ended b 2'],
    'a kill that took its time': ['spawned a 1', 'killed a 1', 'abandoned a 1', 'ended a 1', 'spawned a 2'],
  };
  for (const [what, lines] of Object.entries(SOUND)) {
    it(`finds nothing wrong with ${what}`, () => {
      expect(reasons(viewOf(...lines))).to.deep.equal([]);
    });
  }

  const BAD: readonly (readonly [
    what: string,
    lines: readonly string[],
    reason: JournalProblem['reason'],
  ])[] = [
    [
      'a second spawn of an id before the first ended',
      ['spawned a 1', 'killed a 1', 'spawned a 2', 'ended a 2'],
      'spawned while an earlier run is alive',
    ],
    [
      'a second spawn after giving the first up',
      ['spawned a 1', 'abandoned a 1', 'spawned a 2'],
      'spawned while an earlier run is alive',
    ],
    [
      'a generation that comes again',
      ['spawned a 1', 'ended a 1', 'spawned a 1'],
      'generation does not go up',
    ],
    [
      'an end that was told twice',
      ['spawned a 1', 'ended a 1', 'ended a 1'],
      'said of a run that is not alive',
    ],
    [
      'a run that is ready after its end',
      ['spawned a 1', 'ended a 1', 'ready a 1'],
      'said of a run that is not alive',
    ],
  ];
  for (const [what, lines, reason] of BAD) {
    it(`finds ${what}`, () => {
      expect(reasons(viewOf(...lines))).to.deep.equal([reason]);
    });
  }

  it('finds an entry that is missing', () => {
    const view = viewOf('spawned a 1', 'ready a 1', 'ended a 1');
    const entries = view.entries.filter(({ action }) => action !== 'ready');
    expect(reasons({ ...view, entries })).to.deep.equal(['serial numbers have a gap']);
  });
});

describe('Journal', () => {
  const aJournal = (size: number): Journal => new Journal(() => 7, size);

  it('keeps the newest entries and forgets who is gone', () => {
    const journal = aJournal(4);
    for (let run = 1; run <= 100; run += 1) {
      const note = journal.spawned(`id ${run}`, 1);
      note('ready');
      note('ended');
    }
    const view = journal.view();
    expect(view.entries.map(({ serial }) => serial)).to.deep.equal([297, 298, 299, 300]);
    expect(view.forgotten).to.equal(296);
    expect(view.aliveBefore.size).to.be.at.most(1);
    expect(reasons(view)).to.deep.equal([]);
  });

  it('remembers a worker whose spawn it has forgotten, so that a second one is found', () => {
    const journal = aJournal(3);
    journal.spawned('a', 1);
    for (let run = 1; run <= 9; run += 1) journal.spawned('b', run)('ended');
    journal.spawned('a', 2);
    expect(reasons(journal.view())).to.deep.equal(['spawned while an earlier run is alive']);
  });

  it('keeps what it found in what it has forgotten, but not without end', () => {
    const journal = aJournal(2);
    for (let run = 1; run <= 50; run += 1) journal.spawned('a', run);
    expect(reasons(journal.view())).to.have.length(16 + 2);
  });
});

describe('Supervisor.journal', () => {
  it('tells every step of a run, of its replacement and of the stop', async () => {
    const { supervisor, host } = aSupervisor();
    supervisor.apply([aSpec({})]);
    host.last().ready();
    host.last().exit({ reason: 'crashed' });
    await settle();
    host.last().ready();
    host.last().obeysStop = false;
    const stopping = supervisor.stop({ deadlineMs: 0 });
    await settle();
    host.last().exit();
    await settle();
    expect(
      supervisor.journal().entries.map(({ action, generation, attempt }) => [action, generation, attempt]),
    ).to.deep.equal([
      ['start-asked', null, 1],
      ['spawned', 1, 1],
      ['ready', 1, 1],
      ['ended', 1, 1],
      ['start-asked', null, 2],
      ['spawned', 2, 2],
      ['ready', 2, 2],
      ['stop-asked', 2, 2],
      ['ended', 2, 2],
    ]);
    await stopping;
    expect(journalProblems(supervisor.journal())).to.deep.equal([]);
  });
});
