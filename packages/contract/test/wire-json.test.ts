import { expect } from 'chai';
import fc from 'fast-check';
import { real, wireJson, type WireValue } from '../src/wire-json.js';

/** Left: the value. Right: the text Python's json.dumps gives for its counterpart. */
const CASES: readonly (readonly [name: string, value: WireValue, text: string])[] = [
  ['an integer', 26, '26'],
  ['a real without fraction', real(26), '26.0'],
  ['a real with fraction', real(0.1), '0.1'],
  ['a number with fraction', 1.5, '1.5'],
  ['zero', 0, '0'],
  ['a real zero', real(0), '0.0'],
  ['minus zero as a real', real(-0), '-0.0'],
  ['minus zero as an integer', -0, '0'],
  ['a negative integer', -7, '-7'],
  ['the largest safe integer', 9007199254740991, '9007199254740991'],
  ['an integer of 1e21', 1e21, '1000000000000000000000'],
  ['a bigint above 2^64', 1000000000000000000001n, '1000000000000000000001'],
  ['a negative bigint', -5n, '-5'],
  ['a real of 1e21', real(1e21), '1e+21'],
  ['a tiny real', real(1e-7), '1e-7'],
  ['not a number', real(NaN), 'NaN'],
  ['not a number, unmarked', NaN, 'NaN'],
  ['infinity', real(Infinity), 'Infinity'],
  ['minus infinity', real(-Infinity), '-Infinity'],
  ['text', 'a"b\\c\n', '"a\\"b\\\\c\\n"'],
  ['null', null, 'null'],
  ['booleans in a list', [true, false], '[true, false]'],
  ['an empty list', [], '[]'],
  ['an empty object', {}, '{}'],
  ['an object in its order', { b: 1, a: [real(2), null] }, '{"b": 1, "a": [2.0, null]}'],
];

describe('wire JSON', () => {
  for (const [name, value, text] of CASES) {
    it(`writes ${name} as ${text.length > 30 ? `${text.slice(0, 30)}…` : text}`, () => {
      expect(wireJson(value)).to.equal(text);
    });
  }

  it('is read back unchanged by JSON.parse for every plain JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON has no -0 as an integer; both sides see 0.
        const expected: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(wireJson(value as WireValue))).to.deep.equal(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('always writes a finite real with a point or an exponent, and loses no digit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = wireJson(real(value));
        expect(text).to.match(/[.e]/);
        expect(Object.is(Number(text), value)).to.equal(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('writes integers of any size with all digits', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(BigInt(wireJson(value))).to.equal(value);
      }),
      { numRuns: 500 },
    );
  });
});
