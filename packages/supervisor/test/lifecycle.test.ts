import { expect } from 'chai';
import { serialiseError, TRANSITIONS, type MonitorState, type StateName } from '@vedette/contract';
import { Lifecycle } from '../src/lifecycle.js';
import { aSpec } from './a-spec.js';

const EXAMPLES: Readonly<Record<StateName, MonitorState>> = {
  stopped: { state: 'stopped' },
  starting: { state: 'starting', attempt: 1, since: 0 },
  running: { state: 'running', attempt: 1, since: 0, hostId: 'thread:1' },
  backoff: { state: 'backoff', attempt: 1, until: 0, reason: serialiseError('x') },
  stopping: { state: 'stopping', since: 0, deadline: 0 },
  failed: { state: 'failed', error: serialiseError('x') },
};
/** A legal way to each state. */
const WAYS: Readonly<Record<StateName, readonly StateName[]>> = {
  stopped: [],
  starting: ['starting'],
  running: ['starting', 'running'],
  backoff: ['starting', 'backoff'],
  stopping: ['starting', 'stopping'],
  failed: ['starting', 'failed'],
};
const NAMES = Object.keys(EXAMPLES) as StateName[];

function aLife(at: StateName) {
  const events: string[] = [];
  const refused: string[] = [];
  const life = new Lifecycle(
    {
      emit: (_name, payload) => {
        if ('from' in payload && typeof payload.to === 'object')
          events.push(`${payload.from} > ${payload.to.state}`);
      },
      onIllegalMove: (error) => refused.push(error.code),
    },
    () => ({ id: 'test:a', spec: aSpec(), attempt: 1 }),
  );
  for (const step of WAYS[at]) life.moveTo(EXAMPLES[step]);
  events.length = 0;
  return { life, events, refused };
}

describe('Lifecycle', () => {
  for (const from of NAMES) {
    for (const to of NAMES) {
      const isLegal = TRANSITIONS[from].includes(to);
      it(`${isLegal ? 'moves, and tells once,' : 'refuses and reports a move'} from ${from} to ${to}`, () => {
        const { life, events, refused } = aLife(from);
        life.moveTo(EXAMPLES[to]);
        expect(life.word).to.equal(isLegal ? to : from);
        expect(events).to.deep.equal(isLegal ? [`${from} > ${to}`] : []);
        expect(refused).to.deep.equal(isLegal ? [] : ['SUPERVISOR_ILLEGAL_MOVE']);
      });
    }
  }
});
