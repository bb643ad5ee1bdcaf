import { expect } from 'chai';
import type { LogFields } from '@vedette/contract';
import { logEvents } from '../src/log-events.js';
import { aSpec } from './a-spec.js';
import { aSupervisor } from './a-supervisor.js';
import { settlePromises as settle } from '../../../test/support/fake-clock.js';

function logged() {
  const parts = aSupervisor();
  const lines: { level: string; sentence: string; fields: LogFields }[] = [];
  const off = logEvents(parts.supervisor, {
    log: (level, sentence, fields = {}) => {
      lines.push({ level, sentence, fields });
    },
  });
  return { ...parts, lines, off };
}

describe('logEvents', () => {
  it('writes one line per state change, with constant sentences', async () => {
    const { supervisor, host, lines } = logged();
    supervisor.apply([aSpec()]);
    host.last().ready();
    host.last().exit();
    await settle();
    supervisor.apply([]);
    await settle();
    expect(lines.map(({ level, sentence }) => `${level} ${sentence}`)).to.deep.equal([
      'debug Monitor is starting',
      'info Monitor is running',
      'warn Monitor went down and will be restarted',
      'debug Monitor is starting',
      'info Monitor is stopping',
      'info Monitor is stopped',
    ]);
  });

  it('names monitor, run, cause, code and remedy in fields', async () => {
    const { supervisor, host, lines } = logged();
    supervisor.apply([aSpec()]);
    host.last().exit();
    await settle();
    expect(lines[1]?.fields).to.deep.include({
      component: 'supervisor',
      monitorId: 'test:a',
      kind: 'test',
      attempt: 1,
      cause: 'exited',
      code: 'MONITOR_EXITED',
      remedy: 'It is restarted; see its last log lines',
    });
  });

  it('passes on what a worker logs, and a worker cannot take another name', () => {
    const { supervisor, host, lines } = logged();
    supervisor.apply([aSpec()]);
    const fields = { monitorId: 'test:other', component: 'supervisor', height: 7 };
    host.last().say({ type: 'log', level: 'warn', sentence: 'Hello', fields });
    expect(lines[1]).to.deep.equal({
      level: 'warn',
      sentence: 'Hello',
      fields: { height: 7, component: 'worker', monitorId: 'test:a', kind: 'test', attempt: 1 },
    });
  });

  it('writes nothing once it is ended', () => {
    const { supervisor, lines, off } = logged();
    off();
    supervisor.apply([aSpec()]);
    expect(lines).to.deep.equal([]);
  });
});
