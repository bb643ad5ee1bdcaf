import { expect } from 'chai';
import type { WorkerExit } from '../../src/hosts/host.js';
import { exitsOf, type LeftWorker } from '../../src/hosts/dense-exits.js';
import type { ThreadEnd } from '../../src/hosts/worker-thread.js';

const plain = (message: string) => ({ code: null, name: 'Error', message, details: {} });
const CRASH: ThreadEnd = { reason: 'crashed', code: 1, error: plain('odd') };
const ENDED: ThreadEnd = { reason: 'exited', code: 1, error: null };
const STOPPED: WorkerExit = { reason: 'exited', code: 0, error: null };
const worker = (id: string, more: Partial<LeftWorker> = {}): LeftWorker => ({
  id,
  isKilled: false,
  lastExit: null,
  ...more,
});
const three = [worker('a'), worker('b'), worker('c')];

describe('the end of a shared thread', () => {
  const cases: readonly [
    what: string,
    end: ThreadEnd,
    isAsked: boolean,
    workers: readonly LeftWorker[],
    culprit: number,
    reasons: readonly WorkerExit['reason'][],
  ][] = [
    ['blames whose code ran last', CRASH, false, three, 1, ['moved', 'crashed', 'moved']],
    ['blames nobody if that one had left', CRASH, false, three, -1, ['moved', 'moved', 'moved']],
    ['blames the only one there, whoever ran last', CRASH, false, [worker('a')], -1, ['crashed']],
    ['moves all that are not killed where it was asked', ENDED, true, three, 1, ['moved', 'moved', 'moved']],
    [
      'tells a killed one and one that was over by themselves',
      ENDED,
      true,
      [worker('a', { isKilled: true }), worker('b', { lastExit: STOPPED }), worker('c')],
      0,
      ['killed', 'exited', 'moved'],
    ],
  ];
  for (const [what, end, isAsked, workers, culprit, reasons] of cases) {
    it(what, () => {
      const exits = exitsOf('thread:7', end, isAsked, workers, culprit);
      expect(exits.map(({ reason }) => reason)).to.deep.equal(reasons);
    });
  }

  it('names all monitors of the thread, and to the neighbours who ran last', () => {
    const [first, second] = exitsOf('thread:7', CRASH, false, three, 1);
    expect(second?.error).to.deep.include({ message: 'odd', details: { monitors: ['a', 'b', 'c'] } });
    expect(first?.error?.message).to.equal('thread:7, where it ran, ended (crashed), b ran last');
    expect(first?.error?.details).to.deep.equal({ monitors: ['a', 'b', 'c'] });
    expect(first?.error?.cause?.message).to.equal('odd');
  });
});
