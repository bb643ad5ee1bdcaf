import { expect } from 'chai';
import { createThreadWords, THREAD_WORDS } from '../../src/hosts/dense-protocol.js';
import { Turns } from '../../src/hosts/turns.js';

const LIMIT_MS = 200;
const TURN_MS = 250;

/** `[at ms, waited for a processor so far, what happens]` */
type Step = readonly [at: number, waited: number, what: 'turn' | `enter ${number}`];

describe('the account of a shared thread', () => {
  const cases: readonly [
    what: string,
    steps: readonly Step[],
    blocks: readonly [key: number, forMs: number][],
  ][] = [
    [
      'says nothing of short work',
      [
        [0, 0, 'enter 1'],
        [199, 0, 'enter 2'],
        [300, 0, 'enter 1'],
      ],
      [],
    ],
    [
      'names who ran before the next was entered',
      [
        [0, 0, 'enter 1'],
        [250, 0, 'enter 2'],
      ],
      [[1, 250]],
    ],
    [
      'names each of two by its own time',
      [
        [0, 0, 'enter 1'],
        [200, 0, 'enter 2'],
        [500, 0, 'enter 3'],
      ],
      [
        [1, 200],
        [2, 300],
      ],
    ],
    [
      'does not count what the machine took',
      [
        [0, 0, 'enter 1'],
        [350, 151, 'enter 2'],
      ],
      [],
    ],
    [
      'counts what is left of it',
      [
        [0, 0, 'enter 1'],
        [350, 150, 'enter 2'],
      ],
      [[1, 200]],
    ],
    [
      'finds a timer on time well',
      [
        [250, 0, 'turn'],
        [500, 0, 'turn'],
        [940, 0, 'turn'],
      ],
      [],
    ],
    [
      'names who was entered last where a timer comes late',
      [
        [10, 0, 'enter 4'],
        [460, 0, 'turn'],
      ],
      [[4, 210]],
    ],
    [
      'tells of one block once',
      [
        [0, 0, 'enter 1'],
        [400, 0, 'enter 2'],
        [700, 0, 'turn'],
      ],
      [[1, 400]],
    ],
  ];
  for (const [what, steps, blocks] of cases) {
    it(what, () => {
      let [now, waited] = [0, 0];
      const seen: [number, number][] = [];
      const time = { now: () => now, waited: () => waited };
      const turns = new Turns(createThreadWords(), LIMIT_MS, (key, forMs) => seen.push([key, forMs]), time);
      for (const [at, waitedSoFar, step] of steps) {
        now = at;
        waited = waitedSoFar;
        if (step === 'turn') turns.turn(TURN_MS);
        else turns.enter(Number(step.split(' ')[1]));
      }
      expect(seen).to.deep.equal(blocks);
    });
  }

  it('judges the last one entered when the loop turns', async () => {
    let now = 0;
    const seen: number[] = [];
    const time = { now: () => now, waited: () => 0 };
    const words = createThreadWords();
    const turns = new Turns(words, LIMIT_MS, (key) => seen.push(key), time);
    turns.enter(7);
    now = 300;
    await new Promise(setImmediate);
    expect(seen).to.deep.equal([7]);
    expect(turns.current).to.equal(7);
    expect(Atomics.load(words, THREAD_WORDS.current)).to.equal(7);
    expect(Atomics.load(words, THREAD_WORDS.turns)).to.equal(0);
    turns.turn(TURN_MS);
    expect(Atomics.load(words, THREAD_WORDS.turns)).to.equal(1);
    expect(Atomics.load(words, THREAD_WORDS.heapKb)).to.be.greaterThan(0);
  });
});
