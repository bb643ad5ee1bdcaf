/** What a measuring process runs: the kinds measured, or a floor in their place, under one supervisor. */
import { performance } from 'node:perf_hooks';
import { createVitals, PROTOCOL_VERSION, type MonitorSpec, type StartData } from '@vedette/contract';
import type { Monitorable, MonitorStrategy } from '@vedette/contract/strategy';
import { chainlinkNodeStrategy } from '@vedette/monitors-chainlink';
import { cosmosNetworkStrategy, cosmosNodeStrategy } from '@vedette/monitors-cosmos';
import { evmNodeStrategy } from '@vedette/monitors-evm';
import { dockerhubStrategy, githubStrategy, systemStrategy } from '@vedette/monitors-general';
import { substrateNetworkStrategy, substrateNodeStrategy } from '@vedette/monitors-substrate';
import { Supervisor, ThreadHost, type Host, type SupervisorOptions } from '@vedette/supervisor';
import type { WorkerFiles } from './build.js';
import { FLOORS, type Floor, type Kind, type WorkerCase } from './kinds.js';
import { brokerAddress } from './probe-spec.js';
import type { SourceUrls } from './source-urls.js';
import { until } from './until.js';

export const STRATEGIES: readonly MonitorStrategy[] = [
  chainlinkNodeStrategy,
  systemStrategy,
  evmNodeStrategy,
  cosmosNodeStrategy,
  cosmosNetworkStrategy,
  githubStrategy,
  dockerhubStrategy,
  substrateNodeStrategy,
  substrateNetworkStrategy,
];

/** What every measuring process is given. */
export interface Surroundings {
  readonly amqpUrl: string;
  readonly sources: SourceUrls;
  readonly files: WorkerFiles;
}

/** A validator of the stand-in chain. */
export const STASH = '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5';
/** Floors do not beat, so they must not be looked at. */
const NEVER_MS = 3_600_000;

export function isFloor(name: WorkerCase): name is Floor {
  return (FLOORS as readonly string[]).includes(name);
}

export function threadHost(name: WorkerCase, files: WorkerFiles): ThreadHost {
  return new ThreadHost({
    entry: isFloor(name) ? files[name] : new URL(import.meta.resolve('@vedette/monitor/entry')),
  });
}

/** Put together as the command does it, with published messages echoed. */
export function supervisorOf(
  name: WorkerCase,
  { amqpUrl, files }: Surroundings,
  wrap: (host: Host) => Host = (host) => host,
  options: Partial<SupervisorOptions> = {},
): Supervisor {
  return new Supervisor({
    host: wrap(threadHost(name, files)),
    broker: brokerAddress(amqpUrl),
    echo: true,
    ...(isFloor(name) ? { beatMs: NEVER_MS } : {}),
    ...options,
  });
}

export function strategyOf(kind: string): MonitorStrategy {
  const strategy = STRATEGIES.find((one) => one.kind === kind);
  if (strategy === undefined) throw new RangeError(`no kind ${kind}`);
  return strategy;
}

export function monitorableOf(kind: Kind, id: string, sources: SourceUrls): Monitorable {
  const settings = {
    'chainlink-node': { prometheusUrls: [sources.chainlink], symbolLookup: false },
    system: { exporterUrl: sources.system },
    'evm-node': { url: sources.evm },
    'cosmos-node': {
      prometheusUrl: sources.cosmosPage,
      restUrl: sources.cosmosRest,
      rpcUrl: sources.cosmosRpc,
      isValidator: true,
      operatorAddress: 'cosmosvaloper1sjllsnramtg3ewxqwwrwjxfgc4n4ef9u2lcnj0',
    },
    'cosmos-network': { dataSources: [{ restUrl: sources.cosmosRest }] },
    github: { repo: `owner/${id}`, urlTemplate: sources.releases },
    dockerhub: { namespace: 'owner', name: id, urlTemplate: sources.tags },
    'substrate-network': { dataSources: [{ url: sources.substrate }] },
    'substrate-node': { url: sources.substrate, isValidator: true, stashAddress: STASH },
  }[kind];
  const baseChain = strategyOf(kind).defaultBaseChain;
  const chain = kind === 'system' ? 'general' : 'bench';
  return { kind, id, name: id, chain, baseChain, parentId: 'bench', periodMs: null, limits: {}, settings };
}

/** A floor runs with the limits of a Chainlink monitor. */
export function specOf(name: WorkerCase, id: string, sources: SourceUrls): MonitorSpec {
  const kind = isFloor(name) ? 'chainlink-node' : name;
  const { spec, refusals } = strategyOf(kind).declare(monitorableOf(kind, id, sources));
  if (spec === null) throw new Error(refusals.map(({ reason }) => reason).join('; '));
  return spec;
}

/** For a worker no supervisor starts. */
export function startDataOf({ amqpUrl }: Pick<Surroundings, 'amqpUrl'>, spec: MonitorSpec): StartData {
  return {
    version: PROTOCOL_VERSION,
    attempt: 1,
    spec,
    broker: brokerAddress(amqpUrl),
    state: null,
    vitals: createVitals(),
    slot: 0,
    beatMs: 1_000,
    firstRoundDelayMs: 0,
    reconnectSpreadMs: 0,
    echo: false,
    logLevel: 'info',
  };
}

/** Milliseconds from the call of `act` to the event that `done` waited for. */
export async function timed(act: () => unknown, done: Promise<number>): Promise<number> {
  const began = performance.now();
  const [at] = await Promise.all([done, act()]);
  return at - began;
}

export async function removeAll(supervisor: Supervisor): Promise<void> {
  const left = new Set(supervisor.snapshot().map(({ id }) => id));
  if (left.size === 0) return;
  const gone = until(
    supervisor,
    ['monitor.removed'],
    (_name, { id }: { id: string }) => {
      left.delete(id);
      return left.size === 0;
    },
    'the removal of all monitors',
  );
  supervisor.apply([]);
  await gone;
}
