import { expect } from 'chai';
import { Abort } from '../../src/worker/abort.js';

describe('abort of a call', () => {
  const reason = new Error('enough');

  it('makes one signal, when it is asked for', () => {
    const abort = new Abort();
    expect(abort.signal).to.be.instanceOf(AbortSignal);
    expect(abort.signal).to.equal(abort.signal);
    expect(abort.signal.aborted).to.equal(false);
  });

  it('aborts a signal that was asked for before', () => {
    const abort = new Abort();
    const reasons: unknown[] = [];
    const { signal } = abort;
    signal.addEventListener('abort', () => reasons.push(signal.reason));
    abort.abort(reason);
    expect(reasons).to.deep.equal([reason]);
    expect(abort.aborted).to.equal(true);
  });

  it('gives an aborted signal to who asks afterwards', () => {
    const abort = new Abort();
    abort.abort(reason);
    expect(abort.signal.aborted).to.equal(true);
    expect(abort.signal.reason).to.equal(reason);
  });

  it('keeps the first reason', () => {
    const abort = new Abort();
    abort.abort(reason);
    abort.abort(new Error('again'));
    expect(abort.reason).to.equal(reason);
    expect(abort.signal.reason).to.equal(reason);
  });
});
