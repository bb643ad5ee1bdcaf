import { expect } from 'chai';
import { EventLog } from '../src/events/event-log.js';
import { resumeAt, type Position } from '../src/events/resume.js';

const HERE: Position = { life: 'abc', first: 10, last: 20 };

describe('resumeAt', () => {
  const cases: readonly [
    what: string,
    id: string | null,
    from: number,
    reset: string | null,
    position?: Position,
  ][] = [
    ['a new client begins with what comes', null, 21, null],
    ['one that has all goes on', 'abc-20', 21, null],
    ['one that missed some gets them', 'abc-14', 15, null],
    ['one that missed the very first that is kept gets it', 'abc-9', 10, null],
    ['one that missed more is told', 'abc-8', 21, 'forgotten'],
    ['one of an earlier process is told', 'abd-14', 21, 'restarted'],
    ['one that knows more than there was is told', 'abc-21', 21, 'unknown'],
    ['an id of nobody is told', '<script>', 21, 'unknown'],
    ['before the first event', 'abc-0', 1, null, { life: 'abc', first: 1, last: 0 }],
  ];
  for (const [what, id, from, reset, position = HERE] of cases) {
    it(what, () => {
      expect(resumeAt(id, position)).to.deep.equal({ from, reset });
    });
  }
});

describe('EventLog', () => {
  const log = (events: number): EventLog => {
    const made = new EventLog(() => 7, 'abc', 4);
    for (let event = 1; event <= events; event += 1) {
      made.note('manager.state-changed', { from: 'idle', to: 'starting' }, null);
    }
    return made;
  };
  const serials = (one: EventLog, from: number, most = 10): number[] =>
    one.from(from, most).map(({ serial }) => serial);

  it('keeps the newest, in order', () => {
    expect(serials(log(0), 1)).to.deep.equal([]);
    expect(serials(log(3), 1)).to.deep.equal([1, 2, 3]);
    expect(serials(log(9), 1)).to.deep.equal([6, 7, 8, 9]);
    expect([log(9).first, log(9).last, log(0).first]).to.deep.equal([6, 9, 1]);
  });

  it('gives what is asked for and no more', () => {
    expect(serials(log(9), 8)).to.deep.equal([8, 9]);
    expect(serials(log(9), 1, 2)).to.deep.equal([6, 7]);
    expect(serials(log(9), 10)).to.deep.equal([]);
  });
});
