/** Config that comes twice, late, broken or in bursts: what is wanted runs once, a hundred neighbours go on. */
import { expect } from 'chai';
import { CONFIG_LIMITS } from '@vedette/contract';
import { eventually } from '../support/eventually.js';
import { startRabbit, type Rabbit } from '../support/rabbitmq.js';
import { Fleet } from './support/fleet.js';
import { areWell, neighbourIds } from './support/neighbours.js';
import { CULPRITS_KEY, entriesOf, keyOf, NEIGHBOURS_KEY, RabbitSide } from './support/rabbit-side.js';

const CULPRIT = 'light:culprit';

describe('config over RabbitMQ, among 100 neighbours', function () {
  this.timeout(180_000);
  let rabbit: Rabbit;
  let side: RabbitSide;
  let fleet: Fleet;

  before(async () => {
    rabbit = await startRabbit();
    side = await new RabbitSide(rabbit).plug();
    fleet = await new Fleet({ brokerUrl: rabbit.url, hasNeighbours: false }).start();
    await eventually(async () => (await side.consumers()) === 1, { deadlineMs: 20_000 });
    side.send(NEIGHBOURS_KEY, entriesOf(neighbourIds()));
    await areWell(fleet.supervisor);
  });
  beforeEach(() => fleet.watchman.begin());
  afterEach(async () => {
    await side.configsAreSettled();
    await fleet.watchman.expectUnharmed();
    const { accepted } = fleet.manager.counters;
    side.send(CULPRITS_KEY, {});
    side.send(keyOf('third'), {});
    await eventually(() => fleet.manager.counters.accepted === accepted + 2, { deadlineMs: 20_000 });
    await fleet.tidy();
  });
  after(async () => {
    await fleet.stop();
    await side.unplug();
    await rabbit.stop();
  });

  const refused = (): Record<string, number> => ({ ...fleet.manager.counters.refusedByCode });
  const valueOf = (id: string): unknown => fleet.supervisor.snapshot().find((one) => one.id === id)?.revision;
  const runs = (id = CULPRIT): Promise<unknown> =>
    eventually(() => fleet.supervisor.status(id)?.health === 'healthy', {
      deadlineMs: 30_000,
      what: `${id} runs`,
    });
  const spawns = (id = CULPRIT): number =>
    fleet.actionsOf(id).filter(({ action }) => action === 'spawned').length;
  const culprit = (value: string, fault = 'none') => entriesOf(['culprit'], { value, fault });

  it('F2 one config 20 times: one start, each message settled', async () => {
    const { accepted } = fleet.manager.counters;
    for (let turn = 0; turn < 20; turn += 1) side.send(CULPRITS_KEY, culprit('1'));
    await eventually(() => fleet.manager.counters.accepted === accepted + 20, { deadlineMs: 30_000 });
    await runs();
    expect(spawns()).to.equal(1);
    expect(fleet.status(CULPRIT).restarts).to.equal(0);
  });

  it('F2 a redelivered config whose ack was lost: nothing is started a second time', async () => {
    side.send(CULPRITS_KEY, culprit('1'));
    await runs();
    const { accepted } = fleet.manager.counters;
    // The publish and the loss of all links race; each outcome must end the same way.
    side.send(CULPRITS_KEY, culprit('1'));
    await rabbit.ctl('close_all_connections', 'F2');
    await side.unplug();
    await side.plug();
    await side.configsAreSettled();
    await eventually(() => fleet.manager.counters.accepted > accepted, { deadlineMs: 30_000 });
    await side.linksAre([CULPRIT, ...neighbourIds().map((id) => `light:${id}`)]);
    expect(spawns()).to.equal(1);
  });

  it('F2 20 generations out of order, an older one last: the last runs, with one worker', async () => {
    const { accepted } = fleet.manager.counters;
    side.send(CULPRITS_KEY, culprit('wanted'));
    await runs();
    const wanted = valueOf(CULPRIT);
    const shuffled = Array.from({ length: 20 }, (_, index) => (index * 7) % 20);
    for (const generation of shuffled) side.send(CULPRITS_KEY, culprit(String(generation)));
    side.send(CULPRITS_KEY, culprit('wanted'));
    await eventually(() => fleet.manager.counters.accepted === accepted + 22, { deadlineMs: 30_000 });
    await eventually(() => fleet.status(CULPRIT).state.state === 'running', { deadlineMs: 30_000 });
    await runs();
    expect(valueOf(CULPRIT)).to.equal(wanted);
    expect(await side.expectOneLinkEach()).to.include(CULPRIT);
  });

  it('F18 truncated, oversized and misrouted messages are parked with their code, the last good one runs on', async () => {
    side.send(CULPRITS_KEY, culprit('1'));
    await runs();
    await side.parked();
    const before = refused();
    side.send(CULPRITS_KEY, JSON.stringify(culprit('2')).slice(0, -3));
    side.send(CULPRITS_KEY, ' '.repeat(CONFIG_LIMITS.maxBytes + 1));
    side.send(CULPRITS_KEY, '['.repeat(200_000));
    side.send('general.dockerhub_repos_config', entriesOf(['nobody']));
    const counted = await eventually(
      () => {
        const now = refused();
        return (now['CONFIG_UNKNOWN_KIND'] ?? 0) > (before['CONFIG_UNKNOWN_KIND'] ?? 0) && now;
      },
      { deadlineMs: 20_000 },
    );
    await side.configsAreSettled();
    const more = (code: string): number => (refused()[code] ?? 0) - (before[code] ?? 0);
    expect(counted).to.be.an('object');
    expect(['CONFIG_NOT_JSON', 'CONFIG_TOO_LARGE', 'CONFIG_UNKNOWN_KIND'].map(more)).to.deep.equal([2, 1, 1]);
    expect((await side.parked()).sort()).to.deep.equal([
      'CONFIG_NOT_JSON',
      'CONFIG_NOT_JSON',
      'CONFIG_TOO_LARGE',
    ]);
    const codes = fleet.lines
      .filter(({ sentence }) => sentence === 'Config refused')
      .map(({ fields }) => fields['code']);
    expect(codes).to.include.members(['CONFIG_NOT_JSON', 'CONFIG_TOO_LARGE', 'CONFIG_UNKNOWN_KIND']);
    expect(spawns()).to.equal(1);
  });

  it('F18 an entry with a field more is taken, one with a field less is refused and runs on as it was', async () => {
    side.send(CULPRITS_KEY, entriesOf(['culprit', 'sibling'], { value: '1' }));
    await runs();
    await runs('light:sibling');
    const before = refused()['CONFIG_MISSING_FIELD'] ?? 0;
    const { culprit: whole, sibling } = entriesOf(['culprit', 'sibling'], { value: '2' });
    const { name: _name, ...less } = whole ?? {};
    side.send(CULPRITS_KEY, { culprit: less, sibling: { ...sibling, a_new_field: 'x' } });
    await eventually(() => (refused()['CONFIG_MISSING_FIELD'] ?? 0) === before + 1, { deadlineMs: 20_000 });
    await eventually(() => spawns('light:sibling') === 2, {
      deadlineMs: 20_000,
      what: 'the edit of the sibling',
    });
    await runs('light:sibling');
    expect(spawns()).to.equal(1);
    expect(fleet.status(CULPRIT).health).to.equal('healthy');
  });

  it('F19 an entry that makes the parser throw, 20 times: refused by name, never in a loop, its siblings are taken', async () => {
    side.send(CULPRITS_KEY, entriesOf(['culprit'], { value: '1' }));
    await runs();
    const before = refused()['STRATEGY_FAILED'] ?? 0;
    const { accepted } = fleet.manager.counters;
    const poison = (turn: number) => ({
      ...entriesOf(['culprit'], { value: String(turn), fault: 'parser-throws' }),
      ...entriesOf(['sibling'], { value: String(turn % 2) }),
    });
    for (let turn = 0; turn < 20; turn += 1) side.send(CULPRITS_KEY, poison(turn));
    await eventually(() => fleet.manager.counters.accepted === accepted + 20, { deadlineMs: 30_000 });
    await runs('light:sibling');
    expect((refused()['STRATEGY_FAILED'] ?? 0) - before).to.equal(20);
    const told = fleet.lines.filter(({ fields }) => fields['code'] === 'STRATEGY_FAILED');
    expect(told.map(({ fields }) => fields['configId'])).to.deep.equal(told.map(() => 'culprit'));
    expect(spawns(), 'the last good version runs on').to.equal(1);
  });

  it('F20 1,000 changes of 20 configs in one burst: the last ones run, one worker each', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `burst-${index}`);
    const { accepted } = fleet.manager.counters;
    for (let turn = 1; turn <= 50; turn += 1)
      side.send(keyOf('third'), entriesOf(ids, { value: String(turn) }));
    await eventually(() => fleet.manager.counters.accepted === accepted + 50, { deadlineMs: 30_000 });
    const isDone = (): boolean =>
      ids.every((id) => {
        const status = fleet.supervisor.status(`light:${id}`);
        return status?.health === 'healthy' && status.state.state === 'running';
      });
    await eventually(isDone, { deadlineMs: 60_000, what: 'all twenty running' });
    side.send(keyOf('third'), entriesOf(ids, { value: '50' }));
    await eventually(() => fleet.manager.counters.accepted === accepted + 51, { deadlineMs: 10_000 });
    // The very same config: had an older one been running, this would start it anew.
    expect(isDone()).to.equal(true);
    const applied = fleet.lines.filter(({ sentence }) => sentence === 'Config applied').at(-1);
    expect(applied?.fields).to.include({ started: 0, restarted: 0, stopped: 0, kept: 120 });
    await side.expectOneLinkEach();
  });

  it('F20 removed and added again within 50 ms, 20 times: it runs once, as last wanted', async () => {
    const { accepted } = fleet.manager.counters;
    for (let turn = 1; turn <= 20; turn += 1) {
      side.send(CULPRITS_KEY, {});
      side.send(CULPRITS_KEY, culprit(String(turn)));
    }
    await eventually(() => fleet.manager.counters.accepted === accepted + 40, { deadlineMs: 30_000 });
    await runs();
    expect(await side.expectOneLinkEach()).to.include(CULPRIT);
    fleet.expectOneWorkerEach();
  });
});
