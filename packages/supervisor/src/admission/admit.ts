/** Whether there is room for one more. Pure: numbers in, a verdict that names the resource out. */
import { serialiseError, VedetteError, type HostWord, type SerialisedError } from '@vedette/contract';
import type { Cost } from './costs.js';

/** What can run short. */
export const RESOURCES = ['memoryMb', 'mappings', 'handles', 'connections'] as const;
/** One of {@link RESOURCES}. */
export type Resource = (typeof RESOURCES)[number];

/** What is used now. */
export type Numbers = Readonly<Record<Resource, number>>;
/** Null: no limit is known, so none is kept. */
export type Limits = Readonly<Record<Resource, number | null>>;

/** What there is too little of for one more monitor. */
export interface Shortage {
  readonly resource: Resource;
  readonly used: number;
  readonly needed: number;
  readonly limit: number;
  /** So much of the limit may be used. */
  readonly share: number;
}

/** Whether there is room. */
export type Verdict =
  | { readonly type: 'run-here' }
  /** No room here, but this host was not insisted on, and there are others. */
  | { readonly type: 'place-elsewhere'; readonly shortage: Shortage }
  | { readonly type: 'refuse'; readonly shortage: Shortage };

/** Of each limit so much is used; the rest is for what no table foresees. */
export const SHARE = 0.8;
/** One that had a place gets it back also where all have grown since: a restart must not lose it. */
export const RETURN_SHARE = 0.95;

/** `host.isLast`: the operator chose it, or nothing else is left to try. */
export function admit(
  numbers: Numbers,
  limits: Limits,
  cost: Cost,
  host: { readonly isLast: boolean },
  share: number = SHARE,
): Verdict {
  const shortage = shortageOf(numbers, limits, cost, share);
  if (shortage === null) return { type: 'run-here' };
  return { type: host.isLast ? 'refuse' : 'place-elsewhere', shortage };
}

/** The first resource that would pass its share; null if all have room. */
export function shortageOf(
  numbers: Numbers,
  limits: Limits,
  cost: Cost,
  share: number = SHARE,
): Shortage | null {
  for (const resource of RESOURCES) {
    const limit = limits[resource];
    const [used, needed] = [numbers[resource], cost[resource]];
    if (limit !== null && needed > 0 && used + needed > limit * share) {
      return { resource, used, needed, limit, share };
    }
  }
  return null;
}

export function sum(a: Cost, b: Cost): Cost {
  return {
    memoryMb: a.memoryMb + b.memoryMb,
    mappings: a.mappings + b.mappings,
    handles: a.handles + b.handles,
    connections: a.connections + b.connections,
  };
}

const NAMES: Readonly<Record<Resource, readonly [name: string, remedy: string]>> = {
  memoryMb: ['MiB of memory', 'give the machine or the container more memory, or raise --max-memory'],
  mappings: ['memory mappings of a process', 'raise the sysctl vm.max_map_count, or use --host cell'],
  handles: ['open files of a process', 'raise the limit of open files (ulimit -n), or use smaller cells'],
  connections: ['broker connections', "raise the broker's limit and --max-connections"],
};

/** A resource in words. */
export function resourceName(resource: Resource): string {
  return NAMES[resource][0];
}

/** What to do about a shortage, in words. */
export function remedyOf({ resource }: Pick<Shortage, 'resource'>): string {
  return NAMES[resource][1];
}

/** `thread: 410 of 500 MiB of memory are used, 9 more are needed and ${round(share * 100)} % is the mark`. */
export function shortageText(host: HostWord, { resource, used, needed, limit, share }: Shortage): string {
  const [name] = NAMES[resource];
  return `${host}: ${round(used)} of ${round(limit)} ${name} are used, ${round(needed)} more are needed and ${round(share * 100)} % is the mark`;
}

export function refusedError(id: string, host: HostWord, shortage: Shortage): SerialisedError {
  const { resource, used, needed, limit } = shortage;
  const text = `${id} has no room on host ${shortageText(host, shortage)}; ${remedyOf(shortage)}`;
  const details = {
    id,
    host,
    resource,
    used: round(used),
    needed: round(needed),
    limit: round(limit),
    remedy: remedyOf(shortage),
  };
  return serialiseError(new VedetteError('ADMISSION_REFUSED', text, { details }));
}

function round(value: number): number {
  return Math.round(value);
}
