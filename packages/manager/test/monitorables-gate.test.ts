import { expect } from 'chai';
import type { Clock } from '@vedette/contract';
import { MonitorablesGate } from '../src/monitorables-gate.js';

describe('MonitorablesGate', () => {
  it('sets no timer once it is closed, also for a config that was being taken meanwhile', () => {
    let timers = 0;
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      after: () => {
        timers += 1;
        return () => {
          timers -= 1;
        };
      },
    };
    const gate = new MonitorablesGate({ clock, quietMs: 1, deadlineMs: 2, onOpen: () => undefined });
    const pair = { family: 'node', baseChain: 'chainlink' } as const;
    expect(gate.admit(pair)).to.equal(false);
    expect(timers).to.equal(2);
    gate.close();
    expect(gate.admit(pair)).to.equal(false);
    gate.note({ isReading: true, unsettled: 0 });
    expect(timers).to.equal(0);
  });
});
