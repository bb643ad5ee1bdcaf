import { expect } from 'chai';
import { STRATEGIES } from '@vedette/cli/kinds';
import { FakeClock, settlePromises } from '../../../test/support/fake-clock.js';
import { Metrics } from '../src/metrics/metrics.js';
import { eventually } from '../../../test/support/eventually.js';
import { aManager, aSpec, type TestManager } from './support/a-manager.js';
import { readPage, type Page } from './support/exposition.js';

const GETH = 'evm-node:geth';
const LABELS = '{monitor="evm-node:geth",name="geth 1",chain="testnet"}';

describe('/metrics', () => {
  let under: TestManager;
  let metrics: Metrics;
  let clock: FakeClock;
  beforeEach(() => {
    under = aManager(STRATEGIES);
    clock = new FakeClock(settlePromises);
    metrics = new Metrics(under.manager, clock);
  });
  afterEach(async () => {
    metrics.stop();
    await under.manager.stop();
  });
  const page = async (): Promise<Page> => readPage((await metrics.render()).toString('utf8'));
  /** A round that ends now, by the clock of the page. */
  const round = (id: string, parts: Parameters<TestManager['host']['round']>[1] = {}): void => {
    under.host.round(id, { at: clock.now(), ...parts });
  };

  it('shows each fact of the last round as a gauge with the words of its kind', async () => {
    await under.run(aSpec('geth', { name: 'geth 1' }));
    round(GETH, { facts: { block_height: 1234, is_syncing: null, request_seconds: 0.25 } });
    const { series, types, helps } = await page();
    expect(series.get(`vedette_evm_node_block_height${LABELS}`)).to.equal(1234);
    expect(series.get(`vedette_evm_node_request_seconds${LABELS}`)).to.equal(0.25);
    expect(types.has('vedette_evm_node_is_syncing')).to.equal(false);
    expect(types.get('vedette_evm_node_block_height')).to.equal('gauge');
    expect(helps.get('vedette_evm_node_block_height')).to.equal('height of the newest block');
  });

  it('shows the figures of each monitor', async () => {
    await under.run(aSpec('geth', { name: 'geth 1' }));
    const reported = { code: 5015, message: 'down' };
    round(GETH, { reported, durationMs: 40, publishes: { confirmed: 1 } });
    await clock.advance(3_000);
    const { series } = await page();
    const own = [...series]
      .filter(([key]) => key.endsWith(LABELS))
      .map(([key, value]) => [key.replace(LABELS, ''), value]);
    expect(Object.fromEntries(own)).to.deep.equal({
      vedette_monitor_up: 1,
      vedette_monitor_healthy: 1,
      vedette_monitor_paused: 0,
      vedette_monitor_restarts_total: 0,
      vedette_monitor_last_round_timestamp_seconds: clock.now() / 1_000 - 3,
      vedette_monitor_last_round_duration_seconds: 0.04,
      vedette_monitor_reported_error_code: 5015,
      vedette_monitor_confirmed_result_age_seconds: 3,
      vedette_monitor_heap_bytes: 0,
      vedette_monitor_external_bytes: 0,
    });
  });

  it('counts by kind, cause and outcome what happens to monitors', async () => {
    await under.run(aSpec('geth'), aSpec('besu'));
    round(GETH, { publishes: { confirmed: 2, unroutable: 1 } });
    round(GETH, { outcome: 'timeout' });
    under.host.crash('evm-node:besu');
    await eventually(() => under.manager.supervisor.status('evm-node:besu')?.attempt === 2);
    const { series } = await page();
    const expected: Record<string, number> = {
      'vedette_monitors{kind="evm-node",state="running",health="failing"}': 1,
      'vedette_starts_total{kind="evm-node"}': 3,
      'vedette_restarts_total{kind="evm-node",cause="crashed"}': 1,
      'vedette_rounds_total{kind="evm-node",outcome="ok"}': 1,
      'vedette_rounds_total{kind="evm-node",outcome="timeout"}': 1,
      'vedette_publishes_total{from="monitors",outcome="confirmed"}': 2,
      'vedette_publishes_total{from="monitors",outcome="unroutable"}': 1,
      'vedette_round_duration_seconds_count{kind="evm-node"}': 2,
      'vedette_broker_link{link="connected"}': 1,
      'vedette_manager_state{state="running"}': 1,
      'vedette_configs_total{verdict="accepted"}': 1,
      'vedette_workers{host="scripted"}': 2,
      vedette_ready: 1,
    };
    for (const [key, value] of Object.entries(expected)) expect(series.get(key), key).to.equal(value);
  });

  it('counts a refusal by its code and notes when', async () => {
    await under.manager.start();
    const refusal = {
      code: 'CONFIG_MISSING_FIELD',
      configId: 'a',
      field: 'url',
      reason: 'x',
      remedy: 'y',
    } as const;
    under.manager.reportRefusals('file', [refusal]);
    const { series } = await page();
    expect(series.get('vedette_refusals_total{code="CONFIG_MISSING_FIELD"}')).to.equal(1);
    expect(series.get('vedette_config_last_refused_timestamp_seconds')).to.equal(clock.now() / 1_000);
  });

  it('forgets a monitor that is removed, down or long silent', async () => {
    await under.run(aSpec('geth', { name: 'geth 1' }), aSpec('besu'));
    const facts = { block_height: 1 };
    const heights = async (): Promise<string[]> =>
      [...(await page()).of('vedette_evm_node_block_height').keys()].map(
        (key) => /monitor="([^"]+)"/.exec(key)?.[1] ?? '',
      );
    round(GETH, { facts });
    round('evm-node:besu', { facts });
    expect(await heights()).to.deep.equal([GETH, 'evm-node:besu']);
    // Three periods and the longest round there can be.
    await clock.advance(60_001);
    round(GETH, { facts });
    expect(await heights()).to.deep.equal([GETH]);
    under.manager.supervisor.pause(GETH);
    await eventually(() => under.manager.supervisor.status(GETH)?.state.state === 'stopped');
    expect(await heights()).to.deep.equal([]);
    expect((await page()).series.get(`vedette_monitor_paused${LABELS}`)).to.equal(1);
    await under.run();
    await eventually(() => under.manager.snapshot().length === 0);
    expect([...(await page()).series.keys()].filter((key) => key.includes('monitor="'))).to.deep.equal([]);
  });

  it('stays a page Prometheus takes, whatever things are called', async () => {
    const names = [
      '"quoted" \\ back',
      'two\nlines',
      '<b>html</b>',
      '\u202eright to left',
      '🛰 ✓',
      'x'.repeat(10_000),
      '',
    ];
    const specs = names.flatMap((name, index) => [
      aSpec(`n-${index}`, { name, chain: name }),
      aSpec(name === '' ? 'e' : name),
    ]);
    await under.run(...specs);
    for (const { id } of specs) round(id, { facts: { block_height: 1 } });
    const { series, of } = await page();
    expect(of('vedette_evm_node_block_height').size).to.equal(specs.length);
    expect(Math.max(...[...series.keys()].map((key) => key.length))).to.be.lessThan(1_000);
  });

  it('has a hundred gauges of one kind at most, of them every declared one', async () => {
    await under.run(aSpec('geth'), aSpec('own', { kind: 'own-kind' }));
    const invented = Object.fromEntries(
      Array.from({ length: 500 }, (_none, index) => [`fact_${index}`, index]),
    );
    round('own-kind:own', { facts: { ...invented, 'Bad-Name': 1 } });
    round(GETH, { facts: { ...invented, block_height: 1 } });
    const { types, series } = await page();
    const names = [...types.keys()];
    expect(names.filter((name) => name.startsWith('vedette_own_kind_'))).to.have.length(100);
    expect(names.filter((name) => name.startsWith('vedette_evm_node_')))
      .to.have.length(98)
      .and.include('vedette_evm_node_block_height');
    expect(series.get('vedette_facts_left_out')).to.equal(401 + 403);
  });

  it('lets no kind take a name of its own', async () => {
    await under.run(aSpec('a', { kind: 'monitor' }), aSpec('b', { kind: 'round' }));
    round('monitor:a', { facts: { up: 7 } });
    round('round:b', { facts: { duration_seconds_sum: 7, seconds: 1 } });
    const { of, series } = await page();
    expect([...of('vedette_monitor_up').values()]).to.deep.equal([1, 1]);
    expect(of('vedette_round_seconds').size).to.equal(1);
    expect([...series.values()]).to.not.include(7);
  });

  it('is made once for all who ask at a time', async () => {
    await under.run(aSpec('geth'));
    const [one, other] = await Promise.all([metrics.render(), metrics.render()]);
    expect(one).to.equal(other);
    expect(await metrics.render()).to.not.equal(one);
  });
});
