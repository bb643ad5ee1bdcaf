import { expect } from 'chai';
import { isLegalMove, TRANSITIONS, type StateName } from '../src/lifecycle.js';

const STATES = Object.keys(TRANSITIONS) as StateName[];
/** The table of the design, written out a second time. */
const LEGAL: readonly string[] = [
  'stopped>starting',
  'starting>running',
  'starting>stopping',
  'starting>backoff',
  'starting>failed',
  'running>stopping',
  'running>backoff',
  'running>failed',
  'backoff>starting',
  'backoff>stopped',
  'stopping>stopped',
  'failed>starting',
  'failed>stopped',
];

describe('lifecycle', () => {
  for (const from of STATES) {
    for (const to of STATES) {
      const isLegal = LEGAL.includes(`${from}>${to}`);
      it(`${isLegal ? 'allows' : 'forbids'} ${from} → ${to}`, () => {
        expect(isLegalMove(from, to)).to.equal(isLegal);
      });
    }
  }

  it('lets every state reach stopped, so that a stop always ends', () => {
    for (const from of STATES) {
      const reached = new Set<StateName>([from]);
      for (const state of reached) for (const next of TRANSITIONS[state]) reached.add(next);
      expect(reached.has('stopped'), from).to.equal(true);
    }
  });
});
