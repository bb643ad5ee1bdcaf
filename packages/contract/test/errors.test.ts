import { expect } from 'chai';
import {
  ERROR_CODES,
  isVedetteError,
  reviveError,
  serialiseError,
  VedetteError,
  type SerialisedError,
} from '../src/errors.js';

describe('error codes', () => {
  for (const [code, [meaning, remedy]] of Object.entries(ERROR_CODES)) {
    it(`${code} has the form AREA_CONDITION, a meaning and a remedy`, () => {
      expect(code).to.match(/^[A-Z]+(_[A-Z]+)+$/);
      expect(meaning).to.match(/^[A-Z].{8,}[^.]$/);
      expect(remedy).to.match(/^[A-Z`].{8,}[^.]$/);
    });
  }
});

describe('errors across a thread border', () => {
  it('keep code, message, details, stack and causes', () => {
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    const error = new VedetteError('SOURCE_UNREACHABLE', 'cannot reach http://x/', {
      details: { url: 'http://x/', attempt: 2 },
      cause,
    });
    const revived = reviveError(structuredClone(serialiseError(error)), 'MONITOR_CRASHED');
    expect(isVedetteError(revived, 'SOURCE_UNREACHABLE')).to.equal(true);
    expect(revived.message).to.equal(error.message);
    expect(revived.details).to.deep.equal(error.details);
    expect(revived.stack).to.equal(error.stack?.slice(0, 4000));
    expect(revived.remedy).to.equal(ERROR_CODES.SOURCE_UNREACHABLE[1]);
    const inner = revived.cause as VedetteError;
    expect(inner.message).to.equal('connect refused');
    expect(inner.code).to.equal('MONITOR_CRASHED');
    expect(inner.details).to.deep.equal({ system: 'ECONNREFUSED' });
  });

  const THROWN: readonly (readonly [name: string, thrown: unknown, message: string])[] = [
    ['text', 'boom', 'boom'],
    ['nothing', undefined, 'undefined was thrown'],
    ['null', null, 'object was thrown'],
    ['an object', { secret: 1 }, 'object was thrown'],
    ['a symbol', Symbol('x'), 'symbol was thrown'],
    ['a function', () => 1, 'function was thrown'],
  ];
  for (const [name, thrown, message] of THROWN) {
    it(`take ${name} that was thrown`, () => {
      const data = structuredClone(serialiseError(thrown));
      expect(data).to.include({ code: null, name: 'NonError', message });
      expect(reviveError(data, 'MONITOR_CRASHED').code).to.equal('MONITOR_CRASHED');
    });
  }

  it('end at five causes, also when an error causes itself', () => {
    const error = new Error('loop');
    error.cause = error;
    let depth = 0;
    for (let at: SerialisedError | undefined = serialiseError(error); at !== undefined; at = at.cause)
      depth += 1;
    expect(depth).to.equal(6);
  });

  it('are bounded in size', () => {
    const data = serialiseError(new Error('x'.repeat(100_000)));
    expect(data.message).to.have.length(2_000);
    expect(data.stack).to.have.length.of.at.most(4_000);
  });

  it('survive a JSON trip', () => {
    const data = serialiseError(new VedetteError('BROKER_NACKED', 'no', { details: { a: [1, null] } }));
    expect(reviveError(JSON.parse(JSON.stringify(data)) as SerialisedError, 'CLI_USAGE')).to.include({
      code: 'BROKER_NACKED',
      message: 'no',
    });
  });
});

describe('isVedetteError', () => {
  it('knows an error of another copy of this package by its brand', () => {
    const other = Object.defineProperty(new Error('x'), Symbol.for('vedette.error'), { value: true });
    expect(isVedetteError(other)).to.equal(true);
  });

  it('asks for the code when one is given', () => {
    const error = new VedetteError('CLI_USAGE', 'x');
    expect([isVedetteError(error, 'CLI_USAGE'), isVedetteError(error, 'BROKER_NACKED')]).to.deep.equal([
      true,
      false,
    ]);
  });

  for (const value of [null, undefined, 1, 'x', {}, new Error('x'), { code: 'CLI_USAGE' }]) {
    it(`refuses ${value instanceof Error ? 'a plain error' : JSON.stringify(value)}`, () => {
      expect(isVedetteError(value)).to.equal(false);
    });
  }
});
