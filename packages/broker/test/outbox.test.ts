import fc from 'fast-check';
import { expect } from 'chai';
import { Outbox, outboxKey } from '../src/outbox.js';

describe('outbox', () => {
  it('keeps the newest item per key and drains in the order of what it keeps', () => {
    const outbox = new Outbox<string>();
    for (const [key, item] of [
      ['a', 'a1'],
      ['b', 'b1'],
      ['a', 'a2'],
      ['c', 'c1'],
    ] as const) {
      expect(outbox.put(key, item)).to.equal(null);
    }
    expect(outbox.size).to.equal(3);
    expect(outbox.drain()).to.deep.equal(['b1', 'a2', 'c1']);
    expect([outbox.size, outbox.replaced, outbox.pushedOut]).to.deep.equal([0, 1, 0]);
    expect(outbox.drain()).to.deep.equal([]);
  });

  it('hands back the oldest item when there are too many keys', () => {
    const outbox = new Outbox<string>(2);
    outbox.put('a', 'a1');
    outbox.put('b', 'b1');
    outbox.put('a', 'a2');
    expect(outbox.put('c', 'c1')).to.equal('b1');
    expect(outbox.drain()).to.deep.equal(['a2', 'c1']);
    expect([outbox.replaced, outbox.pushedOut]).to.deep.equal([1, 1]);
  });

  it('loses nothing: what was put is drained, replaced or pushed out, whatever the sequence', () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e') },
      { weight: 1, arbitrary: fc.constant(null) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, maxKeys) => {
        const outbox = new Outbox<number>(maxKeys);
        let drained = 0;
        let put = 0;
        for (const key of steps) {
          if (key === null) drained += outbox.drain().length;
          else outbox.put(key, (put += 1));
          expect(outbox.size).to.be.at.most(maxKeys);
        }
        const left = outbox.drain();
        expect(left).to.deep.equal([...left].sort((one, two) => one - two));
        expect(drained + left.length + outbox.replaced + outbox.pushedOut).to.equal(put);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives different keys to different parts, whatever characters they hold', () => {
    expect(outboxKey('a', 'b', 'c')).to.not.equal(outboxKey('a', 'b","c', ''));
    expect(outboxKey('a.b', '', '')).to.not.equal(outboxKey('a', 'b', ''));
  });
});
