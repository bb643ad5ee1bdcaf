import { expect } from 'chai';
import { parseDurationMs } from '../src/duration.js';

const CASES: readonly (readonly [text: string | number, ms: number | null])[] = [
  ['500ms', 500],
  ['2s', 2_000],
  ['1.5m', 90_000],
  ['1h', 3_600_000],
  ['10', 10_000],
  [10, 10_000],
  [0.25, 250],
  [' 3 s ', 3_000],
  ['720h', 2_592_000_000],
  ['721h', null],
  ['0', null],
  ['0.0001ms', null],
  [-1, null],
  ['-1s', null],
  ['', null],
  ['s', null],
  ['1 d', null],
  ['1S', null],
  ['1e3', null],
  ['1,5s', null],
  ['.5s', null],
  ['1s 2s', null],
  [NaN, null],
  [Infinity, null],
  ['9'.repeat(400), null],
];

describe('duration', () => {
  for (const [text, ms] of CASES) {
    it(`${JSON.stringify(text)?.slice(0, 20)} is ${ms === null ? 'refused' : `${ms} ms`}`, () => {
      expect(parseDurationMs(text)).to.equal(ms);
    });
  }
});
