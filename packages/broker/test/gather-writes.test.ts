import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { gatherWrites } from '../src/amqp/gather-writes.js';

describe('gathered writes', () => {
  /** What left together, each as one text. */
  let left: string[];
  let stream: Writable;
  beforeEach(() => {
    left = [];
    stream = new Writable({
      decodeStrings: false,
      highWaterMark: 8,
      write(chunk: string, _encoding, done) {
        left.push(chunk);
        done();
      },
      writev(chunks, done) {
        left.push(chunks.map(({ chunk }) => String(chunk)).join(' '));
        done();
      },
    });
    gatherWrites(stream);
  });

  it('leave together, in their order, before the next turn', async () => {
    for (const text of ['a', 'b', 'c']) stream.write(text);
    expect(left).to.deep.equal([]);
    await turn();
    expect(left).to.deep.equal(['a b c']);
  });

  it('wait for nothing but the turn they belong to', async () => {
    stream.write('a');
    await turn();
    stream.write('b');
    stream.write('c');
    await turn();
    expect(left).to.deep.equal(['a', 'b c']);
  });

  it('tell when to wait, and of the drain', async () => {
    const drained = new Promise((resolve) => stream.once('drain', resolve));
    expect(stream.write('four')).to.equal(true);
    expect(stream.write('fourmore')).to.equal(false);
    await drained;
    expect(left).to.deep.equal(['four fourmore']);
  });

  it('call back once each has left', async () => {
    const told: string[] = [];
    stream.write('a', () => told.push(`a after ${left.length}`));
    stream.write('b', 'utf8', () => told.push(`b after ${left.length}`));
    await turn();
    await turn();
    expect(told).to.deep.equal(['a after 1', 'b after 1']);
  });

  it('leave although the stream is ended in the same turn', async () => {
    stream.write('a');
    stream.end('b');
    await finished(stream);
    expect(left.join(' ')).to.equal('a b');
  });

  it('do no harm to a stream that is destroyed in the same turn', async () => {
    stream.write('a');
    stream.destroy();
    await turn();
    expect(left).to.deep.equal([]);
    expect(stream.destroyed).to.equal(true);
  });
});
