/**
 * Starts one monitor at a time, cases and floors in turn. `ready`: from the supervisor being told of it to
 * the worker's `ready` and, where it has one, its live confirmed channel. `firstData`: from the config
 * message (for a floor: from the supervisor being told) to the first raw data the broker confirmed.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLogger, systemClock } from '@vedette/contract';
import { AmqpBroker } from '@vedette/broker';
import { FileScopeStore, MonitorsManager, StrategyRegistry, type ConfigSource } from '@vedette/manager';
import type { Host, LinkChanged, Published, StateChanged, Supervisor } from '@vedette/supervisor';
import {
  monitorableOf,
  removeAll,
  specOf,
  STASH,
  STRATEGIES,
  strategyOf,
  supervisorOf,
  timed,
  type Surroundings,
} from '../lib/fleet.js';
import { FLOORS, KINDS, type Kind, type WorkerCase } from '../lib/kinds.js';
import { serve } from '../lib/serve.js';
import { pause, until } from '../lib/until.js';

export interface ReadyArgs extends Surroundings {
  readonly turns: number;
  /** No further turn is begun where the last took longer than what is left. */
  readonly budgetMs: number;
  readonly folder: string;
}
export type ReadyResult = Record<WorkerCase, { ready: number[]; firstData: number[] }> & {
  /** A process that asks a Substrate node the same with the SDK alone, from its start to its end. */
  readonly bareSubstrate: number[];
};

const CASES: readonly WorkerCase[] = [...FLOORS, ...KINDS];
/** Threads and connections that end take their time too. */
const BETWEEN_MS = 40;
/** First starts of a process load code. */
const WARM_UPS = 2;
const NO_SOURCE: ConfigSource = { start: () => Promise.resolve(), stop: () => Promise.resolve() };

serve(async (args: ReadyArgs, progress): Promise<ReadyResult> => {
  const { turns, budgetMs, folder, amqpUrl, sources } = args;
  const supervisors = new Map(CASES.map((name) => [name, supervisorOf(name, args, laterRounds)]));
  const floor = supervisorOf('amqp', args);
  const manager = new MonitorsManager({
    broker: new AmqpBroker({ url: amqpUrl, name: 'bench manager' }),
    supervisor: supervisorOf('evm-node', args),
    registry: new StrategyRegistry(STRATEGIES),
    source: NO_SOURCE,
    store: new FileScopeStore(join(folder, 'ready')),
    clock: systemClock,
    logger: silentLogger,
  });
  await manager.start();
  await manager.broker.ready(10_000);
  const result = {
    ...Object.fromEntries(CASES.map((name) => [name, { ready: [], firstData: [] }])),
    bareSubstrate: [],
  } as unknown as ReadyResult;
  const began = performance.now();
  let lastMs = 0;
  for (let turn = -WARM_UPS; turn < turns; turn += 1) {
    const turnBegan = performance.now();
    if (turn > 0 && turnBegan - began + lastMs > budgetMs) break;
    progress(`ready: start ${Math.max(turn, 0)} of ${turns}, ${CASES.length} cases in turn`);
    for (const name of CASES) {
      const supervisor = supervisors.get(name) as Supervisor;
      const spec = specOf(name, `bench-${turn}`, sources);
      const ms = await timed(() => supervisor.apply([spec]), ready(supervisor, name !== 'empty'));
      await removeAll(supervisor);
      await pause(BETWEEN_MS);
      if (turn >= 0) result[name].ready.push(ms);
    }
    const floorSpec = specOf('amqp', `bench-${turn}`, sources);
    const floorMs = await timed(() => floor.apply([floorSpec]), firstData(floor));
    await removeAll(floor);
    if (turn >= 0) result.amqp.firstData.push(floorMs);
    const bareMs = await bareScript(args);
    if (turn >= 0) result.bareSubstrate.push(bareMs);
    for (const kind of KINDS) {
      await pause(BETWEEN_MS);
      const ms = await fromConfig(manager, kind, `bench-${turn}`, args);
      if (turn >= 0) result[kind].firstData.push(ms);
    }
    lastMs = performance.now() - turnBegan;
  }
  await manager.stop();
  return result;
});

async function bareScript({ files, sources }: Surroundings): Promise<number> {
  const began = performance.now();
  await promisify(execFile)(process.execPath, [files.bareSubstrate, sources.substrate, STASH]);
  return performance.now() - began;
}

/** Rounds wait, so that the start of the thread and its link are measured alone. */
function laterRounds(host: Host): Host {
  return { spawn: (start) => host.spawn({ ...start, firstRoundDelayMs: 60_000 }) };
}

function ready(supervisor: Supervisor, hasLink: boolean): Promise<number> {
  let isRunning = false;
  let isLinked = !hasLink;
  return until(
    supervisor,
    ['monitor.state-changed', 'monitor.link-changed'],
    (name, event: StateChanged & LinkChanged) => {
      if (name === 'monitor.state-changed') isRunning ||= event.to.state === 'running';
      else isLinked ||= event.link === 'connected';
      return isRunning && isLinked;
    },
    'a worker with a live channel',
  );
}

function firstData(supervisor: Supervisor): Promise<number> {
  return until(
    supervisor,
    ['message.published'],
    (_name, { message, outcome }: Published) => message.exchange === 'raw_data' && outcome === 'confirmed',
    'confirmed raw data',
  );
}

async function fromConfig(
  manager: MonitorsManager,
  kind: Kind,
  id: string,
  { sources }: Surroundings,
): Promise<number> {
  const strategy = strategyOf(kind);
  const { routingKey, configId, raw } = strategy.toConfig(monitorableOf(kind, id, sources))[0]!;
  const message = Buffer.from(JSON.stringify({ [configId]: raw }));
  const none = Buffer.from('{}');
  const { supervisor } = manager;
  const ms = await timed(
    () => manager.acceptMessage(strategy.family, routingKey, message),
    firstData(supervisor),
  );
  const gone = until(supervisor, ['monitor.removed'], () => true, 'the removal of a monitor');
  await manager.acceptMessage(strategy.family, routingKey, none);
  await gone;
  return ms;
}
