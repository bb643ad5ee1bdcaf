/** Exchanges, routing keys and payloads PANIC's components speak. Source: panic-manager-contract 1, 4, 5. */
import { real, type WireObject } from './wire-json.js';

/** Every exchange is topic, durable, without arguments. */
export const EXCHANGES = {
  config: 'config',
  healthCheck: 'health_check',
  monitorable: 'monitorable',
  rawData: 'raw_data',
  /** Ours: poison config messages, with the reason in headers. */
  parking: 'vedette_parking',
} as const;

/** Routing keys that are not of a kind. */
export const ROUTING_KEYS = {
  ping: 'ping',
  managerHeartbeat: 'heartbeat.manager',
  workerHeartbeat: 'heartbeat.worker',
} as const;

/** Our own queues. */
export const QUEUES = {
  /** Holds what no manager could take, with the reason in headers. Durable; newest 10,000 kept. */
  parking: 'vedette_parking_queue',
  /** Stand-alone only: makes results routable where no transformer runs. Newest 1,000 kept. */
  results: 'vedette_results_queue',
  /** Exclusive to the connection of the one manager that is at work; tells a second one to keep off. */
  lock: 'vedette_manager_lock',
} as const;

/** Name under which the seventh heartbeat goes; PANIC stores and ignores it. */
export const MANAGER_NAME = 'Vedette Monitors Manager';

/** Epoch seconds with a fraction, always a real literal. */
export function epochSeconds(nowMs: number): ReturnType<typeof real> {
  return real(nowMs / 1000);
}

/** Exactly three keys, in this order. */
export function workerHeartbeat(componentName: string, nowMs: number): WireObject {
  return { component_name: componentName, is_alive: true, timestamp: epochSeconds(nowMs) };
}

/** Exactly four keys, in this order. */
export function managerHeartbeat(
  managerName: string,
  running: readonly string[],
  dead: readonly string[],
  nowMs: number,
): WireObject {
  return {
    component_name: managerName,
    running_processes: [...running],
    dead_processes: [...dead],
    timestamp: epochSeconds(nowMs),
  };
}

/** Complete for one manager, base chain and type: it replaces what the manager listed there before. */
export function monitorableList(
  managerName: string,
  sources: readonly {
    readonly chainId: string;
    readonly chainName: string;
    readonly sourceId: string;
    readonly sourceName: string;
  }[],
): WireObject {
  return {
    manager_name: managerName,
    sources: sources.map(({ chainId, chainName, sourceId, sourceName }) => ({
      chain_id: chainId,
      chain_name: chainName,
      source_id: sourceId,
      source_name: sourceName,
    })),
  };
}
