/** Config an operator plans, applies and has read again. */
import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isVedetteError, type ErrorCode, type JsonObject } from '@vedette/contract';
import { DirectConfig } from '../src/direct-config.js';
import { FileSource } from '../src/intake/file-source.js';
import { StrategyRegistry } from '../src/strategy-registry.js';
import { aManager, STRATEGIES, stopBench, type Bench } from './support/a-manager.js';

const KEY = 'chains.chainlink.testnet.evm_nodes_config';

function entry(id: string, url = 'http://127.0.0.1:8545'): JsonObject {
  return { id, parent_id: 'p', name: id, node_http_url: url, monitor_node: 'true' };
}
const bytes = (body: JsonObject): Uint8Array => new TextEncoder().encode(JSON.stringify(body));

async function rejectsWith(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isVedetteError(error, code), String(error)).to.equal(true);
}

describe('DirectConfig', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await aManager({ quietMs: 0 });
  });
  afterEach(async () => {
    await stopBench(bench);
  });

  it('plans what a message would change and changes nothing', async () => {
    await bench.take('node', KEY, { a: entry('a'), b: entry('b') });
    const body = { a: entry('a', 'http://127.0.0.1:1'), c: entry('c'), d: { name: 'd' } };
    const [plan, ...others] = bench.manager.config.plan(KEY, bytes(body));
    expect(others).to.deep.equal([]);
    expect(plan?.scope).to.equal(`node/${KEY}`);
    expect(plan?.changes).to.deep.equal({
      started: ['evm-node:c'],
      restarted: ['evm-node:a'],
      stopped: ['evm-node:b'],
      kept: [],
    });
    expect(plan?.refusals.map(({ configId }) => configId)).to.include('d');
    expect(await bench.running()).to.deep.equal(['Node monitor (a)', 'Node monitor (b)']);
    expect(bench.manager.scopes().map(({ wanted }) => wanted)).to.deep.equal([['evm-node:a', 'evm-node:b']]);
  });

  it('applies what it planned, as a message would', async () => {
    const plans = await bench.manager.config.apply(KEY, bytes({ a: entry('a') }));
    expect(plans.map(({ changes }) => changes.started)).to.deep.equal([['evm-node:a']]);
    expect(await bench.running()).to.deep.equal(['Node monitor (a)']);
    expect((await bench.store.load()).records.map(({ scope }) => scope)).to.deep.equal([`node/${KEY}`]);
  });

  it('takes nothing of what cannot be used as a whole, and parks nothing', async () => {
    const plans = await bench.manager.config.apply(KEY, new TextEncoder().encode('{'));
    expect(plans.map(({ isUsable, refusals }) => [isUsable, refusals[0]?.code])).to.deep.equal([
      [false, 'CONFIG_NOT_JSON'],
    ]);
    expect(bench.manager.counters.parked).to.equal(0);
  });

  it('gives a copy to each manager that reads the key, and to none for a key nobody reads', () => {
    const plans = bench.manager.config.plan('chains.cosmos.regen.nodes_config', bytes({}));
    expect(plans.map(({ scope }) => scope.split('/')[0])).to.deep.equal([
      'system',
      'node',
      'contract',
      'network',
    ]);
    expect(bench.manager.config.plan('nonsense', bytes({}))).to.deep.equal([]);
  });

  it('has no file to read again, and applies nothing after the stop', async () => {
    await rejectsWith('MANAGER_OWNS_NO_FILE', bench.manager.config.reload());
    await stopBench(bench);
    await rejectsWith('MANAGER_NOT_RUNNING', bench.manager.config.apply(KEY, bytes({})));
  });

  it('plans nothing and applies nothing where the config comes from a file', async () => {
    const direct = new DirectConfig({
      preview: () => expect.fail('nothing is looked at'),
      plan: () => expect.fail('nothing is planned'),
      accept: () => expect.fail('nothing is taken'),
      isRunning: () => true,
      reload: () => Promise.resolve([]),
    });
    const plan = async (): Promise<unknown> => direct.plan(KEY, bytes({}));
    await rejectsWith('MANAGER_OWNS_FILE', plan());
    await rejectsWith('MANAGER_OWNS_FILE', direct.apply(KEY, bytes({})));
  });

  it('tells of each scope what is wanted, what was refused, and what was not taken at all', async () => {
    await bench.take('node', KEY, { a: entry('a'), b: { name: 'b' } });
    await bench.take('node', KEY, 'no json');
    const [scope] = bench.manager.scopes();
    expect(scope?.wanted).to.deep.equal(['evm-node:a']);
    expect(scope?.refusals.length).to.be.greaterThan(0);
    expect(scope?.takenAt).to.equal(bench.clock.now());
    expect(scope?.notTaken?.refusals.map(({ code }) => code)).to.deep.equal(['CONFIG_NOT_JSON']);
    await bench.take('node', KEY, {});
    expect(bench.manager.scopes()[0]?.notTaken).to.equal(null);
  });
});

describe('FileSource, read again', () => {
  it('gives what is wrong with the file now, as often as it is asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vedette-reload-'));
    const file = join(folder, 'monitors.yaml');
    const yaml = (url: string): string =>
      `monitors:\n  - { kind: evm-node, id: a, settings: { url: '${url}' } }\n`;
    await writeFile(file, yaml('http://127.0.0.1:1'));
    const registry = new StrategyRegistry(STRATEGIES);
    const source = new FileSource(file, registry);
    const told: string[] = [];
    await source.start({
      acceptSpecs: (_scope, specs) => told.push(`took ${specs.length}`),
      reportRefusals: (_scope, refusals) => told.push(`refused ${refusals.length}`),
      reportIntake: () => undefined,
      enter: () => expect.fail('a file is no message'),
      acceptMessage: () => expect.fail('a file is no message'),
    });
    try {
      await writeFile(file, yaml('nonsense'));
      const codes = [await source.reload(), await source.reload()].map((all) => all.map(({ code }) => code));
      expect(codes).to.deep.equal([['CONFIG_INVALID_URL'], ['CONFIG_INVALID_URL']]);
      await writeFile(file, yaml('http://127.0.0.1:2'));
      expect(await source.reload()).to.deep.equal([]);
      expect(told.filter((word, index) => word !== told[index - 1])).to.deep.equal([
        'took 1',
        'refused 1',
        'took 1',
      ]);
    } finally {
      await source.stop();
      await rm(folder, { recursive: true });
    }
  });
});
