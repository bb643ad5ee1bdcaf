import { expect } from 'chai';
import { aSpec } from './a-spec.js';
import { aSupervisor, beatFor } from './a-supervisor.js';
import { settlePromises as settle } from '../../../test/support/fake-clock.js';

const ID = 'test:a';

describe('state from before this process', () => {
  it('is handed to the first run, asked for by id and revision', () => {
    const asked: [string, string][] = [];
    const { host, supervisor } = aSupervisor({
      initialState: (id, revision) => {
        asked.push([id, revision]);
        return { height: 7 };
      },
    });
    const spec = aSpec();
    supervisor.apply([spec]);
    expect(host.last().start.state).to.deep.equal({ height: 7 });
    expect(asked).to.deep.equal([[ID, spec.revision]]);
  });

  it('gives way to what a round of this process left, even if that is nothing', async () => {
    const { clock, host, supervisor } = aSupervisor({ initialState: () => 'old' });
    supervisor.apply([aSpec()]);
    host.last().ready();
    host.last().round('ok', null);
    host.last().exit();
    await beatFor(clock, host, 1_000);
    expect(host.workers).to.have.lengthOf(2);
    expect(host.last().start.state).to.equal(null);
  });

  it('is null where nobody keeps any', () => {
    const { host, supervisor } = aSupervisor();
    supervisor.apply([aSpec()]);
    expect(host.last().start.state).to.equal(null);
  });

  it('is told with each round for somebody to keep', async () => {
    const { host, supervisor } = aSupervisor();
    const seen: unknown[] = [];
    supervisor.on('monitor.round-ended', ({ id, spec, state }) => seen.push([id, spec.revision, state]));
    const spec = aSpec();
    supervisor.apply([spec]);
    host.last().ready();
    host.last().round('ok', 'at 12');
    await settle();
    expect(seen).to.deep.equal([[ID, spec.revision, 'at 12']]);
  });
});
