/** Ten thousand config messages, valid ones mutated, through the whole manager as they come off the queues. */
import { expect } from 'chai';
import fc from 'fast-check';
import { ERROR_CODES, FAMILIES, type Family, type JsonObject, type JsonValue } from '@vedette/contract';
import type { Changes } from '@vedette/supervisor';
import { aManager, stopBench, type Bench } from './support/a-manager.js';
import type { Settled } from './support/fake-broker.js';
import { settle } from '../../../test/support/fake-clock.js';
import { evmNode, iniNode, mongoNode, system } from './support/panic-configs.js';

const MESSAGES = 10_000;
const SEED = 20_260_712;
/** Messages waiting at a time, as with a prefetch. */
const BATCH = 100;

interface Scope {
  readonly family: Family;
  readonly key: string;
  readonly entry: (id: string, fields: JsonObject) => JsonObject;
  readonly kind: string;
}

/** Every id belongs to one scope, so that whatever moves under another scope's message is unrelated. */
const SCOPES: readonly Scope[] = [
  { family: 'node', key: 'chains.chainlink.bsc.nodes_config', entry: mongoNode, kind: 'chainlink-node' },
  { family: 'node', key: 'chains.Chainlink.Eth.nodes_config', entry: iniNode, kind: 'chainlink-node' },
  { family: 'node', key: 'chains.chainlink.bsc.evm_nodes_config', entry: evmNode, kind: 'evm-node' },
  { family: 'node', key: 'chains.cosmos.regen.evm_nodes_config', entry: evmNode, kind: 'evm-node' },
  { family: 'system', key: 'general.systems_config', entry: system, kind: 'system' },
  { family: 'system', key: 'chains.cosmos.regen.nodes_config', entry: mongoNode, kind: 'system' },
  { family: 'contract', key: 'chains.chainlink.bsc.nodes_config', entry: mongoNode, kind: 'none' },
  { family: 'github', key: 'general.github_repos_config', entry: evmNode, kind: 'none' },
];
const IDS = ['a', 'b', 'c'];

const odd: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    '',
    ' ',
    'true',
    'False',
    'yes',
    'no',
    '0',
    'ftp://x',
    'http://',
    'file:///etc/passwd',
  ),
  fc.constantFrom<JsonValue>('http://u:p@h', 'h:1', '\u0000', '𝒳'.repeat(40), null, true, 7, -1.5, [], {}, [
    1,
    'x',
  ]),
  fc.string({ maxLength: 400 }),
);
/** Changes of one entry: a field set, dropped or added. */
const edit = fc.oneof(
  { weight: 4, arbitrary: fc.record({ field: fc.nat(30), value: odd }) },
  { weight: 1, arbitrary: fc.record({ field: fc.nat(30), value: fc.constant(undefined) }) },
  { weight: 1, arbitrary: fc.record({ field: fc.string({ maxLength: 12 }), value: odd }) },
);
const message = fc.record({
  scope: fc.nat(SCOPES.length - 1),
  ids: fc.subarray(IDS),
  name: fc.nat(3),
  edits: fc.array(fc.record({ id: fc.nat(IDS.length - 1), edit }), { maxLength: 2 }),
  extra: fc.option(fc.tuple(fc.constantFrom('__proto__', 'DEFAULT', '', 'x', 'constructor'), odd), {
    freq: 6,
  }),
  /** Breaks the text itself. */
  cut: fc.option(fc.nat(200), { freq: 12 }),
  isRedelivered: fc.boolean(),
});

function bodyOf(scope: Scope, made: ReturnType<typeof generate>[number]): string {
  const entries = made.ids.map((id): [string, JsonValue] => {
    const entry: Record<string, JsonValue> = {
      ...scope.entry(`${scope.key} ${id}`, { name: `name ${made.name}` }),
    };
    for (const { id: which, edit: change } of made.edits) {
      if (IDS[which] !== id) continue;
      const fields = Object.keys(entry);
      const field =
        typeof change.field === 'string' ? change.field : (fields[change.field % fields.length] ?? '');
      if (change.value === undefined) Reflect.deleteProperty(entry, field);
      else Object.defineProperty(entry, field, { value: change.value, enumerable: true, configurable: true });
    }
    return [`${scope.key} ${id}`, entry];
  });
  const text = JSON.stringify(Object.fromEntries([...entries, ...(made.extra === null ? [] : [made.extra])]));
  return made.cut === null ? text : text.slice(0, made.cut % text.length);
}

function generate() {
  return fc.sample(message, { numRuns: MESSAGES, seed: SEED });
}

/** A switch that is text and not on: PANIC stops such a monitor. */
function isOff(entry: JsonObject): boolean {
  return ['monitor_node', 'monitor_prometheus', 'monitor_system'].some((field) => {
    const value = entry[field];
    return typeof value === 'string' && !['true', 'yes'].includes(value.toLowerCase());
  });
}

describe('ten thousand mutated config messages', function () {
  this.timeout(120_000);
  let bench: Bench;
  afterEach(async () => {
    await stopBench(bench);
  });

  it('crash nothing, touch only what they name, code every refusal, and are all settled', async () => {
    bench = await aManager({ isFromQueues: true, quietMs: 0 });
    const faults: string[] = [];
    const onFault = (error: unknown): void => void faults.push(String(error));
    process.on('unhandledRejection', onFault);
    let mostRunning = 0;
    const seen = { applied: 0, refused: 0, parked: 0 };
    /** What was handed over and not taken or parked yet, in order. */
    const line: string[] = [];
    /** The last text of each entry a monitor came from. */
    const lastEntry = new Map<string, string>();
    const judge = (scope: string, { started, restarted, stopped }: Changes): void => {
      const key = scope.slice(scope.indexOf('/') + 1);
      const body = JSON.parse(line.shift() ?? '') as Record<string, JsonObject | undefined>;
      for (const id of [...started, ...restarted, ...stopped]) {
        const configId = id.slice(id.indexOf(':') + 1);
        const entry = body[configId];
        const text = JSON.stringify(entry);
        if (!configId.startsWith(`${key} `)) faults.push(`${scope} touched ${id}`);
        if (stopped.includes(id)) {
          if (entry !== undefined && !isOff(entry)) faults.push(`${id} was stopped by ${text}`);
        } else if (entry === undefined) faults.push(`${id} came from nowhere`);
        else if (lastEntry.get(id) === text) faults.push(`${id} was touched without a change`);
        if (entry === undefined || stopped.includes(id)) lastEntry.delete(id);
        else lastEntry.set(id, text);
      }
    };
    bench.manager.on('config.applied', ({ scope, changes }) => {
      seen.applied += 1;
      judge(scope, changes);
    });
    bench.manager.on('config.parked', () => {
      seen.parked += 1;
      line.shift();
    });
    bench.manager.on('config.refused', ({ refusal }) => {
      seen.refused += 1;
      if (!Object.hasOwn(ERROR_CODES, refusal.code)) faults.push(`no such code: ${refusal.code}`);
      if (refusal.reason === '' || refusal.remedy === '') faults.push(`${refusal.code} says nothing`);
      if (/u:p@/.test(JSON.stringify(refusal))) faults.push('a password was shown');
    });

    bench.manager.on('config.applied', () => (mostRunning = Math.max(mostRunning, bench.host.workers.size)));
    const all: Settled[] = [];
    const made = generate();
    for (let from = 0; from < made.length; from += BATCH) {
      const batch = made.slice(from, from + BATCH).map((one) => {
        const scope = SCOPES[one.scope] as Scope;
        const { configQueue } = FAMILIES[scope.family];
        const text = bodyOf(scope, one);
        line.push(text);
        return bench.broker.deliver(configQueue, scope.key, text, one.isRedelivered);
      });
      all.push(...batch);
      for (let turn = 0; turn < 500 && batch.some((one) => !one.isAcked); turn += 1) await settle();
      bench.host.beat();
      await bench.clock.advance(100);
    }
    process.off('unhandledRejection', onFault);

    expect(faults).to.deep.equal([]);
    expect(all.filter((one) => one.isAcked)).to.have.length(MESSAGES);
    expect(all.filter((one) => one.isRequeued)).to.have.length(0);
    expect(seen.applied + seen.parked).to.equal(MESSAGES);
    expect(bench.manager.counters).to.include({ accepted: seen.applied, parked: seen.parked });
    // The mutations do bite.
    expect(seen.parked).to.be.greaterThan(200);
    expect(seen.refused).to.be.greaterThan(2_000);
    expect(mostRunning).to.be.greaterThan(10);
    expect(bench.host.spawned.length).to.be.greaterThan(500);
    expect(bench.host.mostPerId).to.equal(1);
    const dead = bench.manager.takeRoll().dead;
    expect(dead).to.deep.equal([]);

    // And what is sent last still counts.
    for (const { family, key, entry, kind } of SCOPES) {
      if (kind === 'none') continue;
      const id = `${key} a`;
      const body = { [id]: entry(id, { name: `last ${key}` }) };
      line.push(JSON.stringify(body));
      bench.broker.deliver(FAMILIES[family].configQueue, key, body);
    }
    await settle();
    await settle();
    const names = SCOPES.filter(({ kind }) => kind !== 'none').map(({ key }) => `last ${key}`);
    expect(faults).to.deep.equal([]);
    const running = bench.manager.snapshot().filter(({ id }) => id.endsWith(' a'));
    expect(running.map(({ name }) => name)).to.have.members(names);
  });
});
