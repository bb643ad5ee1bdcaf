/** Where everything would run and what that would take, before anything starts. Pure; by the rules of the live host. */
import type { HostWord, MonitorSpec, PlacementReason } from '@vedette/contract';
import { NO_DEATHS } from '../placement/demotion.js';
import { placementOf, type HostRules } from '../placement/placement-of.js';
import {
  RESOURCES,
  SHARE,
  shortageOf,
  sum,
  type Limits,
  type Numbers,
  type Resource,
  type Shortage,
} from './admit.js';
import { EMPTY_CHILD, HOST_COSTS, NOTHING, type Cost, type Sizes } from './costs.js';
import { costOf, whereToRun } from './where.js';

/** Where one monitor would run. */
export interface PlannedMonitor {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly host: HostWord;
  readonly reason: PlacementReason;
  /** Which of the host's cells, from 1; null where it has none or the monitor is refused. */
  readonly container: number | null;
  readonly memoryMb: number;
  readonly refused: Shortage | null;
}

/** What one host would hold. */
export interface PlannedHost {
  readonly host: HostWord;
  readonly monitors: number;
  readonly threads: number;
  /** Child processes. */
  readonly processes: number;
  readonly connections: number;
  readonly memoryMb: number;
}

/** One resource before and after, against its limit. */
export interface PlannedResource {
  readonly resource: Resource;
  /** Before anything starts. */
  readonly used: number;
  readonly added: number;
  readonly limit: number | null;
  /** So much of the limit is used at most; null without a limit. */
  readonly mark: number | null;
}

/** Where everything would run and what that would take. */
export interface Plan {
  readonly monitors: readonly PlannedMonitor[];
  readonly hosts: readonly PlannedHost[];
  /** Of the machine and the manager's own process. */
  readonly resources: readonly PlannedResource[];
  /** Of the fullest child process; null without any. */
  readonly fullest: Pick<Numbers, 'mappings' | 'handles'> | null;
  readonly refused: number;
}

/** What {@link planOf} plans with. */
export interface PlanGiven {
  readonly specs: readonly MonitorSpec[];
  readonly rules: HostRules;
  readonly numbers: Numbers;
  readonly limits: Limits;
  readonly sizes: Sizes;
  readonly isEmbedded: boolean;
}

interface Container {
  monitors: number;
  used: Cost;
}

interface HostSum {
  monitors: number;
  cost: Cost;
  readonly containers: Container[];
}

/** Where everything would run, by the rules of the live host. Starts nothing. */
export function planOf({ specs, rules, numbers, limits, sizes, isEmbedded }: PlanGiven): Plan {
  const hosts = new Map<HostWord, HostSum>();
  let used: Cost = numbers;
  const monitors = specs.map((spec): PlannedMonitor => {
    const { host: choice, reason } = placementOf(spec, rules, NO_DEATHS);
    const sumOf = (host: HostWord): HostSum =>
      hosts.get(host) ?? { monitors: 0, cost: NOTHING, containers: [] };
    const costOn = (host: HostWord): Cost => {
      const isFull = containerFor(host, spec, sumOf(host), sizes, limits) === undefined;
      return costOf(host, spec, isFull ? 0 : 1, sizes, isEmbedded);
    };
    const where = whereToRun(choice, costOn, used, limits);
    const { host } = where;
    const about = { id: spec.id, kind: spec.kind, name: spec.name, host, reason };
    if (where.type === 'refused') {
      return { ...about, container: null, memoryMb: 0, refused: where.shortage };
    }
    const own = sumOf(host);
    hosts.set(host, own);
    const container = enter(host, spec, own, sizes, limits);
    own.monitors += 1;
    own.cost = sum(own.cost, where.cost);
    used = sum(used, where.cost);
    return { ...about, container, memoryMb: where.cost.memoryMb, refused: null };
  });
  return {
    monitors,
    hosts: [...hosts].map(([host, one]) => plannedHost(host, one)),
    resources: RESOURCES.map((resource) => {
      const limit = limits[resource];
      const mark = limit === null ? null : limit * SHARE;
      return { resource, used: numbers[resource], added: used[resource] - numbers[resource], limit, mark };
    }),
    fullest: fullestOf(
      [...hosts].flatMap(([host, { containers }]) =>
        HOST_COSTS[host].children === 'container' ? containers : [],
      ),
    ),
    refused: monitors.filter(({ refused }) => refused !== null).length,
  };
}

/** The last one begun, if it has room; the live host fills them evenly, to the same number of them. */
function containerFor(
  host: HostWord,
  { limits: own }: MonitorSpec,
  { containers }: HostSum,
  sizes: Sizes,
  limits: Limits,
): Container | undefined {
  const { perContainer, inside } = HOST_COSTS[host];
  const last = containers.at(-1);
  if (last === undefined || last.monitors >= (perContainer(sizes) ?? Infinity)) return undefined;
  return shortageOf(last.used, limits, inside(own)) === null ? last : undefined;
}

function enter(host: HostWord, spec: MonitorSpec, own: HostSum, sizes: Sizes, limits: Limits): number | null {
  const { perContainer, inside } = HOST_COSTS[host];
  if (perContainer(sizes) === null) return null;
  let container = containerFor(host, spec, own, sizes, limits);
  if (container === undefined) {
    container = { monitors: 0, used: EMPTY_CHILD };
    own.containers.push(container);
  }
  container.monitors += 1;
  container.used = sum(container.used, inside(spec.limits));
  return own.containers.length;
}

function plannedHost(host: HostWord, { monitors, cost, containers }: HostSum): PlannedHost {
  const { children, threads } = HOST_COSTS[host];
  const processes = { container: containers.length, monitor: monitors, none: 0 }[children];
  return {
    host,
    monitors,
    threads: { container: containers.length, monitor: monitors, none: 0 }[threads],
    processes,
    connections: cost.connections,
    memoryMb: cost.memoryMb,
  };
}

function fullestOf(containers: readonly Container[]): Plan['fullest'] {
  if (containers.length === 0) return null;
  return {
    mappings: Math.max(...containers.map(({ used }) => used.mappings)),
    handles: Math.max(...containers.map(({ used }) => used.handles)),
  };
}
