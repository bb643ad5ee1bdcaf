import { expect } from 'chai';
import { isHealthy, unreadiness, type Vital } from '../src/readiness.js';

const WELL: Vital = { state: 'running', isReading: true, link: 'connected' };

describe('unreadiness', () => {
  const cases: readonly [Partial<Vital>, readonly string[]][] = [
    [{}, []],
    [{ state: 'starting' }, ['the manager is starting']],
    [{ state: 'stopping' }, ['the manager is stopping']],
    [{ isReading: false }, ['the config queues are not read yet']],
    [{ link: 'blocked' }, ['the link to the broker is blocked']],
    [
      { isReading: false, link: 'disconnected' },
      ['the config queues are not read yet', 'the link to the broker is disconnected'],
    ],
  ];
  for (const [change, missing] of cases) {
    it(`${JSON.stringify(change)}: ${missing.join(', ') || 'ready'}`, () => {
      expect(unreadiness({ ...WELL, ...change })).to.deep.equal(missing);
    });
  }

  it('is healthy until the manager has ended', () => {
    expect(isHealthy({ state: 'stopping' })).to.equal(true);
    expect(isHealthy({ state: 'stopped' })).to.equal(false);
  });
});
